import * as vscode from 'vscode';
import { DataFinder } from '../commands/dataFinder';
import type { Services } from '../services';
import { whyStale } from '../staleness';
import { findRuns } from '../views/runNodes';
import { findModels, workspaceRoots } from '../workspaceFiles';
import { analyzeTool } from './analyzeTool';
import { answeringTool, type Answering } from './answeringTool';
import type { ToolWorkspace } from './answers/toolWorkspace';
import { compareTool } from './compareTool';
import { deleteUnitsTool } from './deleteUnitsTool';
import { listModelsTool } from './listModelsTool';
import { unitDetailsTool } from './unitDetailsTool';

/** Registers the tools for language models that the manifest names; each is made when it is first called. */
export function registerTools(services: Services): vscode.Disposable {
  const { engine, studies, log } = services;
  const workspace: ToolWorkspace = {
    get roots() {
      return workspaceRoots();
    },
    models: async () => (await findModels()).map(({ fsPath }) => fsPath),
    runs: () => findRuns(studies),
    request: (method, params, options) => engine.process.request(method, params, options),
    stale: whyStale,
  };
  const finder = new DataFinder(engine.process);
  const tools: Readonly<Record<string, Answering>> = {
    listModels: listModelsTool(workspace, finder),
    analyze: analyzeTool(services, workspace),
    unitDetails: unitDetailsTool(workspace),
    deleteUnits: deleteUnitsTool(workspace),
    compare: compareTool(workspace),
  };
  const registered = Object.entries(tools).map(([name, tool]) =>
    vscode.lm.registerTool(`neuron-deletion_${name}`, answeringTool(tool, log)),
  );
  return vscode.Disposable.from(...registered);
}

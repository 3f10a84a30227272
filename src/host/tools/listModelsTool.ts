import * as vscode from 'vscode';
import type { DataCandidate } from '../../protocol/study';
import type { DataFinder } from '../commands/dataFinder';
import type { Answering } from './answeringTool';
import type { ToolWorkspace } from './answers/toolWorkspace';

/** The search for data ends after this long, milliseconds, with what it has found. */
const PATIENCE = 10_000;

/** Lists the models of the workspace and their runs; of one model also its sites and the data that fits it. */
export function listModelsTool(workspace: ToolWorkspace, finder: DataFinder): Answering {
  return {
    message: () => vscode.l10n.t('Looking for models and their runs'),
    answer: async (input, signal) => {
      const { modelList } = await import('./answers/modelList');
      return modelList(input, workspace, async (path, reading) => {
        let found: readonly DataCandidate[] = [];
        const enough = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
        await finder.search({ path, reading }, (candidates) => (found = candidates), enough);
        return found;
      });
    },
  };
}

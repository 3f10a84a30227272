import * as vscode from 'vscode';
import type { Answering } from './answeringTool';
import type { ToolWorkspace } from './answers/toolWorkspace';

/** Measures the network with some neurons deleted together; changes no file. */
export function deleteUnitsTool(workspace: ToolWorkspace): Answering {
  return {
    message: () => vscode.l10n.t('Measuring the network without some of its neurons'),
    answer: async (input, signal) => (await import('./answers/deletion')).deletion(input, workspace, signal),
  };
}

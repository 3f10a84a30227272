import * as vscode from 'vscode';
import { shownInput, type Answering } from './answeringTool';
import type { ToolWorkspace } from './answers/toolWorkspace';

/** Lays two networks side by side, from runs that there are. */
export function compareTool(workspace: ToolWorkspace): Answering {
  return {
    message: (input) =>
      vscode.l10n.t('Comparing {0} with {1}', shownInput(input, 'first'), shownInput(input, 'second')),
    answer: async (input) => (await import('./answers/comparison')).comparison(input, workspace),
  };
}

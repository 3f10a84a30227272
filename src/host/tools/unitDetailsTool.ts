import * as vscode from 'vscode';
import type { Answering } from './answeringTool';
import type { ToolWorkspace } from './answers/toolWorkspace';

/** Measures of neurons: some by their numbers, those that carry a class, or the most important ones. */
export function unitDetailsTool(workspace: ToolWorkspace): Answering {
  return {
    message: () => vscode.l10n.t('Looking up what was measured of neurons'),
    answer: async (input) => (await import('./answers/unitFigures')).unitFigures(input, workspace),
  };
}

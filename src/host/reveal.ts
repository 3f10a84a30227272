import * as vscode from 'vscode';

/** Can a file be shown where it is: by the system, or in the explorer of a window that has no system at hand? */
export function canReveal(file: vscode.Uri): boolean {
  return hasSystem() || vscode.workspace.getWorkspaceFolder(file) !== undefined;
}

/** Shows a file where it is. */
export async function reveal(file: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand(hasSystem() ? 'revealFileInOS' : 'revealInExplorer', file);
}

/** The files are on the machine at which the user sits. */
function hasSystem(): boolean {
  return vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined;
}

import * as vscode from 'vscode';

/** A row's tooltip: a title, and facts on a line each. Nothing that comes from a file is taken for markdown. */
export function factsTooltip(
  title: string,
  facts: readonly (readonly [name: string, value: string])[],
): vscode.MarkdownString {
  const text = new vscode.MarkdownString('**').appendText(title).appendMarkdown('**\n\n');
  for (const [name, value] of facts) {
    text.appendText(`${name}: `).appendText(value).appendMarkdown('  \n');
  }
  return text;
}

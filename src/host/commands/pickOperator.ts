import * as vscode from 'vscode';
import { OPERATORS, type Operator } from '../../protocol/study';

/** What an operator clamps to, for people. */
function operatorName(operator: Operator): string {
  switch (operator) {
    case 'zero':
      return vscode.l10n.t('0, as if it never fired');
    case 'mean':
      return vscode.l10n.t('its mean over the data');
    case 'resample':
      return vscode.l10n.t('its activation on another sample');
    case 'optimal':
      return vscode.l10n.t('the constant with the least loss');
  }
}

/** The operator of a study that says nothing of it, from the settings. */
export function defaultOperator(model: string): Operator {
  const settings = vscode.workspace.getConfiguration('neuronDeletion', vscode.Uri.file(model));
  const chosen = settings.get<string>('operator');
  return OPERATORS.find((operator) => operator === chosen) ?? 'zero';
}

/** Asks what a deleted neuron's activation is clamped to. */
export async function pickOperator(now: Operator): Promise<Operator | undefined> {
  const items = OPERATORS.map((operator) => ({
    label: `${operator === now ? '$(check) ' : ''}${operator}`,
    description: operatorName(operator),
    operator,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('What a Deleted Neuron Is Clamped To'),
    matchOnDescription: true,
  });
  return picked?.operator;
}

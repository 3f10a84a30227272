import * as vscode from 'vscode';
import type { RunRecord } from '../../protocol/run';
import { SCALES, type Scale, type StudySpec } from '../../protocol/study';

/** How a scaling is called on screen. */
export function scaleName(scale: StudySpec['scale']): string {
  switch (scale) {
    case 'auto':
      return vscode.l10n.t('automatic');
    case 'none':
      return vscode.l10n.t('none');
    case '0..1':
      return vscode.l10n.t('0 … 1 (divided by 255)');
    case '-1..1':
      return vscode.l10n.t('−1 … 1 (divided by 127.5, minus 1)');
  }
}

/**
 * Asks how stored values become the network's inputs.
 * @param trials how each did on this model and data, where that is known
 */
export async function pickScale(
  now: StudySpec['scale'],
  trials: RunRecord['preprocessing']['candidates'] = [],
): Promise<StudySpec['scale'] | undefined> {
  const items = (['auto', ...SCALES] as const).map((scale: 'auto' | Scale) => {
    const trial = trials.find((one) => one.scale === scale);
    const description =
      trial && vscode.l10n.t('{0} % of {1} samples right', (100 * trial.accuracy).toFixed(1), trial.samples);
    return {
      label: `${scale === now ? '$(check) ' : ''}${scaleName(scale)}`,
      ...(description === undefined ? {} : { description }),
      scale,
    };
  });
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Scaling of the Inputs'),
    placeHolder: vscode.l10n.t('Automatic takes the one under which the model is right most often'),
  });
  return picked?.scale;
}

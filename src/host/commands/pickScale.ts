import * as vscode from 'vscode';
import { scaleFormula, scaleParts } from '../../protocol/scale';
import type { RunRecord } from '../../protocol/run';
import { SCALES, type Scale, type StudySpec } from '../../protocol/study';
import { decimals } from '../numberText';

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
    default:
      return `${scale} (${scaleFormula(scale)})`;
  }
}

interface ScaleItem extends vscode.QuickPickItem {
  /** Null: shows the others. */
  readonly scale?: StudySpec['scale'] | null;
}

/** What is offered at once where nothing was tried yet. */
const PLAIN: readonly Scale[] = ['none', '0..1', '-1..1'];

/**
 * Asks how stored values become the network's inputs: first what was tried, the others on request.
 * @param trials how each did on this model and data, where that is known
 */
export async function pickScale(
  now: StudySpec['scale'],
  trials: RunRecord['preprocessing']['candidates'] = [],
): Promise<StudySpec['scale'] | undefined> {
  const item = (scale: StudySpec['scale']): ScaleItem => {
    const trial = trials.find((one) => one.scale === scale);
    const description =
      trial && vscode.l10n.t('{0} % of {1} samples right', decimals(100 * trial.accuracy, 1), trial.samples);
    return {
      label: `${scale === now ? '$(check) ' : ''}${scaleName(scale)}`,
      ...(description === undefined ? {} : { description }),
      scale,
    };
  };
  const first = [
    ...new Set<Scale>([...(trials.length === 0 ? PLAIN : trials.map((trial) => trial.scale)), ...only(now)]),
  ];
  const others: ScaleItem = { label: vscode.l10n.t('Others…'), scale: null };
  const picked = await ask([item('auto'), ...first.map(item), others]);
  if (picked?.scale !== null) return picked?.scale;
  const left = SCALES.filter((scale) => !first.includes(scale));
  const stored = (range: '0..1' | '-1..1' | null): ScaleItem[] =>
    left.filter((scale) => scaleParts(scale).stored === range).map(item);
  const answer = await ask([
    ...stored(null),
    ...under(vscode.l10n.t('values stored as 0 … 1'), stored('0..1')),
    ...under(vscode.l10n.t('values stored as −1 … 1'), stored('-1..1')),
  ]);
  return answer?.scale ?? undefined;
}

function only(scale: StudySpec['scale']): readonly Scale[] {
  return scale === 'auto' ? [] : [scale];
}

function ask(items: readonly ScaleItem[]): Thenable<ScaleItem | undefined> {
  return vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Scaling of the Inputs'),
    placeHolder: vscode.l10n.t('Automatic takes the one under which the model is right most often'),
  });
}

/** Items below a line with a title. */
function under(title: string, items: readonly ScaleItem[]): ScaleItem[] {
  return [{ label: title, kind: vscode.QuickPickItemKind.Separator }, ...items];
}

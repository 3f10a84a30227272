import { t } from '@vscode/l10n';
import type { Verdict } from '../../src/protocol/compare';
import type { ComparedLine } from '../../src/protocol/compareState';
import { meanAndDeviation } from '../../src/protocol/meanCurves';
import { fixed } from '../shared/format';

/** A verdict in words. */
export interface VerdictText {
  readonly text: string;
  /** What it does not say; empty where it says nothing. */
  readonly limits: string;
}

/**
 * What a comparison comes to, in the language of the page; in English it is the verdict's own text, but for the quotation marks.
 * @param models all that it is about
 */
export function verdictText(verdict: Verdict, models: readonly ComparedLine[]): VerdictText {
  const { kind, evidence } = verdict;
  const limits = t(
    'This is a comparison of these files on this data, not a proof: width, depth and training move the curve, too.',
  );
  if (kind === 'unknown' || evidence === null) return { text: atChance(models), limits: '' };
  const of = (name: string): ComparedLine | undefined => models.find(({ model }) => model === name);
  const [weakest, strongest] = [of(evidence.weakest), of(evidence.strongest)];
  if (weakest === undefined || strongest === undefined) return { text: verdict.text, limits: '' };
  const figures = t(
    'relative area under the curve {0} against {1}, difference {2}, 95 % {3} to {4} over the orderings',
    areaText(weakest),
    areaText(strongest),
    fixed(evidence.value, 2),
    fixed(evidence.low, 2),
    fixed(evidence.high, 2),
  );
  if (kind === 'none') {
    const names = listed(models.map(({ model }) => quoted(model)).toSorted());
    return { text: t('No difference: {0} withstand deletion alike ({1}).', names, figures), limits };
  }
  const between = models
    .filter((model) => model !== weakest && model !== strongest)
    .toSorted((a, b) => (a.auc_relative ?? NaN) - (b.auc_relative ?? NaN) || (a.model < b.model ? -1 : 1))
    .map(({ model }) => quoted(model));
  const text = t(
    '{0}, {1} ({2}): {3} leans on single directions more, the way memorising networks do.',
    halfText(weakest),
    halfText(strongest),
    figures,
    quoted(weakest.model),
  );
  const others = between.length === 0 ? '' : ` ${t('Between them, the weaker first: {0}.', listed(between))}`;
  return { text: text + others, limits };
}

/** The step from which on the robustness of checkpoints falls, in words. */
export function fallsText(falls: number | null): string {
  return falls === null
    ? t('Robustness does not fall over these checkpoints.')
    : t('Robustness is highest at step {0} and falls after it.', String(falls));
}

function atChance(models: readonly ComparedLine[]): string {
  const lost = models.filter(({ orderings }) => orderings.length < 2).map(({ model }) => quoted(model));
  const names = listed(lost.toSorted());
  return lost.length === 1
    ? t(
        '{0} is no better than chance on this data, so that nothing can be said of what deletion does to it. Give the labels that the model was trained on.',
        names,
      )
    : t(
        '{0} are no better than chance on this data, so that nothing can be said of what deletion does to it. Give the labels that the model was trained on.',
        names,
      );
}

function halfText({ model, half_fraction }: ComparedLine): string {
  return half_fraction !== null
    ? t(
        '{0} is half way down to chance after {1} % of its units',
        quoted(model),
        fixed(100 * half_fraction, 0),
      )
    : t('{0} never falls half way to chance', quoted(model));
}

function areaText({ orderings }: ComparedLine): string {
  const { mean, deviation } = meanAndDeviation(orderings);
  return `${fixed(mean, 2)} ± ${fixed(deviation ?? NaN, 2)}`;
}

function quoted(name: string): string {
  return t('“{0}”', name);
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join() : t('{0} and {1}', names.slice(0, -1).join(', '), names.at(-1)!);
}

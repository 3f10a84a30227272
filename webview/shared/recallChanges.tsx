import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import type { Evaluation } from '../../src/protocol/run';
import { className, fixed, percent } from './format';

/** Classes named; the others changed less. */
const SHOWN = 3;

/** Changes of recall below this are not seen in the figures. */
const LEAST = 0.0005;

/** The classes whose recall a deletion changes most, the most changed first; nothing where none changes. */
export function RecallChanges({
  evaluation,
  classes,
}: {
  readonly evaluation: Evaluation;
  readonly classes: readonly string[];
}): VNode | null {
  const changes = mostChanged(evaluation).slice(0, SHOWN);
  if (changes.length === 0) return null;
  return (
    <span class="recalls">
      <span class="quiet">{t('Recall')}</span>
      {changes.map(({ index, before, after }) => (
        <span key={index} class="recall">
          <span class="recall-class">{className(classes, index)}</span>
          {`: ${fixed(before * 100, 1)} `}
          <span class="codicon codicon-arrow-right" aria-label={t('becomes')} role="img" />
          {` ${percent(after, 1)}`}
        </span>
      ))}
    </span>
  );
}

interface RecallChange {
  readonly index: number;
  readonly before: number;
  readonly after: number;
}

function mostChanged({ recalls, before }: Evaluation): readonly RecallChange[] {
  return recalls
    .flatMap((after, index) => {
      const earlier = before.recalls[index] ?? null;
      return after === null || earlier === null ? [] : [{ index, before: earlier, after }];
    })
    .filter((change) => Math.abs(change.after - change.before) >= LEAST)
    .sort((p, q) => Math.abs(q.after - q.before) - Math.abs(p.after - p.before));
}

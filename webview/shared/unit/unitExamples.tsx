import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import type { UnitExample } from '../../../src/protocol/details';
import { activation, className, count } from '../format';
import { SampleInputPicture } from '../sampleInput';
import type { UnitPageView } from './unitActions';

/** Samples on which a unit is at its most or least active. */
export function UnitExamples({
  examples,
  classes,
  size,
  label,
  view,
}: {
  readonly examples: readonly UnitExample[];
  readonly classes: readonly string[];
  /** Side of a picture, CSS pixels. */
  readonly size: number;
  readonly label: string;
  readonly view: UnitPageView;
}): VNode {
  if (examples.length === 0) return <p class="quiet">{t('There are no samples to show.')}</p>;
  return (
    <ul class="examples" aria-label={label} style={{ '--side': `${size}px` }}>
      {examples.map((example) => {
        const wrong = example.predicted !== example.label;
        const name = className(classes, example.label);
        const taken = className(classes, example.predicted);
        const said = wrong ? t('{0}, taken for {1}', name, taken) : name;
        return (
          <li
            key={example.index}
            data-sample-index={example.index}
            title={t(
              'Sample {0}: {1}, activation {2}',
              count(example.index),
              said,
              activation(example.activation),
            )}
          >
            <SampleInputPicture
              input={example.input}
              size={size}
              label={t('Sample {0}, {1}', count(example.index), said)}
              theme={view.theme.value}
              ratio={view.ratio.value}
            />
            <span class="example-class">
              {name}
              {wrong && <span class="example-wrong"> → {taken}</span>}
            </span>
            <span class="example-activation quiet">{activation(example.activation)}</span>
          </li>
        );
      })}
    </ul>
  );
}

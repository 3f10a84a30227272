import type { Signal } from '@preact/signals';
import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import { Dropdown } from '../../../shared/controls';
import type { From, Measure, PlotChoices, Spread } from './plotLine';

/** What both plots let a user choose: the measure, how the spread is shown, and where the axis begins. */
export function PlotOptions<Choices extends PlotChoices>({
  choices,
  repeated,
}: {
  readonly choices: Signal<Choices>;
  /** Some line is a mean of several. */
  readonly repeated: boolean;
}): VNode {
  const { measure, spread, from } = choices.value;
  const change = (part: Partial<PlotChoices>): void => void (choices.value = { ...choices.peek(), ...part });
  return (
    <>
      <Dropdown<Measure>
        label={t('Show')}
        value={measure}
        options={[
          { id: 'accuracy', label: t('Accuracy') },
          { id: 'loss', label: t('Loss') },
        ]}
        onChange={(id) => change({ measure: id })}
      />
      {repeated && (
        <Dropdown<Spread>
          label={t('Spread')}
          value={spread}
          options={[
            { id: 'band', label: t('Band of ± 1 sd') },
            { id: 'repeats', label: t('Each repeat') },
            { id: 'none', label: t('None') },
          ]}
          onChange={(id) => change({ spread: id })}
        />
      )}
      {measure === 'accuracy' && (
        <Dropdown<From>
          label={t('Axis from')}
          value={from}
          options={[
            { id: 'zero', label: t('0') },
            { id: 'chance', label: t('Chance') },
          ]}
          onChange={(id) => change({ from: id })}
        />
      )}
    </>
  );
}

import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type { RunRecord } from '../../../src/protocol/run';
import { Button, Checkbox, Dropdown, TextField } from '../../shared/controls';
import { keptSignal } from '../../shared/keptSignal';
import type { ViewProps } from '../viewProps';
import { RANKINGS, randomUnits, rankedUnits, unitsOfClass, type Ranking } from './chooseUnits';
import { Popover } from './popover';

/** Which units are chosen: so many by a measure, so many at random, or all that prefer a class. */
type Which = 'least' | 'most' | 'random' | 'class';

/** What the user has set; kept. */
interface Choosing {
  readonly which: Which;
  /** As it was typed. */
  readonly count: string;
  readonly by: Ranking;
  readonly seed: number;
  readonly label: number;
  /** Names of sites; none: all. */
  readonly sites: readonly string[];
}

const INITIAL: Choosing = { which: 'least', count: '10', by: 'accuracy_drop', seed: 1, label: 0, sites: [] };

/** Deletes neurons that are chosen by what they do, not one by one. */
export function Chooser({ view, record }: { readonly view: ViewProps; readonly record: RunRecord }): VNode {
  const { store, host, actions } = view;
  const kept = useMemo(() => keptSignal<Choosing>(host, 'choose', INITIAL), [host]);
  const set = (change: Partial<Choosing>): void => void (kept.value = { ...kept.peek(), ...change });
  const chosen = kept.value;
  const { which, by } = chosen;
  const label = Math.min(chosen.label, record.classes.length - 1);
  const count = Number(chosen.count);
  const valid = which === 'class' || (Number.isInteger(count) && count >= 1);
  const apply = (seed: number): void => {
    const table = store.table.peek()?.table;
    if (table === undefined || !valid) return;
    const names = new Set(chosen.sites);
    const all = store.units.peek();
    const candidates = names.size === 0 ? all : all.filter(({ site }) => names.has(site));
    if (which === 'random') actions.setDeletion(randomUnits(candidates, count, seed));
    else if (which === 'class') actions.setDeletion(unitsOfClass(table, candidates, label));
    else actions.setDeletion(rankedUnits(table, candidates, { by, which, count }));
  };
  const another = (): void => {
    set({ seed: chosen.seed + 1 });
    apply(chosen.seed + 1);
  };
  const step = (by: number): void => set({ count: String(Math.max(1, (valid ? count : 0) + by)) });
  return (
    <div class="chooser" role="group" aria-label={t('Delete neurons by what they do')}>
      <Dropdown<Which>
        label={t('Choose')}
        value={which}
        options={[
          { id: 'least', label: t('The least') },
          { id: 'most', label: t('The most') },
          { id: 'random', label: t('At random') },
          { id: 'class', label: t('Only those of a class') },
        ]}
        onChange={(id) => set({ which: id })}
      />
      {(which === 'least' || which === 'most') && (
        <Dropdown<Ranking>
          label={t('by')}
          value={by}
          options={RANKINGS.map((id) => ({ id, label: rankingName(id) }))}
          onChange={(id) => set({ by: id })}
        />
      )}
      {which === 'class' && (
        <Dropdown<string>
          label={t('most active on')}
          value={String(label)}
          options={record.classes.map((name, c) => ({ id: String(c), label: name }))}
          onChange={(id) => set({ label: Number(id) })}
        />
      )}
      {which !== 'class' && (
        <span
          class="labelled"
          onKeyDown={(event) => {
            if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
            step(event.key === 'ArrowUp' ? 1 : -1);
            event.preventDefault();
          }}
        >
          <span class="labelled-text">{t('Neurons')}</span>
          <TextField
            class={`number-field${valid ? '' : ' invalid'}`}
            label={t('How many neurons')}
            value={chosen.count}
            onInput={(text) => set({ count: text.trim() })}
            onEnter={() => apply(chosen.seed)}
          />
        </span>
      )}
      {record.sites.length > 1 && (
        <Sites record={record} chosen={chosen.sites} onChange={(sites) => set({ sites })} />
      )}
      <Button
        primary
        disabled={!valid}
        title={t('These are deleted and no others; Undo brings back what was.')}
        onClick={() => apply(chosen.seed)}
      >
        {t('Delete These')}
      </Button>
      {which === 'random' && (
        <Button
          icon="refresh"
          disabled={!valid}
          title={t('Other neurons, drawn with the next seed; this is seed {0}', chosen.seed)}
          onClick={another}
        >
          {t('Another')}
        </Button>
      )}
    </div>
  );
}

/** Among which sites units are chosen. */
function Sites({
  record,
  chosen,
  onChange,
}: {
  readonly record: RunRecord;
  readonly chosen: readonly string[];
  readonly onChange: (sites: readonly string[]) => void;
}): VNode {
  const names = record.sites.map(({ name }) => name);
  const some = names.filter((name) => chosen.includes(name));
  const text =
    some.length === 0 ? t('All sites') : some.length === 1 ? some[0]! : t('{0} sites', some.length);
  return (
    <Popover icon="layers" text={text} label={t('Sites to choose from')}>
      <ul class="site-list">
        <li>
          <Checkbox checked={some.length === 0} onToggle={() => onChange([])}>
            {t('All sites')}
          </Checkbox>
        </li>
        {names.map((name) => (
          <li key={name}>
            <Checkbox
              checked={some.includes(name)}
              onToggle={(on) => onChange(names.filter((one) => (one === name ? on : some.includes(one))))}
            >
              {name}
            </Checkbox>
          </li>
        ))}
      </ul>
    </Popover>
  );
}

function rankingName(ranking: Ranking): string {
  return {
    accuracy_drop: t('importance'),
    loss_increase: t('loss increase'),
    selectivity: t('selectivity'),
    mutual_information_corrected: t('mutual information'),
    l1_norm: t('L1 norm'),
    first_order: t('first-order estimate'),
  }[ranking];
}

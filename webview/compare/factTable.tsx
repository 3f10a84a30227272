import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import type { Runs } from './compareView';
import { factGroups, type Fact } from './facts';

/** The figures of all runs beside each other; of two, with their differences. */
export function FactTable({ runs }: { readonly runs: Runs }): VNode {
  const two = runs.length === 2;
  const table = (
    <table class={`compare-facts${two ? '' : ' compare-many'}`} style={{ '--runs': runs.length }}>
      <thead>
        <tr>
          <th scope="col">
            <span class="unseen">{t('Figure')}</span>
          </th>
          {runs.map((run) => (
            <th key={run.directory} scope="col" class="compare-value">
              {run.title}
            </th>
          ))}
          {two && (
            <th scope="col" class="compare-value" title={t('The second run’s figure less the first’s.')}>
              {t('Difference')}
            </th>
          )}
        </tr>
      </thead>
      {factGroups(runs).map(({ id, title, facts }) => (
        <tbody key={id}>
          <tr class="compare-group">
            <th scope="rowgroup" colSpan={runs.length + (two ? 2 : 1)}>
              {title}
            </th>
          </tr>
          {facts.map((fact) => (
            <Row key={fact.id} fact={fact} runs={runs} />
          ))}
        </tbody>
      ))}
    </table>
  );
  if (two) return table;
  return (
    <div class="compare-many-frame" role="region" aria-label={t('Figures of all')} tabIndex={0}>
      {table}
    </div>
  );
}

function Row({ fact, runs }: { readonly fact: Fact; readonly runs: Runs }): VNode {
  const { id, label, title, values, difference } = fact;
  return (
    <tr data-fact={id}>
      <th scope="row" title={title}>
        {label}
      </th>
      {values.map((value, i) => (
        <td key={i} class="compare-value" data-run={runs[i]?.title}>
          {value}
        </td>
      ))}
      {difference !== null && <td class="compare-value compare-difference">{difference}</td>}
    </tr>
  );
}

import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import type { Pair } from './compareView';
import { factGroups, type Fact } from './facts';

/** The figures of both runs beside each other, with their differences. */
export function FactTable({ pair }: { readonly pair: Pair }): VNode {
  return (
    <table class="compare-facts">
      <thead>
        <tr>
          <th scope="col">
            <span class="unseen">{t('Figure')}</span>
          </th>
          {pair.map((run) => (
            <th key={run.directory} scope="col" class="compare-value">
              {run.title}
            </th>
          ))}
          <th scope="col" class="compare-value" title={t('The second run’s figure less the first’s.')}>
            {t('Difference')}
          </th>
        </tr>
      </thead>
      {factGroups(pair).map(({ id, title, facts }) => (
        <tbody key={id}>
          <tr class="compare-group">
            <th scope="rowgroup" colSpan={4}>
              {title}
            </th>
          </tr>
          {facts.map((fact) => (
            <Row key={fact.id} fact={fact} pair={pair} />
          ))}
        </tbody>
      ))}
    </table>
  );
}

function Row({ fact, pair }: { readonly fact: Fact; readonly pair: Pair }): VNode {
  const { id, label, title, values, difference } = fact;
  return (
    <tr data-fact={id}>
      <th scope="row" title={title}>
        {label}
      </th>
      {values.map((value, i) => (
        <td key={i} class="compare-value" data-run={pair[i]?.title}>
          {value}
        </td>
      ))}
      <td class="compare-value compare-difference">{difference}</td>
    </tr>
  );
}

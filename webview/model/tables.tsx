import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import type { LayerInfo, SiteInfo } from '../../src/protocol/study';
import { count, NONE } from '../shared/format';
import { shapeText } from './facts';

/** Rows of a table; what more a model has is only counted. */
const MOST_ROWS = 2000;

/** Where neurons are deleted. */
export function SiteTable({ sites }: { readonly sites: readonly SiteInfo[] }): VNode {
  return (
    <Table heads={[t('Site'), t('Neurons'), t('Kind'), t('Output')]} numbers={[1]} rows={sites.length}>
      {sites.slice(0, MOST_ROWS).map(({ name, units, kind, shape }) => (
        <tr key={name}>
          <th scope="row">{name}</th>
          <td class="number">{count(units)}</td>
          <td>{kind}</td>
          <td class="shape">{shapeText(shape)}</td>
        </tr>
      ))}
    </Table>
  );
}

/** All layers; of what a description alone tells, only what they are. */
export function LayerTable({ layers }: { readonly layers: readonly LayerInfo[] }): VNode {
  const isKnown = layers.some(({ shape }) => shape !== null);
  const heads = [t('Layer'), t('Type'), ...(isKnown ? [t('Output'), t('Parameters')] : [])];
  return (
    <Table heads={heads} numbers={[3]} rows={layers.length}>
      {layers.slice(0, MOST_ROWS).map(({ name, type, shape, parameters }, index) => (
        <tr key={index}>
          <th scope="row">{name}</th>
          <td class="type">{type}</td>
          {isKnown && <td class="shape">{shape === null ? NONE : shapeText(shape)}</td>}
          {isKnown && <td class="number">{parameters === null ? NONE : count(parameters)}</td>}
        </tr>
      ))}
    </Table>
  );
}

/**
 * @param numbers columns whose cells stand to the right
 * @param rows how many there are, shown or not
 */
function Table({
  heads,
  numbers,
  rows,
  children,
}: {
  readonly heads: readonly string[];
  readonly numbers: readonly number[];
  readonly rows: number;
  readonly children: VNode[];
}): VNode {
  return (
    <>
      <table>
        <thead>
          <tr>
            {heads.map((head, column) => (
              <th key={head} scope="col" class={numbers.includes(column) ? 'number' : ''}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
      {rows > MOST_ROWS && <p class="quiet">{t('and {0} more', count(rows - MOST_ROWS))}</p>}
    </>
  );
}

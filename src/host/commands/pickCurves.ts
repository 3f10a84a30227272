import * as vscode from 'vscode';
import { DIRECTIONS, ORDERS, type CurveOptions, type Order } from '../../protocol/curves';
import type { RunRecord } from '../../protocol/run';
import type { CurveEntry } from '../curveRuns';
import type { Services } from '../services';
import type { DataFinder } from './dataFinder';
import { pickData } from './pickData';

/** What is measured unless someone chooses. */
export const USUAL: CurveOptions = {
  orders: ['random', 'importance', 'selectivity'],
  directions: DIRECTIONS,
  orderings: 10,
  points: 20,
  each: false,
  train: null,
};

/**
 * Asks which curves to measure on the model and data of a run.
 * @param unfinished runs of curves of the same study that can be gone on with
 */
export async function pickCurves(
  services: Services,
  finder: DataFinder,
  record: RunRecord,
  unfinished: readonly CurveEntry[],
): Promise<CurveOptions | undefined> {
  const { l10n } = vscode;
  const usual = {
    label: l10n.t('$(graph-line) Usual'),
    description: orderList(USUAL.orders),
    detail: l10n.t('All sites together, 10 random orderings, ranked orders in both directions'),
    options: USUAL,
  };
  const other = {
    label: l10n.t('$(settings) Choose…'),
    description: l10n.t('orders, sites, training data'),
    options: null,
  };
  const going = unfinished.flatMap(({ record: { curves } }) =>
    curves === undefined
      ? []
      : [
          {
            label: l10n.t('$(debug-continue) Continue'),
            description: orderList(curves.options.orders),
            detail: l10n.t('Goes on where the measuring was stopped'),
            options: curves.options,
          },
        ],
  );
  const chosen = await vscode.window.showQuickPick([...going, usual, other], {
    title: l10n.t('Curves to Measure'),
  });
  return chosen?.options === null ? pickEach(services, finder, record) : chosen?.options;
}

interface ChoiceItem extends vscode.QuickPickItem {
  readonly order?: Order;
  readonly what?: 'each' | 'train';
}

async function pickEach(
  { engine }: Services,
  finder: DataFinder,
  record: RunRecord,
): Promise<CurveOptions | undefined> {
  const { l10n } = vscode;
  const separator = (label: string): ChoiceItem => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const orders = ORDERS.map((order): ChoiceItem => ({
    label: orderName(order),
    picked: USUAL.orders.includes(order),
    order,
    ...(order === 'greedy' ? { description: l10n.t('slow: measures all neurons anew at every point') } : {}),
  }));
  const chosen = await vscode.window.showQuickPick<ChoiceItem>(
    [
      separator(l10n.t('Orders')),
      ...orders,
      separator(l10n.t('Sites')),
      { label: l10n.t('Each site by itself, not all together'), what: 'each' },
      separator(l10n.t('Data')),
      { label: l10n.t('Also on the training data'), description: l10n.t('chosen next'), what: 'train' },
    ],
    { title: l10n.t('What to Measure'), canPickMany: true },
  );
  const picked = chosen?.flatMap(({ order }) => order ?? []) ?? [];
  if (chosen === undefined || picked.length === 0) return undefined;
  const options = { ...USUAL, orders: picked, each: chosen.some(({ what }) => what === 'each') };
  if (!chosen.some(({ what }) => what === 'train')) return options;
  const { model } = record.spec;
  const train = await pickData(model, engine.process.request('inspectModel', { path: model }), null, finder);
  if (train === undefined) return undefined;
  const { data, labels } = train;
  return { ...options, train: { data, ...(labels === undefined ? {} : { labels }) } };
}

function orderList(orders: readonly Order[]): string {
  return orders.map(orderName).join(', ');
}

function orderName(order: Order): string {
  const { l10n } = vscode;
  return {
    random: l10n.t('random'),
    importance: l10n.t('importance'),
    selectivity: l10n.t('selectivity'),
    l1: l10n.t('L1 norm'),
    first_order: l10n.t('first-order estimate'),
    mutual_information: l10n.t('mutual information'),
    greedy: l10n.t('greedy search'),
  }[order];
}

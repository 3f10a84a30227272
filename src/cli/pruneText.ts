import type { PrunedSite, PruneReport, PruneStep } from '../protocol/prune';
import { unitsText } from './deleteFlags';
import { count, decimals, percent, plural, points, wrap } from './figures';
import { textTable, type TableColumn } from './table';

const left = (head: string): TableColumn => ({ head, align: 'left' });
const right = (head: string): TableColumn => ({ head, align: 'right' });

/**
 * What became of a model that was saved without some neurons, for people.
 * @param steps of the search; empty where the neurons were given
 */
export function pruneText(report: PruneReport, steps: readonly PruneStep[], file: string): string {
  return [
    `Model     ${report.model}`,
    `Saved     ${file}, a TensorFlow.js layers model`,
    '',
    comparison(report),
    '',
    wrap(
      `The saved model gives the outputs of the network with these neurons deleted (operator ${report.operator}): ` +
        `they differ by ${report.max_output_difference.toExponential(1)} at most.`,
    ),
    '',
    ...report.sites.flatMap((site) => [wrap(siteText(site), '  ')]),
    '',
    ...(steps.length === 0 ? [] : ['Accuracy against size', '', curve(steps), '']),
  ].join('\n');
}

function comparison(report: PruneReport): string {
  const share = (before: number, after: number): string =>
    before === 0 ? '' : `${signed((after / before - 1) * 100, 1)} %`;
  const counts = (name: string, before: number, after: number): string[] => [
    name,
    count(before),
    count(after),
    share(before, after),
  ];
  const accuracies = (name: string, before: number, after: number): string[] => [
    name,
    percent(before),
    percent(after),
    `${after > before ? '+' : ''}${points(after - before)} points`,
  ];
  const { held_back_before: was, held_back_after: is, held_back_samples: samples } = report;
  return textTable(
    [left(''), right('before'), right('after'), right('change')],
    [
      counts('neurons', report.units_before, report.units_after),
      counts('parameters', report.parameters_before, report.parameters_after),
      counts('bytes', report.bytes_before, report.bytes_after),
      accuracies(
        `accuracy, ${plural(report.samples, 'sample')}`,
        report.accuracy_before,
        report.accuracy_after,
      ),
      ...(was === null || is === null || samples === null
        ? []
        : [accuracies(`of ${count(samples)} held back`, was, is)]),
      [
        'ms for 1,000 samples',
        decimals(report.speed_before, 1),
        decimals(report.speed_after, 1),
        share(report.speed_before, report.speed_after),
      ],
    ],
  );
}

function siteText({ site, units, deleted, removal, reason }: PrunedSite): string {
  const which = unitsText(deleted.map((unit) => ({ site, unit })));
  const how = reason === null ? removal : `${removal}, since ${reason}`;
  return `${which} (${count(deleted.length)} of ${count(units)}): ${how}`;
}

/** The search, step by step. */
function curve(steps: readonly PruneStep[]): string {
  return textTable(
    [right('deleted'), right('parameters'), right('accuracy'), right('held back')],
    steps.map((step) => [
      count(step.units_deleted),
      count(step.parameters),
      percent(step.accuracy),
      percent(step.held_back_accuracy),
    ]),
  );
}

function signed(value: number, digits: number): string {
  return `${value > 0 ? '+' : ''}${decimals(value, digits)}`;
}

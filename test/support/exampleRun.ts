import type { PieceResult } from '../../src/core/ablation/piece';
import type { StoredRun } from '../../src/protocol/engine';
import type { RunRecord } from '../../src/protocol/run';
import type { SiteInfo } from '../../src/protocol/study';
import { emptyUnitTable, UNIT_COLUMNS, type UnitTable } from '../../src/protocol/units';

/** Sites of the example run; one name needs quoting in every format. */
export const exampleSites: readonly SiteInfo[] = [
  { name: 'conv_1', units: 12, shape: [24, 24, 12], kind: 'convolution' },
  { name: 'odd, "name" <b>&', units: 5, shape: [5], kind: 'dense' },
];

/** A record of a finished run over `classes`. */
export function exampleRecord(
  change: Partial<RunRecord> = {},
  classes: readonly string[] = ['zero', 'one', 'two'],
): RunRecord {
  return {
    format: 'neuron-deletion-run',
    version: 1,
    id: '20261123-134014-generalizes',
    created: '2026-11-23T13:40:14.000Z',
    finished: '2026-11-23T13:40:24.500Z',
    status: 'complete',
    error: null,
    spec: {
      model: '/models/generalizes/model.json',
      data: '/data/test.npz#x',
      scale: 'auto',
      operator: 'zero',
      seed: 7,
    },
    model: {
      path: '/models/generalizes/model.json',
      sha256: 'a'.repeat(64),
      format: 'TensorFlow.js layers model',
    },
    data: {
      path: '/data/test.npz#x',
      sha256: 'b'.repeat(64),
      labels_path: '/data/test.npz#y',
      labels_sha256: 'c'.repeat(64),
      samples: 300,
      shape: [28, 28],
      dtype: 'uint8',
    },
    versions: { neuron_deletion: '0.1.0', tfjs: '4.22.0', node: '20.20.2' },
    backend: { name: 'tfjs-node', tensorflow: '2.21.0', threads: 2, onednn: true, fallback: null },
    seed: 7,
    preprocessing: {
      chosen: '0..1',
      by: 'auto',
      candidates: [
        { scale: 'none', correct: 290, samples: 300, accuracy: 290 / 300, loss: 0.21 },
        { scale: '0..1', correct: 291, samples: 300, accuracy: 291 / 300, loss: 0.09 },
        { scale: '-1..1', correct: 120, samples: 300, accuracy: 120 / 300, loss: 2.4 },
      ],
    },
    baseline: {
      correct: 291,
      samples: 300,
      accuracy: 291 / 300,
      balanced_accuracy: 0.968,
      loss: 0.09,
      per_class: classes.map((name, index) => ({
        class: name,
        samples: index === 2 ? 0 : 150,
        correct: index === 2 ? 0 : 145 + index,
        recall: index === 2 ? null : (145 + index) / 150,
        precision: index === 2 ? null : 0.97,
      })),
    },
    classes,
    sites: exampleSites,
    excluded: [{ name: 'lstm_1', reason: 'recurrent layers are not measured yet' }],
    rounds: { samples: [60, 120, 120], done: 3 },
    near_ties: { bound: 1e-5, batch: 64, pairs: 4 },
    clamp: null,
    ways: { dense: 'closed-form' },
    estimate: 12,
    headline: {
      text: 'Deleting the worst single neuron, conv_1 #3, costs 2.33 points; 1 of 17 never fires.',
      worst: { site: 'conv_1', unit: 3, accuracy_drop: 7 / 300 },
      dead: 1,
      units: 17,
    },
    seconds: 10.25,
    ...change,
  };
}

/** A table with every kind of value: measured, negative, tiny, not computed. */
export function exampleTable(record: RunRecord = exampleRecord()): UnitTable {
  const rows = record.sites.reduce((sum, site) => sum + site.units, 0);
  const table = emptyUnitTable(rows, record.classes.length);
  const { columns } = table;
  for (let row = 0; row < rows; row++) {
    const toWrong = (row * 5) % 13;
    const toRight = row % 3;
    const set = (name: (typeof UNIT_COLUMNS)[number], value: number): void =>
      void (columns[name][row] = value);
    set('n', 300);
    set('baseline_correct', 291);
    set('ablated_correct', 291 - toWrong + toRight);
    set('flips_to_wrong', toWrong);
    set('flips_to_right', toRight);
    set('accuracy_drop', (toWrong - toRight) / 300);
    set('drop_low', (toWrong - toRight - 4) / 300);
    set('drop_high', (toWrong - toRight + 4) / 300);
    set('loss_increase', row === 1 ? 1e-7 / 3 : (toWrong - toRight) * 0.1 + 0.2);
    set('max_class_drop', toWrong / 150);
    set('max_class', row % 4 === 0 ? -1 : row % 2);
    set('selectivity', row === 5 ? NaN : row / rows);
    set('preferred_class', row % 3);
    set('mean_activation', row === 0 ? 0 : row + 0.125);
    set('active_fraction', row / rows);
    set('dead', row === 0 ? 1 : 0);
    set('within_noise', toWrong < 5 ? 1 : 0);
    set('selectivity_valid', row === 2 ? NaN : 1);
    for (let index = 0; index < table.classes; index++)
      table.class_drop[row * table.classes + index] = index === 2 ? NaN : toWrong / (100 + index);
    for (let index = 0; index < table.classes; index++)
      table.class_mean[row * table.classes + index] = index === 2 ? NaN : row / 3 - index;
  }
  return table;
}

/** The example run as it is read back. */
export function exampleRun(change: Partial<RunRecord> = {}): StoredRun {
  const record = exampleRecord(change);
  return { record, table: exampleTable(record) };
}

/** A piece with other numbers for every site, slice and unit. */
export function examplePiece(
  site: number,
  first_unit: number,
  units: number,
  slice: number,
  classes = 3,
): PieceResult {
  const numbers = (salt: number): Int32Array =>
    Int32Array.from({ length: units }, (_, i) => salt * 1000 + site * 100 + slice * 10 + first_unit + i);
  return {
    site,
    first_unit,
    units,
    slice,
    round: 1 + (slice >> 1),
    half: slice % 2 === 0 ? 0 : 1,
    samples: 30 + slice,
    draws: 1,
    ablated_correct: numbers(1),
    flips_to_wrong: numbers(2),
    flips_to_right: numbers(3),
    net_squares: Float64Array.from(numbers(7)),
    loss_sum: Float64Array.from(numbers(4), (value) => value / 7),
    class_correct: Int32Array.from({ length: units * classes }, (_, i) => i * 3 + slice),
    near_ties: numbers(0),
  };
}

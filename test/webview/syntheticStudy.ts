import { runCorrelations } from '../../src/core/measures/relations';
import type { RunCorrelations } from '../../src/protocol/correlations';
import type { UnitDetails } from '../../src/protocol/details';
import type { Evaluation, RunRecord } from '../../src/protocol/run';
import { standingOf } from '../../src/protocol/standing';
import type { SiteInfo } from '../../src/protocol/study';
import { emptyUnitTable, type UnitColumn, type UnitTable } from '../../src/protocol/units';
import { NOTHING_DELETED, type InspectorState, type StudyState } from '../../src/protocol/webview';
import { uniforms } from '../support/seeded';

/**
 * A study that no network produced: seeded random figures of the size that a small digit classifier gives, with
 * every case the views must show (negative, zero, missing, dead, within noise, invalid selectivity).
 */
export function syntheticStudy(
  options: { readonly rounds?: number; readonly sites?: readonly SiteInfo[] } = {},
): StudyState & { readonly record: RunRecord; readonly table: UnitTable } {
  const sites = options.sites ?? DIGIT_SITES;
  const done = options.rounds ?? 4;
  const record = syntheticRecord(sites, done);
  return {
    title: 'generalizes/model.json on test.npz',
    record,
    table: syntheticTable(record),
    progress:
      done === 4
        ? null
        : {
            phase: 'sweep',
            fraction: 0.08 + 0.23 * done,
            round: done,
            rounds: 4,
            seconds_left: 41 - 12 * done,
          },
    notice: null,
    stale: null,
    selection: null,
    deletion: NOTHING_DELETED,
    sets: [],
    unit: null,
    correlations: null,
    curves: { runs: [], measuring: null, problem: null },
  };
}

const DIGIT_SITES: readonly SiteInfo[] = [
  { name: 'conv2d_1', units: 24, shape: [12, 12, 24], kind: 'convolution' },
  { name: 'dense_1', units: 128, shape: [128], kind: 'dense' },
  { name: 'dense_2', units: 64, shape: [64], kind: 'dense' },
];

const SAMPLES = [256, 768, 976, 1500];
const TOTAL = 3500;
const CORRECT = 3434;
const CLASSES = Array.from({ length: 10 }, (_, digit) => String(digit));

function syntheticRecord(sites: readonly SiteInfo[], done: number): RunRecord {
  const units = sites.reduce((sum, site) => sum + site.units, 0);
  const recall = [0.991, 0.989, 0.977, 0.974, 0.985, 0.978, 0.988, 0.979, 0.974, 0.971];
  return {
    format: 'neuron-deletion-run',
    version: 1,
    id: '2026-11-23T14-02-11-generalizes',
    created: '2026-11-23T14:02:11.000Z',
    finished: done === 4 ? '2026-11-23T14:02:52.000Z' : null,
    status: done === 4 ? 'complete' : 'running',
    error: null,
    spec: {
      model: 'generalizes/model.json',
      data: 'test.npz#x',
      labels: 'test.npz#y',
      scale: 'auto',
      operator: 'zero',
      seed: 1,
    },
    model: {
      path: 'generalizes/model.json',
      sha256: '9b1c8f64c2d7e1a05b3f7d2a66e0c4819b1c8f64c2d7e1a05b3f7d2a66e0c481',
      format: 'TensorFlow.js layers model',
    },
    data: {
      path: 'test.npz#x',
      sha256: '1f0c2b7a9d3e4f5061728394a5b6c7d8e9f00112233445566778899aabbccdde',
      labels_path: 'test.npz#y',
      labels_sha256: '1f0c2b7a9d3e4f5061728394a5b6c7d8e9f00112233445566778899aabbccdde',
      samples: TOTAL,
      shape: [28, 28],
      dtype: 'uint8',
    },
    versions: { neuron_deletion: '0.1.0', tfjs: '4.22.0', node: '24.21.0' },
    backend: { name: 'tfjs-node', tensorflow: '2.21.0', threads: 2, onednn: true, fallback: null },
    seed: 1,
    preprocessing: {
      chosen: '0..1',
      by: 'auto',
      candidates: [
        { scale: 'none', correct: 970, samples: 1000, accuracy: 0.97, loss: 0.2431 },
        { scale: '0..1', correct: 981, samples: 1000, accuracy: 0.981, loss: 0.0642 },
        { scale: '-1..1', correct: 912, samples: 1000, accuracy: 0.912, loss: 0.3817 },
      ],
    },
    baseline: {
      correct: CORRECT,
      samples: TOTAL,
      accuracy: CORRECT / TOTAL,
      balanced_accuracy: 0.9806,
      loss: 0.0634,
      per_class: CLASSES.map((name, index) => ({
        class: name,
        samples: 350,
        correct: Math.round(350 * (recall[index] ?? 1)),
        recall: recall[index] ?? null,
        precision: recall[(index + 3) % 10] ?? null,
      })),
    },
    classes: CLASSES,
    sites,
    excluded: [{ name: 'sorter', reason: 'is a layer of type Sorter, whose units are not known' }],
    rounds: { samples: SAMPLES, done },
    near_ties: { bound: 1e-4, batch: 64, pairs: 12 },
    clamp: null,
    ways: Object.fromEntries(
      sites.map(({ name, kind }) => [name, kind === 'convolution' ? 'delta' : 'closed-form']),
    ),
    estimate: 12,
    headline: {
      text: `Deleting the worst single neuron, dense_2 #17, costs 1.94 points; 21 of ${units} never fire.`,
      worst: { site: 'dense_2', unit: 17, accuracy_drop: 0.0194 },
      dead: 21,
      units,
    },
    seconds: 41.3,
  };
}

function syntheticTable(record: RunRecord): UnitTable {
  const rows = record.sites.reduce((sum, site) => sum + site.units, 0);
  const classes = record.classes.length;
  const table = emptyUnitTable(rows, classes);
  const n = record.rounds.samples.slice(0, record.rounds.done).reduce((sum, size) => sum + size, 0);
  const random = uniforms(rows * (classes + 8), 7 + record.rounds.done);
  const steady = uniforms(rows * 4, 3);
  const set = (name: UnitColumn, row: number, value: number): void => {
    table.columns[name][row] = value;
  };
  for (let row = 0; row < rows; row++) {
    const draw = (k: number): number => random[row * (classes + 8) + k] ?? 0;
    const trait = (k: number): number => steady[row * 4 + k] ?? 0;
    const dead = trait(0) < 0.1;
    // Most units matter little, a few a lot; a few deletions help.
    const size = dead ? 0 : (trait(1) ** 9 * 0.024 + (trait(2) - 0.55) * 0.0016) * (0.92 + 0.16 * draw(0));
    const toRight = dead ? 0 : Math.round(draw(1) * 4 * (n / 3500) + Math.max(0, -size) * n);
    const toWrong = Math.max(0, Math.round(size * n) + toRight);
    const drop = n === 0 ? NaN : (toWrong - toRight) / n;
    const half = 1.96 * Math.sqrt((toWrong + toRight + 2) / (n + 2) ** 2);
    const correct = Math.round((CORRECT * n) / TOTAL);
    set('n', row, n);
    set('baseline_correct', row, correct);
    set('ablated_correct', row, correct - toWrong + toRight);
    set('flips_to_wrong', row, toWrong);
    set('flips_to_right', row, toRight);
    set('accuracy_drop', row, drop);
    set('drop_low', row, drop - half);
    set('drop_high', row, drop + half);
    set('loss_increase', row, dead ? 0 : size * 3.1 + (draw(2) - 0.4) * 0.002);
    let worst = -Infinity;
    for (let c = 0; c < classes; c++) {
      const part = dead ? 0 : drop * 4 * draw(8 + c) ** 3 - (draw(8 + c) < 0.2 ? 0.0029 : 0);
      table.class_drop[row * classes + c] = part;
      if (part > worst) {
        worst = part;
        set('max_class_drop', row, part);
        set('max_class', row, c);
      }
    }
    set('selectivity', row, dead ? 0 : 0.12 + 0.83 * trait(3) ** 1.6);
    set('preferred_class', row, dead ? -1 : Math.floor(trait(2) * classes));
    set('mean_activation', row, dead ? 0 : trait(1) * 1.7);
    set('active_fraction', row, dead ? 0 : 0.05 + 0.9 * trait(2));
    set('dead', row, dead ? 1 : 0);
    set('within_noise', row, Math.abs(drop) < half * 1.4 ? 1 : 0);
    set('selectivity_valid', row, 1);
    const information = dead ? 0 : 1.9 * trait(3) ** 2;
    set('mutual_information', row, information + 0.021);
    set('mutual_information_corrected', row, information);
    set('l1_norm', row, 2.5 + 30 * trait(2));
    set('first_order', row, dead ? 0 : size * 2.2 + (trait(0) - 0.4) * 0.0031);
    set('first_order_abs', row, dead ? 0 : Math.abs(size) * 2.9 + 0.0004);
    set('duplicate_of', row, -1);
  }
  // A neuron that goes along with an earlier one of its site.
  set('duplicate_of', 9, 4);
  // One unit whose activations go below 0, where the index has no value.
  set('selectivity', 5, NaN);
  set('selectivity_valid', 5, 0);
  return table;
}

/** The state of the inspector for one row of a study, as the host makes it. */
export function syntheticInspector(state: StudyState, row: number, deleted: boolean): InspectorState {
  const plain = standingOf(state, row);
  const { record } = state;
  if (plain === null || record === null) throw new Error(`no row ${row}`);
  const { unit, values } = plain;
  const correct = values.ablated_correct;
  if (!deleted) return plain;
  const evaluation: Evaluation = {
    deleted: [unit],
    operator: 'zero',
    correct,
    samples: record.baseline.samples,
    accuracy: correct / record.baseline.samples,
    loss: record.baseline.loss + values.loss_increase,
    recalls: record.baseline.per_class.map(
      ({ recall }, index) => (recall ?? NaN) - (plain.class_drop[index] ?? NaN),
    ),
    flips_to_wrong: values.flips_to_wrong,
    flips_to_right: values.flips_to_right,
    before: {
      correct: record.baseline.correct,
      accuracy: record.baseline.accuracy,
      loss: record.baseline.loss,
      recalls: record.baseline.per_class.map(({ recall }) => recall),
    },
    confusion: null,
    per_sample: null,
  };
  const deletion = { deleted: [unit], evaluation, problem: null, canUndo: true, canRedo: false };
  return { ...plain, deleted, deletion };
}

/** How the measures of a study relate, as its run would tell; importance on each half is made up. */
export function syntheticCorrelations({ record, table }: ReturnType<typeof syntheticStudy>): RunCorrelations {
  const noise = uniforms(2 * table.rows, 11);
  const half = (row: number, which: 0 | 1): number =>
    (table.columns.accuracy_drop[row] ?? NaN) + 0.0008 * (noise[2 * row + which] ?? 0);
  return runCorrelations(record.sites, table, { accuracy_drop: half }, 5);
}

/** What the engine could say of a unit: the class it prefers is the highest, its neighbours are those around it. */
export function syntheticDetails(state: ReturnType<typeof syntheticStudy>, row: number): UnitDetails {
  const shown = syntheticInspector(state, row, false);
  const { record } = state;
  const classes = record.classes.length;
  const preferred = Math.max(0, shown.values.preferred_class);
  const random = uniforms(4000, 31 + row);
  const draw = (k: number): number => random[k % random.length] ?? 0;
  const means = Float64Array.from({ length: classes }, (_, c) => (c === preferred ? 1.9 : 0.2 + draw(c)));
  const bins = 24;
  const counts = Float64Array.from({ length: classes * bins }, (_, at) => {
    const [c, bin] = [Math.floor(at / bins), at % bins];
    const far = (bin / bins) * 3 - (means[c] ?? 0);
    return Math.round((bin === 0 ? 90 : 0) + 40 * Math.exp(-4 * far * far) * (0.7 + 0.6 * draw(at)));
  });
  const example = (k: number, activation: number): UnitDetails['most'][number] => ({
    index: 17 * k + row,
    label: k % 3 === 0 ? (preferred + k) % classes : preferred,
    predicted: preferred,
    activation,
    input: { kind: 'image', width: 28, height: 28, rgba: syntheticImage(row + k) },
  });
  const site = record.sites.findIndex(({ name }) => name === shown.unit.site);
  const connections = (to: number): UnitDetails['incoming'] => {
    const other = record.sites[to];
    if (other === undefined) return [];
    return Array.from({ length: 8 }, (_, k) => {
      const weight = (draw(k + 90 * to) > 0.4 ? 1 : -1) * (1.4 / (1 + 0.6 * k));
      return {
        unit: { site: other.name, unit: (row + 5 * k) % other.units },
        weight,
        strength: Math.abs(weight),
      };
    });
  };
  return {
    unit: shown.unit,
    samples: record.baseline.samples,
    class_means: means,
    histogram: { edges: Float64Array.from({ length: bins + 1 }, (_, i) => (3 * i) / bins), counts },
    most: Array.from({ length: 8 }, (_, k) => example(k + 1, 2.9 - 0.11 * k)),
    least: Array.from({ length: 8 }, (_, k) => example(k + 9, 0)),
    incoming: connections(site - 1),
    outgoing: connections(site + 1),
    to_classes:
      site === record.sites.length - 1
        ? Float64Array.from({ length: classes }, (_, c) => (c === preferred ? 0.8 : draw(c) - 0.6))
        : null,
  };
}

/** A blot of 28 × 28 grey pixels. */
function syntheticImage(seed: number): Uint8ClampedArray {
  const [x = 0, y = 0, r = 0] = uniforms(3, seed);
  const rgba = new Uint8ClampedArray(28 * 28 * 4);
  for (let at = 0; at < 28 * 28; at++) {
    const far = Math.hypot((at % 28) - 8 - 12 * x, Math.floor(at / 28) - 8 - 12 * y) - 4 - 5 * r;
    rgba.fill(255 * Math.exp(-far * far * 0.3), 4 * at, 4 * at + 3);
    rgba[4 * at + 3] = 255;
  }
  return rgba;
}

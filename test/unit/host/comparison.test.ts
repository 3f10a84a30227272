import assert from 'node:assert/strict';
import { readComparison, type ListedRun, type RunReader, type Subject } from '../../../src/host/comparison';
import { nextTask, type TaskSetting } from '../../../src/host/comparisonTasks';
import type { CurveOptions, CurvePoint, CurveSummary, NoisePart } from '../../../src/protocol/curves';
import type { StoredRun } from '../../../src/protocol/engine';
import type { RunRecord } from '../../../src/protocol/run';
import { exampleRecord, exampleRun } from '../../support/exampleRun';

const OPTIONS: CurveOptions = {
  orders: ['random'],
  directions: [],
  orderings: 3,
  points: 4,
  each: false,
  train: null,
};
const SITES = 'conv_1+odd, "name" <b>&';
const NOISE: NoisePart = { options: { scales: [1], repeats: 2 }, chance: 0.4, summary: [] };

/** Straight curves from 0.97 to chance, each ordering bent by so much at its middle. */
function curveRows(bends: readonly number[]): CurvePoint[] {
  return bends.flatMap((bend, repeat) =>
    [0, 0.5, 1].map((fraction): CurvePoint => {
      const accuracy = 0.97 - 0.57 * fraction + (fraction === 0.5 ? bend : 0);
      const facts = { model: 'm', data: 'test', sites: SITES, operator: 'zero', order: 'random' } as const;
      return { ...facts, direction: '', repeat, units_ablated: 17 * fraction, fraction, accuracy, loss: 1 };
    }),
  );
}

const SUMMARY: CurveSummary = {
  data: 'test',
  sites: SITES,
  order: 'random',
  direction: '',
  repeats: 3,
  baseline_accuracy: 0.97,
  chance: 0.4,
  auc: 0.7,
  auc_sd: 0.01,
  auc_share: 0.7,
  auc_relative: 0.5,
  half_fraction: 0.5,
};

function curvesPart(options = OPTIONS, summary = [SUMMARY]): NonNullable<RunRecord['curves']> {
  return {
    options,
    ranked_on: 0,
    measured_on: 300,
    train_measured_on: null,
    train: null,
    ordering_seeds: [1, 2, 3],
    greedy: [],
    summary,
  };
}

/** That of {@link curveRows}, by the trapezoid rule. */
function summaryOf(bends: readonly number[]): CurveSummary {
  const area = 0.685 + bends.reduce((sum, bend) => sum + bend, 0) / bends.length / 2;
  return { ...SUMMARY, auc: area, auc_relative: (area - 0.4) / 0.57 };
}

describe('the runs of a comparison', () => {
  let runs: Map<string, StoredRun>;
  const add = (directory: string, run: StoredRun): string => {
    runs.set(directory, run);
    return directory;
  };
  const of = (model: string, change: Partial<RunRecord> = {}): RunRecord => {
    const record = exampleRecord(change);
    const path = `/models/${model}/model.json`;
    return { ...record, model: { ...record.model, path }, spec: { ...record.spec, model: path } };
  };
  const analysis = (model: string, change: Partial<RunRecord> = {}): StoredRun => ({
    ...exampleRun(),
    record: of(model, change),
  });
  const curves = (model: string, bends: readonly number[], change: Partial<RunRecord> = {}): StoredRun => ({
    ...exampleRun(),
    record: of(model, { curves: curvesPart(OPTIONS, [summaryOf(bends)]), ...change }),
    experiment: { name: 'curves', rows: curveRows(bends) },
  });
  const noise = (model: string, change: Partial<RunRecord> = {}): StoredRun => ({
    ...exampleRun(),
    record: of(model, { noise: NOISE, ...change }),
    experiment: { name: 'noise', rows: [] },
  });
  const reader: RunReader = {
    refusal: (directory) => `${directory} is no analysis.`,
    read: (directory) => Promise.resolve(runs.get(directory)!),
    others: () =>
      Promise.resolve(
        [...runs].reverse().map(([directory, { record }]): ListedRun => ({ directory, record })),
      ),
  };
  const read = (...subjects: Subject[]): ReturnType<typeof readComparison> =>
    readComparison(subjects, reader);
  const model = (name: string): Subject => ({ model: `/models/${name}/model.json`, step: null });
  const setting: TaskSetting = {
    specs: new Map([['/models/b/model.json', of('b').spec]]),
    train: null,
    newDirectory: (path, beside) => `new of ${path.split('/')[2] ?? ''} beside ${beside ?? 'nothing'}`,
  };

  beforeEach(() => (runs = new Map()));

  it('are the newest of the very same study, and no others', async () => {
    const a = add('/a', analysis('a'));
    add('/a/curves', curves('a', [0, 0.01, 0.02]));
    const { baseline, spec } = exampleRecord();
    // Of fewer samples, another operator, another seed, a copy elsewhere, one ordering, and not finished.
    add('/few', curves('a', [0, 0.01], { baseline: { ...baseline, samples: 20 } }));
    add('/mean', {
      ...curves('a', [0, 0.01]),
      record: of('a', { curves: curvesPart(), spec: { ...spec, operator: 'mean' } }),
    });
    add('/seed', curves('a', [0, 0.01], { seed: 99 }));
    add('/copy', curves('copy', [0, 0.01]));
    add('/one', curves('a', [0], { curves: curvesPart({ ...OPTIONS, orderings: 1 }) }));
    add('/stopped', curves('a', [0], { status: 'cancelled', curves: curvesPart(OPTIONS, []) }));
    const { found, state } = await read({ directory: a }, model('b'));
    assert.equal(found[0]?.curves?.directory, '/a/curves');
    assert.deepEqual(
      state.parts.map(({ name, missing, begun }) => [name, missing, begun]),
      [
        ['a', ['noise'], false],
        ['b', ['units', 'curves', 'noise'], false],
      ],
    );
    assert.equal(state.parts[0]?.line?.orderings.length, 3);
    assert.equal(state.verdict, null, 'there is nothing of b');
    assert.equal(state.falls, undefined);
  });

  it('give two copies of a model no difference, and the weaker the verdict', async () => {
    for (const name of ['a', 'b', 'weak']) {
      add(`/${name}`, analysis(name));
      const bend = name === 'weak' ? -0.3 : 0;
      add(`/${name}/curves`, curves(name, [bend, bend + 0.01, bend - 0.01]));
    }
    const { state } = await read(model('a'), model('b'));
    assert.equal(state.verdict?.kind, 'none');
    assert.match(state.verdict.text, /^No difference: `a` and `b`/);
    const [one, other] = [await read(model('a'), model('weak')), await read(model('weak'), model('a'))];
    assert.equal(one.state.verdict?.fragile, 'weak');
    assert.deepEqual(one.state.verdict, other.state.verdict);
    assert.deepEqual(one.state.parts, other.state.parts.toReversed());
    // What is not known reaches the page, too: messages are JSON.
    const messages = [one.state.parts[0]?.line, one.lines[0]];
    assert.deepEqual(JSON.parse(JSON.stringify(messages[0])), messages[0]);
    assert.deepEqual(JSON.parse(JSON.stringify(messages[1])), messages[0]);
  });

  it('tell of checkpoints where robustness falls', async () => {
    for (const [name, bend] of [
      ['s1', 0],
      ['s2', 0.1],
      ['s3', -0.2],
    ] as const) {
      add(`/${name}`, analysis(name));
      add(`/${name}/curves`, curves(name, [bend, bend + 0.01, bend - 0.01]));
    }
    const subjects = [1, 2, 3].map((step) => ({ model: `/models/s${step}/model.json`, step: 10 * step }));
    assert.equal((await read(...subjects)).state.falls, 20);
  });

  it('have names that tell them apart: the model’s, else the run’s, else a number', async () => {
    add('/1', analysis('a'));
    add('/2', analysis('a', { name: 'with little noise' }));
    const names = async (...subjects: Subject[]): Promise<string[]> =>
      (await read(...subjects)).state.parts.map(({ name }) => name);
    assert.deepEqual(await names({ directory: '/1' }, { directory: '/2' }), [
      'a · test.npz',
      'with little noise',
    ]);
    add('/3', analysis('a'));
    assert.deepEqual(await names({ directory: '/1' }, { directory: '/3' }), ['a', 'a-2']);
  });

  it('must be analyses', async () => {
    add('/a', curves('a', [0, 0.1]));
    await assert.rejects(read({ directory: '/a' }, model('b')), /\/a is no analysis\./);
  });

  it('are measured by kind, as the others were, and gone on with where they were begun', async () => {
    add('/a', analysis('a'));
    add('/a/curves', curves('a', [0, 0.01, 0.02]));
    const next = async (): Promise<[string, string, string, unknown, number] | null> => {
      const found = nextTask(await read(model('a'), model('b')), setting);
      if (found === null) return null;
      const { task, left } = found;
      return [task.name, task.kind, task.directory, task.experiment?.options, left];
    };
    assert.deepEqual(await next(), ['b', 'units', 'new of b beside nothing', undefined, 4]);
    add('/b', analysis('b', { status: 'cancelled' }));
    assert.deepEqual(await next(), ['b', 'units', '/b', undefined, 4]);
    add('/b', analysis('b'));
    // As many orderings and points as of a.
    assert.deepEqual(await next(), ['b', 'curves', 'new of b beside /b', OPTIONS, 3]);
    const own = { ...OPTIONS, orderings: 7 };
    add('/b/curves', curves('b', [0], { status: 'cancelled', curves: curvesPart(own, []) }));
    assert.deepEqual(await next(), ['b', 'curves', '/b/curves', own, 3]);
    add('/b/curves', curves('b', [0, 0.01, 0.02]));
    assert.deepEqual((await next())?.slice(0, 3), ['a', 'noise', 'new of a beside /a']);
    add('/a/noise', noise('a'));
    add('/b/noise', noise('b'));
    assert.equal(await next(), null);
  });
});

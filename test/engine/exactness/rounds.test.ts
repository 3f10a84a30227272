import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { StoredRun } from '../../../src/protocol/engine';
import { OPERATORS } from '../../../src/protocol/study';
import { emptyUnitTable, mergeUnitRows, UNIT_COLUMNS, type UnitTable } from '../../../src/protocol/units';
import type { Fixture } from '../../support/models';
import { requireNative } from '../../support/requirements';
import { Oracle } from '../oracle/client';
import { analyze, assertSameCounts, newSession, study } from './engineRun';

const SAMPLES = 420;

/** What of `run.json` may differ between two runs of one study. */
const OWN = ['id', 'created', 'finished', 'seconds', 'estimate'];

describe('a run under every operator', function () {
  this.timeout(120_000);
  let folder: string | null = null;
  let fixture: Fixture;

  before(async function () {
    requireNative(this);
    folder = await mkdtemp(path.join(tmpdir(), 'rounds-'));
    const oracle = new Oracle();
    fixture = await oracle.ask('fixture', { name: 'branches', directory: folder, samples: SAMPLES });
    await oracle.close();
  });
  after(async () => {
    if (folder !== null) await rm(folder, { recursive: true });
  });

  const keptWithinRound: string[] = [];

  for (const operator of OPERATORS) {
    it(`${operator}: the same again, cancelled within a round, site by site, and in little memory`, async () => {
      const inFolder = (name: string): string => path.join(folder as string, `${operator}-${name}`);
      const spec = study(fixture.model, fixture.data, { operator, draws: 2 });
      const session = newSession();
      const whole = await analyze(session, spec, inFolder('whole'));
      assert.ok(whole.record.rounds.samples.length > 1);

      await analyze(session, spec, inFolder('again'));
      for (const file of ['units.csv', 'units.arrow', 'class_means.csv', 'class_means.arrow']) {
        const [first, second] = await Promise.all(
          ['whole', 'again'].map((name) => readFile(path.join(inFolder(name), file))),
        );
        assert.ok(first?.equals(second as Buffer), `${file} is another`);
      }
      assert.deepEqual(await recordOf(inFolder('again')), await recordOf(inFolder('whole')));

      // In the second round, after about half of what is left.
      const cancel = new AbortController();
      let done = 0;
      let began = 0;
      const params = { spec, directory: inFolder('resumed'), accept_chance: true };
      const result = await session.analyze(
        params,
        (event) => {
          if (event.event === 'record') done = event.record.rounds.done;
          if (event.event !== 'progress') return;
          const { fraction, rounds } = event.progress;
          if (done === 0) began = fraction;
          else if (done === 1 && rounds > 1 && fraction > (1 + began) / 2) cancel.abort();
        },
        cancel.signal,
      );
      assert.equal(result.kind, 'cancelled');
      const half = await session.readRun(params.directory);
      assert.equal(half.record.rounds.done, 1);
      // Pieces with near-ties that were not decided yet are lost, the others kept.
      if (new Set(half.table.columns.n).size > 1) keptWithinRound.push(operator);
      assertSameTable(await analyze(newSession(), spec, params.directory), whole);

      const joined = emptyUnitTable(whole.table.rows, whole.table.classes);
      let row = 0;
      for (const { name, units } of whole.record.sites) {
        const alone = await analyze(session, { ...spec, sites: [name] }, inFolder(name));
        mergeUnitRows(joined, row, alone.table);
        row += units;
      }
      // Which units are within noise is decided over all units of a run.
      joined.columns.within_noise = whole.table.columns.within_noise;
      assertSameTable({ ...whole, table: joined }, whole);
      session.dispose();

      const small = newSession('tfjs-node', { memoryLimit: 2 ** 20 });
      assertSameCounts(await analyze(small, spec, inFolder('small')), whole, 'in little memory');
      small.dispose();
    });
  }

  it('kept pieces of a round that was not finished', () => {
    assert.ok(keptWithinRound.length > 0, 'all were cancelled between two rounds');
  });

  it('all operators: counts on WebAssembly that differ in near-ties only', async () => {
    for (const operator of OPERATORS) {
      const spec = study(fixture.model, fixture.data, { operator, draws: 2, samples: 120, measures: [] });
      const runs: StoredRun[] = [];
      for (const backend of ['tfjs-node', 'wasm'] as const) {
        const session = newSession(backend);
        runs.push(await analyze(session, spec, path.join(folder as string, `${operator}-${backend}`)));
        session.dispose();
      }
      const [native, wasm] = runs as [StoredRun, StoredRun];
      const ties = Math.max(native.record.near_ties.pairs, wasm.record.near_ties.pairs);
      const apart = native.table.columns.ablated_correct.reduce(
        (sum, count, row) => sum + Math.abs(count - (wasm.table.columns.ablated_correct[row] as number)),
        0,
      );
      assert.ok(apart <= ties, `${operator}: ${apart} counts apart, ${ties} near-ties`);
    }
  });
});

/** Bit for bit, losses too: they are summed a slice at a time. */
function assertSameTable(actual: StoredRun, expected: StoredRun): void {
  const numbers = ({ columns, class_drop }: UnitTable): unknown => [
    ...UNIT_COLUMNS.map((name) => [name, ...columns[name]]),
    class_drop,
  ];
  assert.deepEqual(numbers(actual.table), numbers(expected.table));
  assert.deepEqual(actual.record.baseline, expected.record.baseline);
  assert.deepEqual(actual.record.clamp, expected.record.clamp);
}

/** `run.json` but for times and ids. */
async function recordOf(directory: string): Promise<Record<string, unknown>> {
  const record = JSON.parse(await readFile(path.join(directory, 'run.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  return Object.fromEntries(Object.entries(record).filter(([name]) => !OWN.includes(name)));
}

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NoisePart } from '../../../src/protocol/curves';
import type { StoredRun } from '../../../src/protocol/engine';
import type { RunRecord } from '../../../src/protocol/run';
import { agreementBeside, agreementOf } from '../../../src/runs/operatorRuns';
import { readRun } from '../../../src/runs/readRun';
import { reportHtml } from '../../../src/runs/report';
import { RunWriter } from '../../../src/runs/runWriter';
import { exampleRun } from '../../support/exampleRun';

const NOISE: NoisePart = { options: { scales: [1], repeats: 2 }, chance: 0.1, summary: [] };

describe('runs under other operators', () => {
  let folder: string;
  before(async () => (folder = await mkdtemp(join(tmpdir(), 'operators-'))));
  after(() => rm(folder, { recursive: true, force: true }));

  const write = async (name: string, change: (record: RunRecord) => RunRecord): Promise<string> => {
    const run = exampleRun();
    const record = change(run.record);
    const directory = join(folder, name);
    const writer = await RunWriter.create(directory, record);
    await writer.writeUnits(record, run.table);
    await writer.close();
    return directory;
  };

  it('are found beside a run, the latest of each, where nothing but the operator differs', async () => {
    const zero = await write('zero', (record) => record);
    const operator = (name: 'mean' | 'resample') => (record: RunRecord) => ({
      ...record,
      spec: { ...record.spec, operator: name },
    });
    await write('mean', operator('mean'));
    await write('mean of another seed', (record) => ({
      ...operator('mean')(record),
      spec: { ...record.spec, operator: 'mean', seed: 99 },
    }));
    await write('unfinished', (record) => ({ ...operator('resample')(record), status: 'cancelled' }));
    await write('zero again', (record) => record);
    await write('noise', (record) => ({
      ...operator('mean')(record),
      noise: NOISE,
      created: '2099-01-01T00:00:00.000Z',
    }));
    const run = await readRun(zero);
    const agreement = await agreementBeside(zero, run);
    assert.deepEqual(
      agreement.map(({ site, operators }) => `${site}: ${operators.join()}`),
      run.record.sites.map(({ name }) => `${name}: zero,mean`),
    );
    // The same figures under both: they agree wholly wherever importance varies at all.
    for (const { loss_increase } of agreement)
      assert.ok(Number.isNaN(loss_increase.rho) || loss_increase.rho > 0.999);
    assert.match(reportHtml(run, agreement), /How the operators agree/);
    assert.doesNotMatch(reportHtml(run), /How the operators agree/);
  });

  it('are refused where they are of something else than single units', () => {
    const run = exampleRun();
    const noise: StoredRun = { ...run, record: { ...run.record, noise: NOISE } };
    assert.throws(() => agreementOf([run, noise]), {
      name: 'Failure',
      message: /is of noise, not of single/,
    });
  });

  it('are refused where they are of another model', () => {
    const run = exampleRun();
    const other: StoredRun = {
      ...run,
      record: { ...run.record, model: { ...run.record.model, sha256: 'f'.repeat(64) } },
    };
    assert.throws(() => agreementOf([run, other]), {
      name: 'Failure',
      message: /differ in the operator alone/,
    });
  });
});

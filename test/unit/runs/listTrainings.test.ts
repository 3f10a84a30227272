import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listTrainings } from '../../../src/runs/listTrainings';
import { listRuns } from '../../../src/runs/runRecord';
import { exampleRecord } from '../../support/exampleRun';
import { temporaryFolder } from '../../support/temporaryFolder';

describe('the experiments of a workspace', () => {
  const folder = temporaryFolder();

  /** Writes a file of a run or an experiment; returns its directory. */
  function write(name: string, file: string, content: unknown): string {
    const directory = join(folder.path('.neuron-deletion/runs'), name);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, file), typeof content === 'string' ? content : JSON.stringify(content));
    return directory;
  }
  const record = { version: 1, status: 'complete', options: { experiment: 'dropout' }, networks: [] };

  it('are none in a workspace without runs', async () => {
    assert.deepEqual(await listTrainings(folder.path('')), []);
  });

  it('are told from runs by their records, the newest first', async () => {
    const run = write('20260101-000001-net', 'run.json', exampleRecord());
    const first = write('20260101-000000-dropout', 'experiment.json', record);
    const last = write('20260101-000002-dropout', 'experiment.json', record);
    const found = await listTrainings(folder.path(''));
    assert.deepEqual(
      found.map(({ directory }) => directory),
      [last, first],
    );
    assert.deepEqual(found[0]?.record, record);
    const runs = await listRuns(folder.path(''));
    assert.deepEqual(
      runs.map(({ directory }) => directory),
      [run],
    );
  });

  it('come with why they cannot be read', async () => {
    write('20260101-000000-dropout', 'experiment.json', '{ "version": 1');
    write('20260101-000001-dropout', 'experiment.json', { ...record, version: 2 });
    const [newer, damaged] = await listTrainings(folder.path(''));
    assert.match(newer?.problem ?? '', /another version/);
    assert.match(damaged?.problem ?? '', /damaged/);
    assert.deepEqual(await listRuns(folder.path('')), []);
  });
});

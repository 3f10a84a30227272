import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readDeletionSets, writeDeletionSets } from '../../../src/runs/deletionSetsFile';
import { failsWith } from '../../support/failsWith';
import { temporaryFolder } from '../../support/temporaryFolder';

describe('the named sets of a run', () => {
  const folder = temporaryFolder();
  const directory = (): string => dirname(folder.path('deletion-sets.json'));
  const set = (name: string, ...units: number[]): Parameters<typeof writeDeletionSets>[1][number] => ({
    name,
    units: units.map((unit) => ({ site: 'odd, "name" <b>&', unit })),
  });

  it('come back in their order, sites and units as they were', async () => {
    const sets = [
      set('second', 1, 4),
      { ...set('first'), units: [{ site: 'b', unit: 0 }, ...set('', 3).units] },
    ];
    await writeDeletionSets(directory(), sets);
    assert.deepEqual(await readDeletionSets(directory()), sets);
    const text = await readFile(folder.path('deletion-sets.json'), 'utf8');
    assert.match(text, /"odd, \\"name\\" <b>&": \[1,4\]/);
    await writeDeletionSets(directory(), []);
    assert.deepEqual(await readDeletionSets(directory()), []);
  });

  it('are none where there is no file', async () => {
    assert.deepEqual(await readDeletionSets(folder.path('nowhere')), []);
  });

  it('are refused where the file is damaged', async () => {
    const head = '"format": "neuron-deletion-sets", "version": 1';
    for (const text of [
      'nothing',
      '[]',
      `{${head}}`,
      '{"format": "neuron-deletion-sets", "version": 2, "sets": []}',
      `{${head}, "sets": [{"name": 3, "units": {}}]}`,
      `{${head}, "sets": [{"name": "a", "units": {"b": [-1]}}]}`,
      `{${head}, "sets": [{"name": "a", "units": {"b": [0.5]}}]}`,
      `{${head}, "sets": [{"name": "a", "units": [1]}]}`,
    ]) {
      await writeFile(folder.path('deletion-sets.json'), text);
      await failsWith(readDeletionSets(directory()), /deletion-sets\.json is damaged/);
    }
  });
});

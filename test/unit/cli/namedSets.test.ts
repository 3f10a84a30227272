import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { deletionsOrSets, withUnitsOfSets } from '../../../src/cli/namedSets';
import { writeDeletionSets } from '../../../src/runs/deletionSetsFile';
import { exampleRun } from '../../support/exampleRun';
import { failsWith } from '../../support/failsWith';
import { temporaryFolder } from '../../support/temporaryFolder';

describe('--delete @name', () => {
  const folder = temporaryFolder();
  const model = (): string => folder.path('nets/tiny/model.json');
  const flags = (...texts: string[]): ReturnType<typeof deletionsOrSets> =>
    texts.reduce<ReturnType<typeof deletionsOrSets>>((all, text) => deletionsOrSets(text, all), []);

  /** A run of a model that has named sets of the site `a`. */
  const run = async (root: string, name: string, sets: Record<string, number[]>, of = model()) => {
    const directory = path.join(root, '.neuron-deletion/runs', name);
    await mkdir(directory, { recursive: true });
    const { record } = exampleRun();
    const own = { ...record, id: name, model: { ...record.model, path: of } };
    await writeFile(path.join(directory, 'run.json'), JSON.stringify(own));
    const list = Object.entries(sets).map(([set, units]) => ({
      name: set,
      units: units.map((unit) => ({ site: 'a', unit })),
    }));
    await writeDeletionSets(directory, list);
    return directory;
  };

  const two = async (): Promise<void> => {
    await run(folder.path('.'), 'one', { 'left: edges': [7, 3], other: [1] });
    await run(folder.path('.'), 'of-another-model', { foreign: [5] }, folder.path('nets/b/model.json'));
  };

  it('stands for the units of the set, among units that are named', async () => {
    const elsewhere = folder.path('elsewhere');
    await two();
    const given = flags('@left: edges', 'b:1-2');
    assert.deepEqual(await withUnitsOfSets(given, model(), undefined, elsewhere), [
      {
        site: 'a',
        units: [
          [3, 3],
          [7, 7],
        ],
      },
      { site: 'b', units: [[1, 2]] },
    ]);
  });

  it('says which sets there are, and where none is', async () => {
    await two();
    const missing = withUnitsOfSets(flags('@edge'), model(), undefined, folder.path('.'));
    await failsWith(
      missing,
      /^There is no set edge in any run of tiny\/model\.json; there are left: edges, other\.$/,
    );
    const other = folder.path('nets/c/model.json');
    await failsWith(
      withUnitsOfSets(flags('@edge'), other, undefined, folder.path('.')),
      /^There is no set edge, as there are no named sets in any run of c\/model\.json: keep one in the panel of a run/,
    );
    await failsWith(
      withUnitsOfSets(flags('@edge'), model(), 'nowhere', folder.path('.')),
      /nowhere is not there: give a run directory/,
    );
    assert.throws(() => flags('@'), /Give the name of a set after the @/);
  });

  it('asks which run is meant where runs differ on a set', async () => {
    await two();
    await run(folder.path('.'), 'two', { 'left: edges': [3, 7], other: [2] });
    assert.equal((await withUnitsOfSets(flags('@left: edges'), model(), undefined, '/')).length, 1);
    await failsWith(
      withUnitsOfSets(flags('@other'), model(), undefined, '/'),
      /^other stands for other neurons in .* than in .*: say which with --sets <run>\.$/,
    );
    const [only] = await withUnitsOfSets(
      flags('@other'),
      model(),
      '.neuron-deletion/runs/two',
      folder.path('.'),
    );
    assert.deepEqual(only?.units, [[2, 2]]);
  });
});

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { lookAtFirst } from '../../../src/host/dataOrder';
import { isTableStart, looksLikeData } from '../../../src/host/looksLikeData';
import { looksLikeModel, standingForModels } from '../../../src/host/looksLikeModel';
import { isIgnored, isToolFile } from '../../../src/host/searchRules';
import { temporaryFolder } from '../../support/temporaryFolder';

const HDF5 = '\x89HDF\r\n\x1a\n';

describe('telling models and data in a workspace', () => {
  const folder = temporaryFolder();
  const write = async (name: string, content: string): Promise<string> => {
    await writeFile(folder.path(name), content, 'latin1');
    return folder.path(name);
  };

  it('tells models by how they begin', async () => {
    const part = async (name: string, content: string): Promise<unknown> =>
      looksLikeModel(await write(name, content));
    assert.equal(await part('a.json', '{"format": "layers-model", "modelTopology": {}}'), 'whole');
    assert.equal(await part('old.json', '{"modelTopology":{"class_name":"Sequential"}}'), 'whole');
    assert.equal(await part('k.json', '{"class_name": "Functional", "config": {}}'), 'topology');
    assert.equal(await part('p.json', '{"name": "x", "scripts": {}}'), null);
    assert.equal(await part('a.h5', `${HDF5}..layer_names..model_config`), 'whole');
    assert.equal(await part('w.weights.h5', `${HDF5}..layers\0vars`), 'weights');
    assert.equal(await part('data.h5', `${HDF5}..x_test..y_test`), null);
    assert.equal(await part('a.keras', 'PK\x03\x04..config.json'), 'whole');
    assert.equal(await part('text.keras', 'not a model'), null);
    assert.equal(await looksLikeModel(folder.path('none.json')), null);
  });

  it('lists weights and topology of one model once', () => {
    const files = [
      { path: '/a/topology.json', part: 'topology' },
      { path: '/a/weights.h5', part: 'weights' },
      { path: '/b/alone.weights.h5', part: 'weights' },
      { path: '/c/topology.json', part: 'topology' },
      { path: '/c/model.keras', part: 'whole' },
    ] as const;
    assert.deepEqual(standingForModels(files), ['/a/weights.h5', '/c/model.keras']);
  });

  it('takes no models, no labels alone and no settings of tools for data', async () => {
    const looks = async (name: string, content = ''): Promise<boolean> =>
      looksLikeData(await write(name, content));
    assert.equal(await looks('t.csv'), true);
    assert.equal(await looks('d.hdf5', `${HDF5}..x..y`), true);
    assert.equal(await looks('m.hdf5', `${HDF5}..model_config`), false);
    assert.equal(await looks('t10k-images-idx3-ubyte.gz'), true);
    assert.equal(await looks('t10k-labels-idx1-ubyte.gz'), false);
    assert.equal(await looks('rows.json', '[{"a": 1, "label": 0}]'), true);
    assert.equal(await looks('package.json', '{"files": ["a"]}'), false);
    assert.equal(await looks('m.json', '{"modelTopology": {"class_name": "Model"}}'), false);
    assert.equal(await looks('class_names.json', '["cat", "dog"]'), false);
  });

  it('tells rows in JSON from settings', () => {
    for (const rows of [
      ' [[1, 2], [3, 4]]',
      '\uFEFF{"x": [[1]], "y": [0]}',
      '{"a": {"0": 1}}',
      '{"a": 1}\n{"a": 2}',
    ]) {
      assert.equal(isTableStart(rows), true, rows);
    }
    for (const other of ['{"a": 1}', '["a", "b"]', '"text"', '', '{"name": "x",\n "list": [1]}']) {
      assert.equal(isTableStart(other), false, other);
    }
  });

  it('knows the files of tools, and folders to pass over', () => {
    const names =
      'package.json package-lock.json tsconfig.build.json .eslintrc.json model.json.neuron-deletion.json';
    for (const name of names.split(' ')) assert.equal(isToolFile(name), true, name);
    for (const name of ['model.json', 'data.json', 'my-package.json']) assert.equal(isToolFile(name), false);
    for (const path of ['a/node_modules/b/c.json', '.venv/x.npz', 'a\\.git\\b', 'dist/model.json']) {
      assert.equal(isIgnored(path), true, path);
    }
    for (const path of ['dist', 'a/distances/b.csv', 'venv.csv']) assert.equal(isIgnored(path), false, path);
  });

  it('looks at small files near the model first', () => {
    const sources = [
      { path: '/ws/net/huge.csv', size: 2 ** 30 },
      { path: '/ws/far/away/b.npz', size: 10 },
      { path: '/ws/net/b.npz', size: 10 },
      { path: '/ws/net/a', size: null },
    ];
    assert.deepEqual(lookAtFirst(sources, '/ws/net/model.json'), [
      '/ws/net/a',
      '/ws/net/b.npz',
      '/ws/far/away/b.npz',
      '/ws/net/huge.csv',
    ]);
  });
});

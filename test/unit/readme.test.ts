import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DataFormat } from '../../src/formats/data/dataFormat';
import { READERS } from '../../src/formats/data/readers';
import type { ModelFormat } from '../../src/formats/models/modelFormat';

const ROOT = join(__dirname, '../..');
const text = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** What the row of each format begins with. */
const DATA: Readonly<Record<DataFormat, string>> = {
  idx: 'IDX',
  'idx.gz': 'IDX',
  npy: 'npy, npz',
  npz: 'npy, npz',
  hdf5: 'HDF5',
  csv: 'csv, tsv',
  json: 'JSON',
  jsonl: 'JSON Lines',
  parquet: 'Parquet',
  tfrecord: 'TFRecord',
  folder: 'folder of pictures',
};
const NOT_READ = 'SavedModel, frozen graph, TensorFlow Lite, ONNX, PyTorch, pickle, safetensors';
const MODELS: Readonly<Record<ModelFormat, string>> = {
  'tfjs-layers': 'TensorFlow.js layers model',
  'tfjs-graph': 'TensorFlow.js graph model',
  'keras-h5': 'Keras HDF5 (`.h5`, `.hdf5`)',
  'keras-weights': 'Keras weights and topology',
  'keras-topology': 'Keras weights and topology',
  'keras-zip': 'Keras `.keras`',
  'saved-model': NOT_READ,
  'frozen-graph': NOT_READ,
  tflite: NOT_READ,
  onnx: NOT_READ,
  pytorch: NOT_READ,
  pickle: NOT_READ,
  safetensors: NOT_READ,
};

describe('README: what is read', () => {
  const readme = text('README.md');

  /** The rows of the table below a heading, without its head. */
  function rowsBelow(heading: string): string[][] {
    const [, below = ''] = readme.split(`\n### ${heading}\n`);
    const [, ...rows] = (below.split('\n#')[0] ?? '').split('\n').filter((line) => line.startsWith('|'));
    return rows.slice(1).map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  }

  for (const [heading, formats] of [
    ['Models', MODELS],
    ['Data', DATA],
  ] as const) {
    it(`has a row for each format, with tests that exist: ${heading}`, () => {
      const rows = rowsBelow(heading);
      assert.deepEqual(
        rows.map(([first]) => first).sort(),
        [...new Set<string>(Object.values(formats))].sort(),
      );
      for (const row of rows) {
        const tests = [...(row.at(-1) ?? '').matchAll(/\]\(([^)]+)\)/g)].map(([, file = '']) => file);
        assert.ok(tests.length > 0, `${row[0]} has no test`);
        for (const file of tests) assert.match(text(file), /^\s*it\(/m, file);
      }
    });
  }

  it('names every format that has a reader', () => {
    assert.deepEqual(Object.keys(DATA).sort(), Object.keys(READERS).sort());
  });

  it('names the versions that make the files of the tests', () => {
    const pinned: readonly [string, RegExp, string][] = [
      ['test/support/kerasPython.ts', /'keras==([\d.]+)'/, 'Keras '],
      ['test/support/kerasPython.ts', /'tf_keras==([\d.]+)'/, 'tf_keras '],
      ['test/unit/formats/models/kerasTopology.test.ts', /keras_version: '(1[\d.]+)'/, 'Keras '],
      ['test/support/graphModels.ts', /'tensorflowjs==(\d+\.\d+)/, 'tensorflowjs_converter '],
      ['package.json', /"@tensorflow\/tfjs-layers": "(\d+\.\d+)/, 'TensorFlow.js '],
    ];
    for (const [file, version, product] of pinned) {
      const [, number = 'a version'] = version.exec(text(file)) ?? [];
      assert.ok(readme.includes(product + number), `${product}${number} of ${file}`);
    }
  });

  it('links to what exists', () => {
    const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, link = '']) => link);
    const local = links.filter((link) => !/^[a-z]+:/.test(link));
    assert.ok(local.length > 20);
    assert.deepEqual(
      local.filter((link) => !existsSync(join(ROOT, link))),
      [],
    );
  });
});

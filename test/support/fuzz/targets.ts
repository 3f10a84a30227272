import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { detectModelFormat } from '../../../src/formats/models/modelFormat';
import { readClassNames, findClassNames } from '../../../src/formats/classNames';
import { inspectData, readLabelledData } from '../../../src/formats/data/readData';
import { readSpecAt } from '../../../src/runs/specFile';
import { bmp, gradient, png } from '../pictures';
import { npyBytes } from '../npz';
import { records, tfRecord } from '../tfRecord';
import { writeHdf5 } from '../hdf5';
import { jpegBytes } from './jpegBytes';
import { modelTargets } from './modelTargets';
import { runTargets } from './runTargets';

/** Files (or what they are packed from) by their path in a folder. */
export type Parts = Readonly<Record<string, Uint8Array>>;

/** A reader with good input for it; what is mutated is a part, or a file that parts are packed into. */
export interface Target {
  readonly name: string;
  /** @param scratch a folder to work in */
  readonly parts: (scratch: string) => Promise<Parts> | Parts;
  /** Packs parts into files; they are files themselves when absent. */
  readonly pack?: (parts: Parts, scratch: string) => Promise<Parts> | Parts;
  /** Ways to read what lies in a folder, tried one after the other; good input is read by all of them. */
  readonly read: readonly ((folder: string) => Promise<unknown>)[];
  /** Ways that may refuse good input. */
  readonly also?: readonly ((folder: string) => Promise<unknown>)[];
  /** A millisecond and less a case, or much more: it gets so many times the cases of others. */
  readonly share?: number;
}

const text = (value: unknown): Uint8Array =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));

/** Reads labelled data for a list to choose from, for a study, and for its labels alone. */
function data(name: string, more: { label_column?: string } = {}): Pick<Target, 'read' | 'also'> {
  const wanted = { shape: [4, 6, 3] };
  return {
    read: [
      (folder) => inspectData(join(folder, name), wanted),
      async (folder) => {
        const read = await readLabelledData({ data: join(folder, name), ...more }, wanted);
        const last = read.samples - 1;
        await read.read([last, ...[0, 1, 2].filter((index) => index < last)]);
      },
    ],
    also: [(folder) => readLabelledData({ data: join(folder, name), labels: join(folder, name) })],
  };
}

const X = Float32Array.from({ length: 24 }, (_, i) => i / 7);
const Y = Int32Array.from([0, 1, 2, 0, 1, 2]);
const idxImages = Buffer.concat([
  Buffer.from([0, 0, 8, 3, 0, 0, 0, 6, 0, 0, 0, 2, 0, 0, 0, 2]),
  Buffer.from(Array.from({ length: 24 }, (_, i) => i * 9)),
]);
const idxLabels = Buffer.from([0, 0, 8, 1, 0, 0, 0, 6, 0, 1, 2, 0, 1, 2]);
const PICTURES = {
  png: png(6, 4, gradient(6, 4)),
  bmp: bmp(6, 4, gradient(6, 4)),
};
const ROWS = Array.from({ length: 12 }, (_, i) => ({ a: i / 3, b: i * i, name: ['ant', 'bee'][i % 2] }));

const DATA: readonly Target[] = [
  {
    name: 'idx',
    parts: () => ({ 'a-images-idx3-ubyte': idxImages, 'a-labels-idx1-ubyte': idxLabels }),
    ...data('a-images-idx3-ubyte'),
  },
  {
    name: 'idx.gz',
    parts: () => ({ 'a-images-idx3-ubyte.gz': idxImages, 'a-labels-idx1-ubyte.gz': idxLabels }),
    pack: (parts) =>
      Object.fromEntries(Object.entries(parts).map(([name, bytes]) => [name, gzipSync(bytes)])),
    ...data('a-images-idx3-ubyte.gz'),
  },
  {
    name: 'npy',
    parts: () => ({
      'x_test.npy': npyBytes({ data: X, shape: [6, 2, 2] }),
      'y_test.npy': npyBytes({ data: Y, shape: [6] }),
    }),
    ...data('x_test.npy'),
  },
  {
    name: 'npz',
    parts: () => ({
      'x.npy': npyBytes({ data: X, shape: [6, 4] }),
      'y.npy': npyBytes({ data: Y, shape: [6] }),
    }),
    pack: (parts) => ({ 'a.npz': zipSync(parts, { level: parts['x.npy']!.length % 2 === 0 ? 0 : 6 }) }),
    ...data('a.npz'),
  },
  {
    name: 'csv',
    parts: () => ({
      'a.csv': text(['a,b,"na""me"', ...ROWS.map(({ a, b, name }) => `${a},${b},"${name!}"`)].join('\r\n')),
    }),
    ...data('a.csv'),
  },
  { name: 'json records', parts: () => ({ 'a.json': text(ROWS) }), ...data('a.json') },
  {
    name: 'json lists',
    parts: () => ({
      'a.json': text({
        images: ROWS.map(({ a, b }) => [
          [a, b],
          [b, a],
        ]),
        labels: [...Y, ...Y],
      }),
    }),
    ...data('a.json'),
  },
  {
    name: 'json columns',
    parts: () => ({
      'a.json': text({ columns: ['a', 'b', 'name'], data: ROWS.map((row) => Object.values(row)) }),
    }),
    ...data('a.json', { label_column: 'name' }),
  },
  {
    name: 'jsonl',
    parts: () => ({ 'a.jsonl': text(ROWS.map((row) => JSON.stringify(row)).join('\n')) }),
    ...data('a.jsonl'),
  },
  {
    name: 'parquet',
    parts: async () => {
      const { parquetWriteBuffer } = await import('hyparquet-writer');
      const buffer = parquetWriteBuffer({
        columnData: [
          { name: 'a', data: ROWS.map(({ a }) => a), type: 'DOUBLE' },
          { name: 'b', data: ROWS.map(({ b }) => b), type: 'INT32' },
          { name: 'name', data: ROWS.map(({ name }) => name), type: 'STRING' },
        ],
        rowGroupSize: 7,
      });
      return { 'a.parquet': new Uint8Array(buffer) };
    },
    ...data('a.parquet'),
  },
  {
    name: 'parquet of pictures',
    parts: async () => {
      const { parquetWriteBuffer } = await import('hyparquet-writer');
      const buffer = parquetWriteBuffer({
        columnData: [
          {
            name: 'image',
            data: [0, 1, 2, 3].map((i) => ({ bytes: PICTURES.png, path: `${String(i)}.png` })),
          },
          { name: 'label', data: [2n, 0n, 2n, 0n] },
        ],
        schema: [
          { name: 'root', num_children: 2 },
          { name: 'image', num_children: 2, repetition_type: 'OPTIONAL' },
          { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
          { name: 'path', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
          { name: 'label', type: 'INT64', repetition_type: 'OPTIONAL' },
        ],
      });
      return { 'a.parquet': new Uint8Array(buffer) };
    },
    ...data('a.parquet'),
  },
  {
    name: 'tfrecord',
    parts: () => {
      const all = ROWS.map(({ a, b }, i) => ({ floats: { x: [a, b, 1] }, ints: { label: [i % 3] } }));
      return { 'a.tfrecord': tfRecord(all) };
    },
    ...data('a.tfrecord'),
  },
  {
    name: 'tfrecord examples',
    parts: () =>
      Object.fromEntries(
        [0, 1, 2, 3].map((i) => {
          const one = tfRecord([
            { bytes: { 'image/encoded': PICTURES.png }, ints: { 'image/class/label': [i % 2], height: [4] } },
          ]);
          return [String(i), one.subarray(12, one.length - 4)];
        }),
      ),
    pack: (parts) => ({ 'a.tfrecord': records(Object.values(parts)) }),
    ...data('a.tfrecord'),
  },
  {
    name: 'hdf5',
    share: 0.5,
    parts: async (scratch) => {
      await writeHdf5(join(scratch, 'a.h5'), (file) => {
        file.create_dataset({ name: 'x_test', data: X, shape: [6, 4], chunks: [3, 4], compression: 4 });
        file.create_group('more').create_dataset({ name: 'y_test', data: Y });
        file.create_dataset({ name: 'y_test', data: Y });
        file.create_dataset({ name: 'names', data: ['ant', 'bee'] });
        file.create_attribute('about', 'a file');
      });
      return { 'a.h5': await readFile(join(scratch, 'a.h5')) };
    },
    ...data('a.h5'),
  },
  ...(['png', 'bmp', 'jpeg', 'jpeg progressive'] as const).map((kind): Target => {
    const name = kind === 'jpeg progressive' ? 'jpeg' : kind;
    return {
      name: `pictures ${kind}`,
      parts: async () => {
        const good =
          name === 'jpeg' ? await jpegBytes(6, 4, gradient(6, 4, 4), kind !== 'jpeg') : PICTURES[name];
        return { [`set/ant/1.${name}`]: good, 'set/bee/1.bmp': PICTURES.bmp };
      },
      ...data('set'),
    };
  }),
  {
    name: 'pictures and labels',
    parts: () => ({
      'set/1.png': PICTURES.png,
      'set/2.bmp': PICTURES.bmp,
      'set/3.bmp': PICTURES.bmp,
      'set/labels.csv': text('filename,label\n1.png,ant\n2.bmp,bee\n3.bmp,ant\n'),
      'set/meta.json': text([
        { file_name: '1.png', label: 1 },
        { file_name: '3.bmp', label: 0 },
      ]),
    }),
    ...data('set'),
    also: [
      (folder) => readLabelledData({ data: join(folder, 'set'), labels: join(folder, 'set/labels.csv') }),
      (folder) => readLabelledData({ data: join(folder, 'set'), labels: join(folder, 'set/meta.json') }),
    ],
  },
];

const SMALL: readonly Target[] = [
  {
    name: 'class names',
    parts: () => ({
      'labels.txt': text('0 ant\n1 bee\n2 cat\n'),
      'class_names.json': text(['ant', 'bee', 'cat']),
      'metadata.json': text({ modelName: 'm', labels: ['ant', 'bee', 'cat'] }),
      'class_indices.json': text({ 0: ['n1', 'ant'], 1: ['n2', 'bee'] }),
    }),
    read: [
      ...['labels.txt', 'class_names.json', 'metadata.json', 'class_indices.json'].map(
        (name) => (folder: string) => readClassNames(join(folder, name)),
      ),
      (folder) => findClassNames(join(folder, 'model.json'), join(folder, 'data.csv'), 3),
    ],
  },
  {
    name: 'spec file',
    parts: () => ({
      'm.json.neuron-deletion.json': text({
        data: 'a.npz#x',
        labels: 'a.npz#y',
        label_pattern: '^(\\w+)_',
        inputs: { image: 'a.npz#x' },
        scale: '0..1',
        sites: ['a', 'b'],
        operator: 'resample',
        draws: 3,
        samples: 100,
        seed: 7,
      }),
    }),
    read: [(folder) => readSpecAt(join(folder, 'm.json.neuron-deletion.json'))],
  },
  {
    name: 'model formats',
    parts: () => ({
      onnx: Buffer.from([8, 7, 18, 3, 112, 121, 116, 58, 20, 10, 4, 110, 111, 100, 101, 18, 2, 120, 121]),
      tflite: Buffer.concat([Buffer.from([28, 0, 0, 0]), Buffer.from('TFL3'), Buffer.alloc(40)]),
      safetensors: Buffer.concat([Buffer.from([20, 0, 0, 0, 0, 0, 0, 0]), text('{"a":{"dtype":"F32"}}')]),
      pickle: Buffer.from([0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9]),
      graph: Buffer.concat([
        Buffer.from([10, 20, 10, 5]),
        Buffer.from('input\x12\x05Const'),
        Buffer.alloc(9),
      ]),
    }),
    read: ['onnx', 'tflite', 'safetensors', 'pickle', 'graph'].map(
      (name) => (folder: string) => detectModelFormat(join(folder, name)),
    ),
  },
];

/** All readers. */
export const TARGETS: readonly Target[] = [...DATA, ...SMALL, ...modelTargets, ...runTargets];

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scaleFormula } from '../../../src/protocol/scale';
import { RESIZES, SCALES } from '../../../src/protocol/study';
import schema from '../../../src/runs/spec.schema.json';
import { readSpecFile, specFilePath, writeSpecFile } from '../../../src/runs/specFile';

describe('the spec file', () => {
  let folder = '';
  let model = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spec-'));
    await mkdir(join(folder, 'net'));
    model = join(folder, 'net', 'model.json');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('stands beside its model and is absent at first', async () => {
    assert.equal(specFilePath(model), `${model}.neuron-deletion.json`);
    assert.equal(await readSpecFile(model), null);
  });

  it('keeps paths relative on disk and gives them absolute', async () => {
    const spec = {
      data: join(folder, 'test.npz#x'),
      labels: join(folder, 'net', 'labels.csv'),
      scale: '0..1',
      sites: ['dense_1'],
      samples: 100,
      seed: 3,
    } as const;
    await writeSpecFile(model, spec);
    const stored: unknown = JSON.parse(await readFile(specFilePath(model), 'utf8'));
    assert.deepEqual(stored, { ...spec, data: '../test.npz#x', labels: 'labels.csv' });
    assert.deepEqual(await readSpecFile(model), spec);
  });

  it('treats every path alike', async () => {
    const spec = {
      data: join(folder, 'pictures'),
      label_pattern: '^([a-z]+)_',
      class_names: join(folder, 'net', 'names.txt'),
      resize: 'pad',
      inputs: { left: join(folder, 'two.npz#a'), right: join(folder, 'net', 'b.npy') },
      topology: join(folder, 'topology.json'),
    } as const;
    await writeSpecFile(model, spec);
    assert.deepEqual(JSON.parse(await readFile(specFilePath(model), 'utf8')), {
      ...spec,
      data: '../pictures',
      class_names: 'names.txt',
      inputs: { left: '../two.npz#a', right: 'b.npy' },
      topology: '../topology.json',
    });
    assert.deepEqual(await readSpecFile(model), spec);
  });

  it('knows every scale and every way to resize, with a word about each', () => {
    const { scale, resize } = schema.properties;
    assert.deepEqual(scale.enum, ['auto', ...SCALES]);
    assert.deepEqual(scale.enumDescriptions.slice(1), SCALES.map(scaleFormula));
    assert.deepEqual(resize.enum, RESIZES);
    assert.equal(resize.enumDescriptions.length, RESIZES.length);
  });

  it('keeps the $schema somebody wrote into it', async () => {
    await writeFile(specFilePath(model), '{"$schema": "./s.json", "seed": 1}');
    assert.deepEqual(await readSpecFile(model), { seed: 1 });
    await writeSpecFile(model, { seed: 2 });
    assert.deepEqual(JSON.parse(await readFile(specFilePath(model), 'utf8')), {
      $schema: './s.json',
      seed: 2,
    });
  });

  const wrong: readonly (readonly [string, RegExp])[] = [
    ['{', /is not JSON/],
    ['[]', /must be a JSON object/],
    ['{"dta": "x"}', /has the unknown key "dta"; allowed are \$schema, data, labels, /],
    ['{"scale": "0-1"}', /has "0-1" as "scale"; allowed are "auto", "none", "0\.\.1", "-1\.\.1"/],
    [
      '{"operator": "median"}',
      /has "median" as "operator"; allowed are "zero", "mean", "resample", "optimal"/,
    ],
    ['{"seed": 1.5}', /has 1\.5 as "seed", which must be integer/],
    ['{"samples": 0}', /has 0 as "samples", which must be >= 1/],
    ['{"sites": []}', /has \[\] as "sites"/],
    ['{"sites": ["a", 3]}', /has 3 as "sites item 1", which must be string/],
    ['{"scale": "bgr:caffe"}', /has "bgr:caffe" as "scale"/],
    ['{"label_pattern": "(a"}', /has "\(a" as "label_pattern", which must match format "regex"/],
    ['{"resize": "squeeze"}', /has "squeeze" as "resize"; allowed are "stretch", "crop", "pad"/],
    ['{"inputs": {}}', /as "inputs"/],
    ['{"inputs": {"a": 3}}', /has 3 as "inputs item a", which must be string/],
    ['{"data": ""}', /has "" as "data"/],
  ];
  for (const [text, message] of wrong) {
    it(`refuses ${text} in one sentence that names the file`, async () => {
      await writeFile(specFilePath(model), text);
      await assert.rejects(readSpecFile(model), (error: unknown) => {
        assert.ok(error instanceof Error && error.name === 'Failure');
        assert.match(error.message, message);
        assert.ok(error.message.startsWith(specFilePath(model)), error.message);
        assert.ok(!error.message.includes('\n'));
        return true;
      });
    });
  }

  it('does not write what it would not read', async () => {
    const bad = { samples: -1 };
    await assert.rejects(writeSpecFile(model, bad), {
      name: 'Failure',
      message: /"samples", which must be >= 1/,
    });
    assert.equal(await readSpecFile(model), null);
  });
});

import assert from 'node:assert/strict';
import path from 'node:path';
import type { AnalyzeOptions } from '../../../src/cli/program';
import { studySpec } from '../../../src/cli/studySpec';
import { UsageError } from '../../../src/cli/terminal';
import type { SpecFile, StudySpec } from '../../../src/protocol/study';

const cwd = path.resolve('/studies');
const model = path.join(cwd, 'model.json');

function spec(flags: Partial<AnalyzeOptions>, file: SpecFile | null = null): StudySpec {
  const options = { json: false, verbose: false, backend: 'auto', acceptChance: false, ...flags } as const;
  return studySpec(model, options, file, 'model.json.neuron-deletion.json', cwd);
}

describe('the study of a command line', () => {
  const file: SpecFile = {
    data: path.join(cwd, 'a.npz#x'),
    labels: path.join(cwd, 'a.npz#z'),
    scale: '0..1',
    sites: ['dense_1'],
    samples: 100,
    seed: 9,
  };

  it('has defaults, and paths from the working directory', () => {
    assert.deepEqual(spec({ data: 'sub/test.npz#x' }), {
      model,
      data: path.join(cwd, 'sub', 'test.npz#x'),
      scale: 'auto',
      operator: 'zero',
      seed: 0,
    });
  });

  it('is the spec file’s where no flag is given', () => {
    assert.deepEqual(spec({}, file), { ...file, model, operator: 'zero' });
  });

  it('is the flags’ where they are given', () => {
    const flags = {
      labels: 'other.npy',
      scale: 'none',
      sites: ['b', 'c'],
      samples: 5,
      seed: 0,
      labelColumn: 'k',
    } as const;
    assert.deepEqual(spec(flags, file), {
      model,
      data: file.data,
      labels: path.join(cwd, 'other.npy'),
      label_column: 'k',
      scale: 'none',
      sites: ['b', 'c'],
      samples: 5,
      seed: 0,
      operator: 'zero',
    });
  });

  it('does not use the spec file’s labels for other data', () => {
    assert.equal(spec({ data: 'b.npz' }, file).labels, undefined);
    assert.equal(spec({ data: 'b.csv' }, { data: '/a.csv', label_column: 'k' }).label_column, undefined);
    assert.equal(spec({ data: 'a.npz#x' }, file).labels, file.labels);
  });

  it('is refused without data, with a sentence that says how to name it', () => {
    assert.throws(
      () => spec({}, { seed: 1 }),
      (error) =>
        error instanceof UsageError && /--data .*model\.json\.neuron-deletion\.json\.$/.test(error.message),
    );
  });

  it('takes operator, draws and measures from the flags before the spec file', () => {
    const stored = { ...file, operator: 'mean', draws: 3, measures: ['l1_norm'] } as const;
    const { operator, draws, measures } = spec({}, stored);
    assert.deepEqual({ operator, draws, measures }, { operator: 'mean', draws: 3, measures: ['l1_norm'] });
    const flagged = spec({ operator: 'resample', draws: 7, measures: [] }, stored);
    assert.deepEqual([flagged.operator, flagged.draws, flagged.measures], ['resample', 7, []]);
  });

  it('takes pictures, names of classes, inputs and topology as flags, paths from the working directory', () => {
    const flags = {
      data: 'pictures',
      labelPattern: '^([a-z]+)',
      classNames: 'names.txt',
      resize: 'crop',
      input: [{ name: 'left', data: 'two.npz#a' }],
      topology: 'net.json',
    } as const;
    const { label_pattern, class_names, resize, inputs, topology } = spec(flags);
    assert.deepEqual([label_pattern, resize], ['^([a-z]+)', 'crop']);
    assert.deepEqual([class_names, topology], [path.join(cwd, 'names.txt'), path.join(cwd, 'net.json')]);
    assert.deepEqual(inputs, { left: path.join(cwd, 'two.npz#a') });
  });

  it('needs no data beside those of the inputs', () => {
    const { data } = spec({ input: [{ name: 'left', data: 'two.npz#a' }] });
    assert.equal(data, path.join(cwd, 'two.npz#a'));
  });

  it('takes over no pattern and no inputs for other data, but the names of the classes', () => {
    const named = { label_pattern: '(.)', inputs: { left: '/l' }, class_names: '/names' };
    const { label_pattern, inputs, class_names } = spec({ data: 'other' }, { ...file, ...named });
    assert.deepEqual([label_pattern, inputs, class_names], [undefined, undefined, '/names']);
  });
});

import assert from 'node:assert/strict';
import { fitsInput, rankCandidates } from '../../../src/host/rankCandidates';
import type { DataCandidate, ModelInfo } from '../../../src/protocol/study';

const model: ModelInfo = {
  path: '/ws/net/model.json',
  format: 'TensorFlow.js layers model',
  producer: null,
  input: [28, 28, 1],
  inputs: [{ name: 'image', shape: [28, 28, 1] }],
  classes: 10,
  outputs: [{ name: 'scores', classes: 10, chosen: true }],
  parameters: 1,
  layers: [],
  sites: [],
  excluded: [],
};

function candidate(data: string, shape: readonly number[], classes = 10): DataCandidate {
  const class_counts = Array.from({ length: classes }, (_, label) => ({ label: String(label), samples: 5 }));
  return { data, samples: 5 * classes, shape, dtype: 'uint8', class_counts };
}

function order(...candidates: DataCandidate[]): string[] {
  return rankCandidates(model, candidates).fitting.map(({ data }) => data);
}

describe('ranking data for a model', () => {
  it('keeps what does not fit apart, and says why', () => {
    const fits = candidate('/ws/a.npz#x', [28, 28, 1]);
    const colour = candidate('/ws/b.npz#x', [32, 32, 3]);
    const letters = candidate('/ws/c.npz#x', [28, 28, 1], 26);
    const { fitting, unfitting } = rankCandidates(model, [colour, letters, fits]);
    assert.deepEqual(fitting, [fits]);
    assert.deepEqual(unfitting, [
      { candidate: colour, reason: 'shape' },
      { candidate: letters, reason: 'classes' },
    ]);
  });

  it('prefers as many classes as the model has, before anything else', () => {
    const near = candidate('/ws/net/test.npz', [28, 28, 1], 4);
    const far = candidate('/else/where/x.npz', [784]);
    assert.deepEqual(order(near, far), [far.data, near.data]);
  });

  it('prefers classes with the names that the model has for them, then those without names', () => {
    const named = (data: string, names: readonly string[]): DataCandidate => ({
      ...candidate(data, [28, 28, 1]),
      class_counts: names.map((label) => ({ label, samples: 1 })),
    });
    const animals = { ...model, classes: 2, class_names: ['Cat', 'dog'] };
    const same = named('/far/away/same', ['cat', 'dog']);
    const plain = named('/far/away/plain', ['0', '1']);
    const others = named('/ws/net/others', ['boat', 'bus']);
    const { fitting } = rankCandidates(animals, [others, plain, same]);
    assert.deepEqual(fitting, [same, plain, others]);
    const { class_names: _, ...nameless } = animals;
    assert.deepEqual(rankCandidates(nameless, [same, others]).fitting, [others, same]);
  });

  it('puts data apart that lack values of one of the inputs', () => {
    const all = { ...candidate('/ws/all.npz#image', [28, 28, 1]), missing_inputs: [] };
    const one = { ...candidate('/ws/one.npz#image', [28, 28, 1]), missing_inputs: ['extra'] };
    const extra = { ...candidate('/ws/zall.npz#extra', [3]), missing_inputs: [] };
    const two = { ...model, inputs: [...model.inputs, { name: 'extra', shape: [3] }] };
    const { fitting, unfitting } = rankCandidates(two, [one, extra, all]);
    assert.deepEqual(fitting, [all, extra]);
    assert.deepEqual(unfitting, [{ candidate: one, reason: 'inputs' }]);
  });

  it('prefers the exact shape, then the folder of the model', () => {
    const flat = candidate('/ws/net/flat.npz', [784]);
    const far = candidate('/ws/data/deep/exact.npz', [28, 28, 1]);
    const near = candidate('/ws/net/zzz.npz', [28, 28, 1]);
    assert.deepEqual(order(flat, far, near), [near.data, far.data, flat.data]);
  });

  it('puts test data before training data, then goes by name', () => {
    const names = ['train.npz', 'other.npz', 'b-test.npz', 'a-test.npz'].map((name) => `/ws/net/${name}`);
    const ranked = order(...names.map((name) => candidate(name, [28, 28, 1])));
    assert.deepEqual(ranked, [names[3], names[2], names[1], names[0]]);
  });

  it('takes data of two classes for a single sigmoid output', () => {
    const one = { ...model, classes: 1, input: [4] };
    const { fitting, unfitting } = rankCandidates(one, [candidate('/a', [4], 2), candidate('/b', [4], 3)]);
    assert.deepEqual([fitting.length, unfitting[0]?.reason], [1, 'classes']);
  });

  it('reshapes only where all sizes of the input are known', () => {
    assert.equal(fitsInput([28, 28, 1], [784]), true);
    assert.equal(fitsInput([28, 28, 1], [783]), false);
    assert.equal(fitsInput([null, null, 3], [40, 50, 3]), true);
    assert.equal(fitsInput([null, null, 1], [40, 50]), true);
    assert.equal(fitsInput([null, null, 3], [6000]), false);
  });
});

import assert from 'node:assert/strict';
import { findHead, outputsOf } from '../../../src/core/network/head';
import type { Algebra, Head, Operation, Shape } from '../../../src/core/network/network';
import { Failure } from '../../../src/protocol/failure';

const pointwise = (name: string): Algebra => ({ kind: 'pointwise', name, rectifier: null });
const SOFTMAX: Algebra = { kind: 'softmax' };
const OPAQUE: Algebra = { kind: 'opaque' };

function operation(name: string, shape: Shape, algebra: Algebra, inputs: readonly string[]): Operation {
  return {
    id: name,
    name,
    type: name,
    inputs,
    shape: [null, ...shape],
    algebra,
    makes: null,
    hindrance: null,
    run: () => assert.fail('is not run'),
  };
}

/** The head of a network with these outputs, each with a linear operation before it. */
function headOf(
  outputs: readonly (readonly [name: string, shape: Shape, algebra?: Algebra])[],
  options: { readonly choose?: string; readonly input?: Shape } = {},
): Head {
  const { choose, input = [8] } = options;
  const operations = [
    operation('in', input, { kind: 'input' }, []),
    ...outputs.flatMap(([name, shape, algebra]) => {
      if (algebra === undefined) return [operation(name, shape, OPAQUE, ['in'])];
      const linear = operation(`${name}/linear`, shape, OPAQUE, ['in']);
      return [linear, operation(name, shape, algebra, [linear.id])];
    }),
  ];
  const ids = outputs.map(([name]) => name);
  return findHead(operations, outputsOf(operations, ids), 'm.json', choose);
}

function refusal(...parameters: Parameters<typeof headOf>): string {
  try {
    headOf(...parameters);
  } catch (failure) {
    assert.ok(failure instanceof Failure);
    assert.match(failure.message, /^[^\n]+\.$/);
    return failure.message;
  }
  return assert.fail('is not refused');
}

describe('head', () => {
  it('is a softmax, a sigmoid of one number or of several, or plain scores', () => {
    const cases: [Shape, Algebra | undefined, Head['kind'], string, number][] = [
      [[2], SOFTMAX, 'softmax', 'out/linear', 2],
      [[5], SOFTMAX, 'softmax', 'out/linear', 5],
      [[1], pointwise('sigmoid'), 'sigmoid', 'out/linear', 2],
      [[3], pointwise('sigmoid'), 'probabilities', 'out', 3],
      [[4], undefined, 'logits', 'out', 4],
    ];
    for (const [shape, algebra, kind, scores, classes] of cases) {
      const head = headOf([algebra === undefined ? ['out', shape] : ['out', shape, algebra]]);
      assert.deepEqual(head, { kind, scores, output: 'out', classes });
    }
  });

  it('is the last softmax of several outputs, or the last that names a class', () => {
    const number = ['number', [1]] as const;
    const tags = ['tags', [4], pointwise('sigmoid')] as const;
    const yes = ['yes', [1], pointwise('sigmoid')] as const;
    const coarse = ['coarse', [3], SOFTMAX] as const;
    assert.equal(headOf([coarse, tags, number]).output, 'coarse');
    assert.equal(headOf([yes, tags, number]).output, 'yes');
    assert.equal(headOf([tags, number]).output, 'tags');
    assert.equal(headOf([coarse, tags], { choose: 'tags' }).output, 'tags');
  });

  const NOT = /^m\.json is not a classifier: its output /;
  const REFUSED: readonly (readonly [string, Shape, Algebra | undefined, RegExp])[] = [
    [
      'a regression',
      [1],
      undefined,
      /price gives one number a sample, as a regression does \(if .*from_logits=True, choose the output price:sigmoid\)/,
    ],
    [
      'a regression through tanh',
      [1],
      pointwise('tanh'),
      /price gives one number a sample through tanh, as a regression does\./,
    ],
    [
      'a softmax of one',
      [1],
      SOFTMAX,
      /price gives one number a sample through a softmax, which is always 1/,
    ],
    [
      'numbers that are no scores',
      [3],
      pointwise('relu'),
      /price gives 3 numbers a sample through relu, which are no class scores/,
    ],
    [
      'a row for each step',
      [12, 7],
      SOFTMAX,
      /price gives 12×7 numbers a sample, a row for each step of a sequence/,
    ],
    ['steps of free number', [null, 7], SOFTMAX, /price gives any×7 numbers a sample, a row for each step/],
    [
      'a segmentation',
      [32, 32, 4],
      SOFTMAX,
      /price gives 32×32×4 numbers a sample, values for each place of a picture/,
    ],
    ['a varying number of values', [null], undefined, /price gives a varying number of values a sample/],
  ];
  for (const [title, shape, algebra, sentence] of REFUSED) {
    it(`is refused: ${title}`, () => {
      const output =
        algebra === undefined ? (['price', shape] as const) : (['price', shape, algebra] as const);
      const message = refusal([output]);
      assert.match(message, NOT);
      assert.match(message, sentence);
      const chosen = refusal([output], { choose: '0' });
      assert.match(
        chosen,
        /^The output 0 of m\.json is not a classifier's: it gives .*; choose another output\.$/,
      );
    });
  }

  it('is refused: what gives its input back, pictures and long rows', () => {
    const sentence = /gives 28×28×1 numbers a sample, as many as the model takes, as an autoencoder/;
    assert.match(refusal([['out', [28, 28, 1], pointwise('sigmoid')]], { input: [28, 28, 1] }), sentence);
    for (const algebra of [pointwise('sigmoid'), pointwise('tanh')]) {
      assert.match(refusal([['out', [784], algebra]], { input: [784] }), /784 numbers .*an autoencoder/);
    }
    assert.match(refusal([['out', [784]]], { input: [784] }), /784 numbers .*an autoencoder/);
    // A few scores may well be as many as the features, and whoever names the output knows.
    assert.equal(headOf([['out', [8]]], { input: [8] }).kind, 'logits');
    assert.equal(headOf([['out', [784]]], { input: [784], choose: 'out' }).kind, 'logits');
    assert.equal(headOf([['out', [784], SOFTMAX]], { input: [784] }).kind, 'softmax');
  });

  it('is one number without an activation, where it is said to be a logit', () => {
    const logit: Head = { kind: 'sigmoid', scores: 'out', output: 'out', classes: 2 };
    assert.deepEqual(headOf([['out', [1]]], { choose: 'out:sigmoid' }), logit);
    assert.deepEqual(headOf([['out', [1]]], { choose: '0:sigmoid' }), logit);
    const no = /^The output out of m\.json is no logit of two classes, .*; choose it without :sigmoid\.$/;
    for (const algebra of [pointwise('sigmoid'), pointwise('tanh'), SOFTMAX]) {
      assert.match(refusal([['out', [1], algebra]], { choose: 'out:sigmoid' }), no);
    }
    assert.match(refusal([['out', [3]]], { choose: 'out:sigmoid' }), no);
    assert.match(
      refusal([['out', [1]]], { choose: 'other:sigmoid' }),
      /has no output other; its outputs are out/,
    );
    assert.equal(headOf([['a:sigmoid', [3], SOFTMAX]], { choose: 'a:sigmoid' }).kind, 'softmax');
  });

  it('is refused for every output, where none names a class', () => {
    assert.match(
      refusal([
        ['price', [1]],
        ['mask', [9, 9, 2], SOFTMAX],
      ]),
      /its output price gives one number .*; its output mask gives 9×9×2 numbers/,
    );
  });
});

import assert from 'node:assert/strict';
import '@tensorflow/tfjs-backend-cpu';
import { add, dispose, memory, mul, relu, setBackend, tensor, type Tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { clampUnits } from '../../../src/core/ablation/clamp';
import type { Algebra, Makes, Network, Operation } from '../../../src/core/network/network';
import { cutAfter, Program } from '../../../src/core/network/program';
import { findSites } from '../../../src/core/network/sites';

const RELU: Algebra = { kind: 'pointwise', name: 'relu', rectifier: { slope: 0, most: Infinity } };

const UNITS = 3;

function operation(id: string, inputs: readonly string[], algebra: Algebra, makes: Makes = null): Operation {
  const run = (values: readonly Tensor[]): Tensor => {
    if (algebra.kind === 'identity') return values[0]!;
    if (algebra.kind === 'pointwise') return relu(values[0]!);
    return values.length === 2 ? add(values[0]!, values[1]!) : mul(values[0]!, 1.5);
  };
  return { id, name: id, type: id, inputs, shape: [null, UNITS], algebra, makes, hindrance: null, run };
}

function network(operations: readonly Operation[], scores = operations.at(-1)!.id): Network {
  const input = operation('in', [], { kind: 'input' });
  return {
    name: 'test',
    operations: [input, ...operations],
    inputs: ['in'],
    outputs: [{ name: scores, id: scores, classes: UNITS }],
    head: { kind: 'logits', scores, output: scores, classes: UNITS },
    parameters: 0,
    dispose: () => undefined,
  };
}

/** A network of random operations, each reading one or two earlier ones. */
const randomNetwork = fc
  .array(fc.tuple(fc.constantFrom('pointwise', 'identity', 'opaque', 'add'), fc.nat(1000), fc.nat(1000)), {
    minLength: 1,
    maxLength: 12,
  })
  .map((choices) => {
    const ids = ['in'];
    const operations = choices.map(([kind, a, b], index) => {
      const inputs = [ids[a % ids.length]!, ids[b % ids.length]!];
      const id = `op${String(index)}`;
      ids.push(id);
      if (kind === 'add') return operation(id, inputs, { kind: 'add' });
      const algebra: Algebra =
        kind === 'pointwise' ? RELU : kind === 'identity' ? { kind: 'identity' } : { kind: 'opaque' };
      return operation(id, inputs.slice(0, 1), algebra);
    });
    return network(operations);
  });

function run(program: Program, inputs: readonly Tensor[], options = {}): number[] {
  const [output, ...others] = program.run(inputs, options);
  const values = [...output!.dataSync()];
  for (const each of [output!, ...others]) if (!inputs.includes(each)) each.dispose();
  return values;
}

describe('program', () => {
  before(() => setBackend('cpu'));

  it('gives the same scores in one go as cut after any operation, ablated or not, and frees what it made', () => {
    fc.assert(
      fc.property(randomNetwork, fc.nat(1000), fc.nat(UNITS - 1), (net, pick, unit) => {
        const input = tensor([1, -2, 3, -4, 5, 6], [2, UNITS]);
        const mask = tensor(
          Array.from({ length: UNITS }, (_, u) => Number(u === unit)),
          [1, UNITS],
        );
        const before = memory().numTensors;
        const reached = new Program(net, ['in'], [net.head.scores]).operations;
        const { id } = reached[pick % reached.length]!;
        const { prefix, suffix } = cutAfter(net, id);
        for (const substitute of [new Map(), new Map([[id, clampUnits(mask, null)]])]) {
          const whole = run(new Program(net, ['in'], [net.head.scores]), [input], { substitute });
          const crossing = prefix.run([input]);
          assert.deepEqual(run(suffix, crossing, { substitute }), whole);
          for (const value of crossing) if (value !== input) value.dispose();
        }
        assert.equal(memory().numTensors, before);
        dispose([input, mask]);
      }),
      { numRuns: 200 },
    );
  });

  it('runs no operation before the cut again', () => {
    const net = network([
      operation('a', ['in'], { kind: 'opaque' }),
      operation('b', ['a'], { kind: 'opaque' }),
      operation('c', ['b', 'a'], { kind: 'add' }),
    ]);
    const { prefix, suffix } = cutAfter(net, 'b');
    assert.deepEqual(
      suffix.operations.map(({ id }) => id),
      ['c'],
    );
    assert.deepEqual([...suffix.from].sort(), ['a', 'b']);
    assert.deepEqual(prefix.to, suffix.from);
  });
});

describe('site rule', () => {
  const ALGEBRAS = {
    identity: { kind: 'identity' },
    affine: { kind: 'affine', scale: null, offset: null },
    pooling: { kind: 'pooling', how: 'max', global: false },
    reshape: { kind: 'reshape', moves: 'any' },
    softmax: { kind: 'softmax' },
  } as const;
  const dense = (id: string, from: string): Operation => operation(id, [from], { kind: 'opaque' }, 'dense');
  const of = (id: string, from: string, kind: keyof typeof ALGEBRAS): Operation =>
    operation(id, [from], ALGEBRAS[kind]);
  const relu_ = (id: string, from: string): Operation => operation(id, [from], RELU);
  const add_ = (id: string, a: string, b: string): Operation => operation(id, [a, b], { kind: 'add' });
  const sitesOf = (...operations: Operation[]): string[] =>
    findSites(network([...operations])).sites.map(({ name, kind }) => `${name} ${kind}`);

  it('follows channel-wise layers and stops after the first nonlinearity', () => {
    assert.deepEqual(
      sitesOf(
        dense('a', 'in'),
        of('norm', 'a', 'affine'),
        of('drop', 'norm', 'identity'),
        relu_('first', 'drop'),
        relu_('second', 'first'),
        dense('scores', 'second'),
      ),
      ['first dense'],
    );
  });

  it('ends before pooling, reshaping, a fork and a join', () => {
    assert.deepEqual(
      sitesOf(
        dense('a', 'in'),
        of('pool', 'a', 'pooling'),
        dense('b', 'pool'),
        of('flat', 'b', 'reshape'),
        dense('forked', 'flat'),
        relu_('left', 'forked'),
        relu_('right', 'forked'),
        dense('joined', 'left'),
        add_('sum', 'joined', 'right'),
        dense('scores', 'sum'),
      ),
      ['a dense', 'b dense', 'forked dense', 'joined dense'],
    );
  });

  it('makes a site of an add that is followed by a nonlinearity', () => {
    assert.deepEqual(
      sitesOf(
        dense('a', 'in'),
        dense('b', 'a'),
        add_('sum', 'a', 'b'),
        relu_('out', 'sum'),
        dense('scores', 'out'),
      ),
      ['a dense', 'b dense', 'out add'],
    );
  });

  it('makes none of what gives the class scores, also through pooling and softmax', () => {
    assert.deepEqual(
      sitesOf(
        dense('a', 'in'),
        relu_('b', 'a'),
        dense('scores', 'b'),
        of('pool', 'scores', 'pooling'),
        of('soft', 'pool', 'softmax'),
      ),
      ['b dense'],
    );
  });

  it('keeps another output of the model, on which the scores do not depend', () => {
    const operations = [dense('a', 'in'), relu_('side', 'a'), dense('scores', 'in')];
    const { sites, excluded } = findSites(network(operations, 'scores'));
    assert.deepEqual(
      sites.map(({ name, feeds }) => [name, feeds]),
      [['side', false]],
    );
    assert.deepEqual(excluded, []);
  });

  it('lists what makes units but cannot be ablated, with the reason', () => {
    const hindered = { ...dense('a', 'in'), hindrance: 'is recurrent' };
    assert.deepEqual(findSites(network([hindered, dense('scores', 'a')])).excluded, [
      { name: 'a', reason: 'is recurrent' },
    ]);
  });
});

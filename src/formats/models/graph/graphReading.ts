import { reshape, scalar, tensor, zeros, type Tensor } from '@tensorflow/tfjs-core';
import { Failure } from '../../../protocol/failure';
import type { Operation, Shape } from '../../../core/network/network';
import { MOST_ELEMENTS } from './claimedSize';
import { closureOf, type Closure } from './closure';
import { closureKind } from './closureKinds';
import { elementKind } from './elementKinds';
import { nodeOf, outputOf, type GraphNode } from './graphDef';
import { linearKind } from './linearKinds';
import { moveKind } from './moveKinds';
import { plainKind, type NodeCall, type NodeInput, type NodeKind } from './nodeCall';
import { NodeRunner } from './nodeRunner';
import { OperationList } from './operationList';
import { tryNode, type Trial, type TrialContext } from './trial';
import { BATCHES, sizeThrough, type Data, type Step, type Value } from './values';

/** An input of a graph. */
export interface GraphInput {
  /** The placeholder's name. */
  readonly name: string;
  /** Of one sample. */
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32' | 'bool';
}

/** What a graph is read from. */
export interface GraphSource extends TrialContext {
  /** Inputs before what reads them. */
  readonly nodes: readonly GraphNode[];
  readonly inputs: readonly GraphInput[];
  readonly weights: ReadonlyMap<string, Tensor>;
  /** Values that somebody outside reads. */
  readonly outputs: readonly string[];
}

/** Nodes that give what they read, moved: run here, so that no batch size is mistaken for another axis. */
const RESHAPES = new Set(['Reshape', 'Squeeze', 'ExpandDims']);

/**
 * Reads a graph node by node: each is run on a few samples of zeros, which tells its shape and whether it has one row
 * a sample, and written down as an operation. Constants are computed once; what only the batch size decides is no
 * operation.
 */
export class GraphReading {
  private readonly list = new OperationList();
  private readonly values = new Map<string, Value>();
  /** How often each value is read, the graph's outputs included. */
  private readonly uses = new Map<string, number>();
  /** Uses that are still to come. */
  private readonly left = new Map<string, number>();
  private readonly owned = new Set<Tensor>();
  private readonly probes = new Set<Tensor>();

  constructor(private readonly source: GraphSource) {
    for (const value of [...source.nodes.flatMap(({ inputs }) => inputs), ...source.outputs]) {
      this.uses.set(value, (this.uses.get(value) ?? 0) + 1);
    }
    for (const [value, count] of this.uses) this.left.set(value, count);
  }

  /**
   * @throws Failure for nodes that cannot be run
   */
  read(): void {
    const outputs = new Map<string, string[]>();
    for (const value of this.uses.keys()) {
      outputs.set(nodeOf(value), [...(outputs.get(nodeOf(value)) ?? []), value]);
    }
    this.source.nodes.forEach((node, order) => {
      const runner = new NodeRunner(node);
      for (const value of outputs.get(node.name) ?? []) {
        this.values.set(value, this.valueOf(node, order, value, runner));
      }
      for (const input of node.inputs) this.release(input);
    });
    for (const output of this.source.outputs) this.release(output);
  }

  get operations(): Operation[] {
    return this.list.all;
  }

  /** The operation that computes a value; null where none does. */
  operationOf(value: string): string | null {
    const known = this.values.get(value);
    return known?.kind === 'data' ? known.id : null;
  }

  /** Frees what was made on the way, and what the operations need. */
  dispose(): void {
    for (const tensor of [...this.owned, ...this.probes]) tensor.dispose();
    this.owned.clear();
    this.probes.clear();
  }

  private valueOf(node: GraphNode, order: number, value: string, runner: NodeRunner): Value {
    if (outputOf(value) > 0 && (node.op === 'Const' || node.op.startsWith('Placeholder'))) {
      throw this.failure(`is damaged: something reads ${value}, which is not in its graph`);
    }
    const input = this.source.inputs.find(({ name }) => name === node.name);
    if (input !== undefined) return this.input(input);
    if (node.op === 'Const') return this.constant(node);
    if (node.op === 'Placeholder') return this.training();
    const inputs = node.inputs.map((each) => this.values.get(each)!);
    // The default of an input that is no sample's: whether to train, at what rate to drop.
    if (node.op === 'PlaceholderWithDefault') return inputs[0]!;
    if (node.op === 'Shape' && inputs[0]?.kind === 'data') return this.shapeOf(inputs[0]);
    const trial: Trial = { node, runner, inputs, output: outputOf(value) };
    if (inputs.every((each) => each.kind === 'constant')) {
      const made = tryNode(trial, 0, this.source);
      this.owned.add(made);
      return { kind: 'constant', tensor: made };
    }
    if (inputs.every((each) => each.kind !== 'data')) {
      const size = this.sizeOf(BATCHES.map((_, index) => tryNode(trial, index, this.source)));
      if (size !== null) return size;
    }
    const probes = [0, 1].map((index) => this.kept(tryNode(trial, index, this.source)));
    return this.data(trial, order, value, probes as [Tensor, Tensor]);
  }

  private input({ name, shape, dtype }: GraphInput): Data {
    if (shape.reduce((size, each) => size * each, BATCHES[1]) > MOST_ELEMENTS) {
      throw this.failure(
        `has an input of ${shape.join('×')} numbers (${name}), which is too large to be run`,
      );
    }
    const probes = [0, 1].map((index) => this.kept(zeros([BATCHES[index]!, ...shape], dtype))) as [
      Tensor,
      Tensor,
    ];
    const given: Operation = {
      id: `${name}@0`,
      name,
      type: 'Placeholder',
      layer: { name, parameters: 0 },
      inputs: [],
      shape: [null, ...shape],
      ...plainKind({ kind: 'input' }),
      run: () => {
        throw new Error(`The value of ${name} is not given`);
      },
    };
    this.list.push(given);
    const value: Data = { kind: 'data', id: given.id, steps: [], probes };
    return dtype === 'float32' ? value : { ...value, cast: dtype };
  }

  private constant({ name }: GraphNode): Value {
    const weight = this.source.weights.get(name);
    if (weight === undefined) {
      throw this.failure(`is damaged: the weights of ${name} are not listed in its "weightsManifest"`);
    }
    return { kind: 'constant', tensor: weight };
  }

  /** An input of a single truth value tells whether the network is in training: it is not. */
  private training(): Value {
    const no = scalar(false, 'bool');
    this.owned.add(no);
    return { kind: 'constant', tensor: no };
  }

  /** The shape of data, as far as two batch sizes tell. */
  private shapeOf({ probes }: Data): Value {
    const [a, b] = probes.map(({ shape }) => shape) as [number[], number[]];
    const c = a.map((size, axis) => size + (BATCHES[2] - BATCHES[0]) * (b[axis]! - size));
    return this.sizeOf([a, b, c].map((shape) => tensor(shape, [shape.length], 'int32')))!;
  }

  private sizeOf(values: readonly Tensor[]): Value | null {
    const size = sizeThrough(values as [Tensor, Tensor, Tensor]);
    for (const each of values) each.dispose();
    return size;
  }

  private data(
    { node, runner, output }: Trial,
    order: number,
    value: string,
    probes: readonly [Tensor, Tensor],
  ): Data {
    const { attributes } = node;
    const turned = ['transpose_a', 'transpose_b', 'adj_x', 'adj_y'].some((name) => attributes.flag(name));
    const step: Step = {
      order,
      value,
      op: node.op,
      turned,
      plain:
        attributes.text('padding') === 'VALID' && attributes.numbers('strides').every((size) => size === 1),
      inputs: node.inputs,
      run: (inputs) => runner.run(inputs, output),
    };
    const closure = closureOf(step, this.values);
    if (closure === null) {
      throw this.failure(`mixes samples in ${node.title} (${node.op}), which cannot be analysed`);
    }
    const shape = rowShape(probes);
    // Whole numbers and truth values are steps towards numbers that can be scaled, cached and ablated.
    const isFloat = probes[0].dtype === 'float32';
    if (shape === null || closure.inputs.length === 0 || !isFloat) {
      return { kind: 'data', id: null, steps: closure.steps, probes };
    }

    const call = this.callOf(node, shape);
    const input = this.list.get(closure.inputs[0])!;
    const isOne = closure.steps.length === 1;
    const kind = isOne ? nodeKind(call) : closureKind(closure, this.values, input.shape, call);
    const suffix = output === 0 ? '' : `:${String(output)}`;
    const operation: Operation = {
      id: `${node.name}@0${suffix}`,
      name: `${node.title}${suffix}`,
      type: node.op,
      layer: { name: `${node.title}${suffix}`, parameters: this.parametersIn(closure) },
      inputs: closure.inputs,
      shape,
      ...kind,
      run: isOne && RESHAPES.has(node.op) ? reshaping(shape) : (values) => closure.run(values),
    };
    this.list.add(operation, call, this.uses.get(value) === 1);
    return { kind: 'data', id: operation.id, steps: [], probes };
  }

  /** Numbers in the constants that a part of the graph reads. */
  private parametersIn({ steps }: Closure): number {
    const read = new Set(steps.flatMap(({ inputs }) => inputs));
    return [...read].reduce((sum, each) => {
      const value = this.values.get(each);
      const isLearned = value?.kind === 'constant' && value.tensor.dtype === 'float32';
      return isLearned ? sum + value.tensor.size : sum;
    }, 0);
  }

  private callOf(node: GraphNode, shape: Shape): NodeCall {
    const inputs = node.inputs.map((each): NodeInput => {
      const value = this.values.get(each)!;
      const constant = value.kind === 'constant' ? value.tensor : null;
      const id = value.kind === 'data' ? value.id : null;
      const input = this.list.get(id);
      return { constant, id, shape: input?.shape ?? [] };
    });
    const own = (made: Tensor): Tensor => {
      this.owned.add(made);
      return made;
    };
    return { node, inputs, shape, own };
  }

  private kept(probe: Tensor): Tensor {
    this.probes.add(probe);
    return probe;
  }

  /** Frees what was tried once nothing needs it. */
  private release(value: string): void {
    const left = (this.left.get(value) ?? 0) - 1;
    this.left.set(value, left);
    const known = this.values.get(value);
    if (left > 0 || known?.kind !== 'data') return;
    for (const probe of known.probes) {
      this.probes.delete(probe);
      probe.dispose();
    }
  }

  private failure(sentence: string): Failure {
    const { file } = this.source;
    return new Failure(`${file} ${sentence}.`, { file });
  }
}

function nodeKind(call: NodeCall): NodeKind {
  return linearKind(call) ?? elementKind(call) ?? moveKind(call) ?? plainKind({ kind: 'opaque' });
}

/** The shape of a value with one row a sample; null for others. */
function rowShape(probes: readonly [Tensor, Tensor]): Shape | null {
  const [a, b] = probes.map(({ shape }) => shape) as [number[], number[]];
  const isRows = a[0] === BATCHES[0] && b[0] === BATCHES[1] && a.slice(1).join() === b.slice(1).join();
  return isRows && !a.includes(0) ? [null, ...a.slice(1)] : null;
}

function reshaping(shape: Shape): (inputs: readonly Tensor[]) => Tensor {
  return ([x]) => reshape(x!, [x!.shape[0], ...(shape.slice(1) as number[])]);
}

import { Failure } from '../../../protocol/failure';
import { Attributes, recordOf } from './attributes';
import { refuseOperation } from './refusedOps';

/** A node of a TensorFlow graph. */
export interface GraphNode {
  readonly name: string;
  /** The name of the node in the file that it comes from. */
  readonly title: string;
  /** What it computes: `MatMul`. */
  readonly op: string;
  /** The values it reads: a node's name for its first output, `name:1`, … for the others. */
  readonly inputs: readonly string[];
  readonly attributes: Attributes;
  /** The same as it stands in the file. */
  readonly attr: Readonly<Record<string, unknown>>;
}

/** The nodes of a graph by their names, all of whose inputs are there. */
export type Graph = ReadonlyMap<string, GraphNode>;

/**
 * Reads a graph's nodes as `modelTopology.node` lists them.
 * @throws Failure for a node without a name, two of one name, or an input that is not there
 */
export function parseGraph(topology: Readonly<Record<string, unknown>>, file: string): Graph {
  const listed = topology['node'];
  if (!Array.isArray(listed)) {
    throw new Failure(`${file} is a graph model without nodes ("modelTopology.node"); convert it again.`, {
      file,
    });
  }
  const graph = new Map<string, GraphNode>();
  for (const each of listed as unknown[]) {
    const node = parseNode(recordOf(each), file);
    if (graph.has(node.name)) {
      throw new Failure(`${file} is damaged: two nodes of its graph are called ${node.name}.`, { file });
    }
    graph.set(node.name, node);
  }
  for (const { name, inputs } of graph.values()) {
    const missing = inputs.find((input) => !graph.has(nodeOf(input)));
    if (missing !== undefined) {
      throw new Failure(`${file} is damaged: the node ${name} reads ${missing}, which is not in its graph.`, {
        file,
      });
    }
  }
  return graph;
}

function parseNode(fields: Readonly<Record<string, unknown>>, file: string): GraphNode {
  const { name, op, input = [], attr } = fields;
  if (
    typeof name !== 'string' ||
    typeof op !== 'string' ||
    !Array.isArray(input) ||
    !input.every((each) => typeof each === 'string')
  ) {
    throw new Failure(`${file} is damaged: a node of its graph has no name, operation or list of inputs.`, {
      file,
    });
  }
  const inputs = input.filter((each) => !each.startsWith('^')).map(withoutFirst);
  return { name, title: name, op, inputs, attributes: new Attributes(recordOf(attr)), attr: recordOf(attr) };
}

/** `name:0` is written `name`. */
function withoutFirst(value: string): string {
  return value.endsWith(':0') ? value.slice(0, -2) : value;
}

/** The name of the node that a value comes from. */
export function nodeOf(value: string): string {
  return /^(.*):\d+$/s.exec(value)?.[1] ?? value;
}

/** Which of its node's outputs a value is. */
export function outputOf(value: string): number {
  return Number(/:(\d+)$/.exec(value)?.[1] ?? 0);
}

/** The value that a signature or a caller names: `name:0` is `name`. */
export function valueNamed(name: string): string {
  return withoutFirst(name);
}

/**
 * The nodes that some values depend on, inputs before what reads them.
 * @throws Failure if the graph has a cycle, or a node that cannot be analysed
 */
export function nodesBefore(graph: Graph, values: readonly string[], file: string): GraphNode[] {
  const ordered: GraphNode[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const stack = [...values].reverse().map((value) => ({ name: nodeOf(value), next: 0 }));
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const node = graph.get(top.name)!;
    if (top.next === 0) {
      if (state.has(top.name)) {
        stack.pop();
        continue;
      }
      refuseOperation(node, file);
      state.set(top.name, 'open');
    }
    const input = node.inputs[top.next++];
    if (input === undefined) {
      state.set(top.name, 'done');
      ordered.push(node);
      stack.pop();
      continue;
    }
    const before = nodeOf(input);
    const met = state.get(before);
    if (met === 'open') {
      throw new Failure(
        `${file} is damaged or has a loop: the value of ${before} depends on itself, which cannot be analysed.`,
        { file },
      );
    }
    if (met === undefined) stack.push({ name: before, next: 0 });
  }
  return ordered;
}

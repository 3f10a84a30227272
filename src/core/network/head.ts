import { Failure } from '../../protocol/failure';
import type { Head, HeadKind, Operation } from './network';

/**
 * Picks the output that names the class: the last softmax-like one, else the last that gives one number a
 * class, and finds where its logits are.
 * @param outputs ids of the network's outputs
 * @throws Failure if no output is a classifier's
 */
export function findHead(operations: readonly Operation[], outputs: readonly string[], file: string): Head {
  const byId = new Map(operations.map((operation) => [operation.id, operation]));
  const heads = outputs.flatMap((id) => headAt(id, byId) ?? []);
  const head =
    heads.findLast(({ kind }) => kind === 'softmax') ??
    heads.findLast(({ kind }) => kind === 'sigmoid') ??
    heads.findLast(({ kind }) => kind === 'probabilities') ??
    heads.at(-1);
  if (head !== undefined) return head;
  const shapes = outputs.map((id) => describeShape(byId.get(id)?.shape.slice(1) ?? []));
  throw new Failure(
    `${file} is not a classifier: it gives ${shapes.join(' and ')} a sample, not a score for each class.`,
    { file },
  );
}

function headAt(output: string, byId: ReadonlyMap<string, Operation>): Head | null {
  const operation = byId.get(output);
  if (operation?.shape.length !== 2) return null;
  const classes = operation.shape[1];
  if (typeof classes !== 'number') return null;
  const at = throughIdentities(operation, byId);
  const before = at.inputs[0];
  const head = (kind: HeadKind, scores: string, count: number): Head => ({
    kind,
    scores,
    output,
    classes: count,
  });
  const { algebra } = at;
  if (algebra.kind === 'softmax' && before !== undefined && classes > 1)
    return head('softmax', before, classes);
  const isSigmoid = algebra.kind === 'pointwise' && algebra.name === 'sigmoid';
  if (isSigmoid && before !== undefined && classes === 1) return head('sigmoid', before, 2);
  if (classes === 1) return null;
  if (isSigmoid) return head('probabilities', output, classes);
  if (algebra.kind === 'pointwise') return null;
  return head('logits', output, classes);
}

/** Goes back over what changes nothing, such as a dropout or a cast at the end. */
function throughIdentities(operation: Operation, byId: ReadonlyMap<string, Operation>): Operation {
  let at = operation;
  while (at.algebra.kind === 'identity') {
    const before = byId.get(at.inputs[0] ?? '');
    if (before === undefined) break;
    at = before;
  }
  return at;
}

function describeShape(shape: readonly (number | null)[]): string {
  const sizes = shape.map((size) => (size === null ? 'any' : String(size)));
  return sizes.length === 1 && sizes[0] === '1' ? 'one number' : `${sizes.join('×')} numbers`;
}

import { Failure } from '../../protocol/failure';
import type { Head, HeadKind, NetworkOutput, Operation } from './network';
import { outputProblem } from './outputProblem';
import { withKnown } from './refusal';

/**
 * Tells of each output of a network which operation it is and how many classes it tells apart.
 * @param ids of the operations that are outputs
 */
export function outputsOf(operations: readonly Operation[], ids: readonly string[]): NetworkOutput[] {
  const byId = new Map(operations.map((operation) => [operation.id, operation]));
  return ids.map((id) => ({
    name: byId.get(id)?.name ?? id,
    id,
    classes: headAt(id, byId)?.classes ?? null,
  }));
}

/** After the name of an output of one number: it is the logit of the second of two classes. */
const AS_LOGIT = ':sigmoid';

/**
 * Picks the output that names the class and finds where its logits are: the one chosen, or else the last
 * softmax-like one, or else the last that gives one number a class.
 * @param choose name or index of an output; with `:sigmoid` after it one of one number is taken for the logit of the
 *   second of two classes
 * @throws Failure if there is no such output, or it is no classifier's
 */
export function findHead(
  operations: readonly Operation[],
  outputs: readonly NetworkOutput[],
  file: string,
  choose?: string,
): Head {
  const byId = new Map(operations.map((operation) => [operation.id, operation]));
  if (choose?.endsWith(AS_LOGIT) === true && !outputs.some(({ name }) => name === choose)) {
    return logitHead(chosenOutput(outputs, choose.slice(0, -AS_LOGIT.length), file), byId, file);
  }
  const offered = choose === undefined ? outputs : [chosenOutput(outputs, choose, file)];
  const found = offered.flatMap(({ id }) => headAt(id, byId) ?? []);
  const heads = choose === undefined ? found.filter((head) => !repeatsInput(head, byId)) : found;
  const head =
    heads.findLast(({ kind }) => kind === 'softmax') ??
    heads.findLast(({ kind }) => kind === 'sigmoid') ??
    heads.findLast(({ kind }) => kind === 'probabilities') ??
    heads.at(-1);
  if (head !== undefined) return head;
  const inputs = operations.filter(({ algebra }) => algebra.kind === 'input');
  const problems = offered.map(({ name, id }) => `${name} ${outputProblem(byId.get(id)!, inputs)}`);
  const message =
    choose === undefined
      ? `${file} is not a classifier: its output ${problems.join('; its output ')}. A model can be analysed that gives a score for each class.`
      : `The output ${choose} of ${file} is not a classifier's: it ${outputProblem(byId.get(offered[0]!.id)!, inputs)}; choose another output.`;
  throw new Failure(message, { file });
}

/** As {@link findHead}; what it throws knows the network. */
export function headOf(
  operations: readonly Operation[],
  outputs: readonly NetworkOutput[],
  file: string,
  choose?: string,
): Head {
  try {
    return findHead(operations, outputs, file, choose);
  } catch (error) {
    throw withKnown(error, { operations, outputs });
  }
}

/** So many values are taken for classes even where the network's input has as many; beyond, for an autoencoder's. */
const MOST_CLASSES_AS_INPUTS = 32;

/** Is it most likely no classifier's, but an autoencoder's that gives its flat input back? */
function repeatsInput({ kind, classes }: Head, byId: ReadonlyMap<string, Operation>): boolean {
  if (kind === 'softmax' || classes <= MOST_CLASSES_AS_INPUTS) return false;
  return [...byId.values()].some(
    ({ algebra, shape }) => algebra.kind === 'input' && shape.length === 2 && shape[1] === classes,
  );
}

/** A linear output of one number, as networks have it that were trained with from_logits=True. */
function logitHead({ name, id }: NetworkOutput, byId: ReadonlyMap<string, Operation>, file: string): Head {
  const { shape, algebra } = byId.get(id)!;
  const isNumber = shape.length === 2 && shape[1] === 1;
  if (isNumber && algebra.kind !== 'pointwise' && algebra.kind !== 'softmax') {
    return { kind: 'sigmoid', scores: id, output: id, classes: 2 };
  }
  throw new Failure(
    `The output ${name} of ${file} is no logit of two classes, which would be one number without an activation; choose it without ${AS_LOGIT}.`,
    { file },
  );
}

function chosenOutput(outputs: readonly NetworkOutput[], choose: string, file: string): NetworkOutput {
  const chosen =
    outputs.find(({ name }) => name === choose) ??
    (/^\d+$/.test(choose) ? outputs[Number(choose)] : undefined);
  if (chosen !== undefined) return chosen;
  const list = outputs.map(({ name }, index) => `${name} (${String(index)})`).join(', ');
  throw new Failure(`${file} has no output ${choose}; its outputs are ${list}.`, { file });
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

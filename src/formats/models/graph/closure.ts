import { cast, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { sizeAt, type Data, type Step, type Value } from './values';

/** So many nodes may stand inside one operation. */
const MOST_STEPS = 256;

/** A part of a graph that is run as one operation. */
export interface Closure {
  /** Ids of the operations it reads. */
  readonly inputs: readonly string[];
  /** Its nodes, inputs before what reads them; the last gives its value. */
  readonly steps: readonly Step[];
  run(inputs: readonly Tensor[]): Tensor;
}

/**
 * The smallest part of a graph that computes a value from the outputs of operations.
 * @param last the node that computes it
 * @returns null where more nodes stand in it than are sensible
 */
export function closureOf(last: Step, values: ReadonlyMap<string, Value>): Closure | null {
  const byValue = new Map<string, Step>([[last.value, last]]);
  for (const input of last.inputs) {
    for (const step of interior(values.get(input))) byValue.set(step.value, step);
  }
  if (byValue.size > MOST_STEPS) return null;
  const steps = [...byValue.values()].sort((a, b) => a.order - b.order);
  const read = new Set(steps.flatMap((step) => step.inputs));
  const sources = [...read].flatMap((value) => {
    const known = values.get(value);
    return known?.kind === 'data' && known.id !== null ? [{ value, id: known.id, type: known.cast }] : [];
  });
  const given = [...read].flatMap((value): [string, Exclude<Value, Data>][] => {
    const known = values.get(value);
    return known === undefined || known.kind === 'data' ? [] : [[value, known]];
  });
  const run = (inputs: readonly Tensor[]): Tensor =>
    tidy(() => {
      const batch = inputs[0]!.shape[0];
      const computed = new Map<string, Tensor>();
      sources.forEach(({ value, type }, index) => {
        computed.set(value, type === undefined ? inputs[index]! : cast(inputs[index]!, type));
      });
      for (const [value, known] of given) {
        computed.set(value, known.kind === 'constant' ? known.tensor : sizeAt(known, batch));
      }
      for (const step of steps)
        computed.set(step.value, step.run(step.inputs.map((each) => computed.get(each)!)));
      return computed.get(last.value)!;
    });
  return { inputs: sources.map(({ id }) => id), steps, run };
}

function interior(value: Value | undefined): readonly Step[] {
  return value?.kind === 'data' ? value.steps : [];
}

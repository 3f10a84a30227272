import { Failure } from '../../protocol/failure';

type Json = Readonly<Record<string, unknown>>;

/** Classes that stand for their first call without being called. */
const BEGUN = new Set(['InputLayer', 'Model', 'Functional', 'Sequential']);

/**
 * Refuses a topology whose layers take what no layer gives, or go round in a circle: tfjs-layers would wait for them
 * for ever.
 * @param topology in the words of tfjs-layers
 * @throws Failure that names one of the layers
 */
export function refuseCircles(topology: unknown, file: string): void {
  const open: unknown[] = [topology];
  for (let value = open.pop(); value !== undefined || open.length > 0; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    const { layers } = value as Json;
    if (Array.isArray(layers)) refuseIn(layers.filter(isJson), file);
    for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) open.push(part);
  }
}

function refuseIn(layers: readonly Json[], file: string): void {
  const calls = new Map<unknown, number>();
  for (const { name, class_name: type } of layers) calls.set(name, BEGUN.has(String(type)) ? 1 : 0);
  let waiting = layers.flatMap(({ name, inbound_nodes: nodes }) =>
    Array.isArray(nodes) ? nodes.filter(Array.isArray).map((inputs: unknown[]) => ({ name, inputs })) : [],
  );
  for (;;) {
    const left = waiting.filter(({ name, inputs }) => {
      if (!inputs.every((input) => isThere(input, calls))) return true;
      if (inputs.length > 0) calls.set(name, (calls.get(name) ?? 0) + 1);
      return false;
    });
    const [first] = left;
    if (first === undefined) return;
    if (left.length === waiting.length) {
      throw new Failure(
        `${file} is damaged: its layer ${String(first.name).slice(0, 60)} takes what no layer gives, or its layers go round in a circle.`,
        { file },
      );
    }
    waiting = left;
  }
}

/** @param input the name of a layer and the index of its call */
function isThere(input: unknown, calls: ReadonlyMap<unknown, number>): boolean {
  if (!Array.isArray(input)) return true;
  const [name, index] = input as unknown[];
  const made = calls.get(name);
  return made !== undefined && !(made <= Number(index));
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { add, neg } from '@tensorflow/tfjs-core';
import { OPAQUE, type LayerCall } from './layerCall';

/**
 * A difference, as the sum of its first input and the negated second, whose numbers are the same to the last bit. The negated
 * values are of no known algebra, so that the units that were negated stay the site.
 * @param at goes after the call's id for what the layer gives
 * @returns id of that
 */
export function subtractParts(call: LayerCall, at: string): string {
  const [first, second] = call.inputs as [string, string];
  const negated = call.add({
    ...OPAQUE,
    at: '/negated',
    name: '/negated',
    inputs: [second],
    shape: call.inputShapes[1]!,
    run: ([x]) => neg(x!),
  });
  return call.add({
    ...OPAQUE,
    at,
    inputs: [first, negated],
    shape: call.outputShapes[0]!,
    algebra: { kind: 'add' },
    run: ([a, b]) => add(a!, b!),
  });
}

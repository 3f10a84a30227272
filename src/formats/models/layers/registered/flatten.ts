import { layers } from '@tensorflow/tfjs-layers';

/** What tfjs-layers checks the shape of an input against. */
interface FlattenObject {
  inputSpec: unknown;
  assertInputCompatibility(inputs: unknown): void;
}

/**
 * Teaches tfjs-layers to flatten what is flat already `[samples, units]`, as Keras does: its layer computes that, and
 * only refuses to.
 */
export function teachFlatten(): void {
  const flatten = Object.getPrototypeOf(layers.flatten()) as FlattenObject;
  if (taught.has(flatten)) return;
  taught.add(flatten);
  const inherited = Object.getPrototypeOf(flatten) as FlattenObject;
  flatten.assertInputCompatibility = function (this: FlattenObject, inputs): void {
    this.inputSpec = [{ minNDim: 2 }];
    inherited.assertInputCompatibility.call(this, inputs);
  };
}

const taught = new WeakSet<FlattenObject>();

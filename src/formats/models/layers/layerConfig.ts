import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayerObject } from '../layerInternals';

/** The weight of a layer whose name ends so; null where it has none. */
export function weightOf(layer: LayerObject, part: string): Tensor | null {
  const weight = layer.weights.find(({ originalName }) => originalName.endsWith(part));
  return weight?.read() ?? null;
}

/** A layer's kernel, or its only weight. */
export function kernelOf(layer: LayerObject): Tensor {
  const kernel = weightOf(layer, 'kernel') ?? layer.weights[0]?.read();
  if (kernel === undefined) throw new Error(`${layer.name} has no weights`);
  return kernel;
}

/** A setting that is a number or a list of them, as a list; one 1 where it is not set. */
export function numbersOf(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return Array.isArray(value) ? value.filter((v): v is number => typeof v === 'number') : [1];
}

export function keepsChannelsFirst(layer: LayerObject): boolean {
  return layer.getConfig()['dataFormat'] === 'channelsFirst';
}

/**
 * A layer's `axis`, counted from the front.
 * @param rank of the layer's output, batch axis included
 */
export function axisOf(layer: LayerObject, rank: number): number {
  const { axis } = layer.getConfig();
  const set = Array.isArray(axis) ? Number(axis[0]) : Number(axis ?? -1);
  return set < 0 ? set + rank : set;
}

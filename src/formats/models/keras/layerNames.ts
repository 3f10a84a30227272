import { isContainer, type ContainerObject } from '../layerInternals';
import { isJson } from './topology/reading';

/** The names that tfjs-layers takes, which makes those of weights from them. */
const TAKEN = /^[A-Za-z0-9][-A-Za-z0-9._/]*$/;

/** A description whose layers have names that tfjs-layers takes, and the way back. */
export interface Renamed<Topology> {
  readonly topology: Topology;
  /** Gives the layers of the model built from it their own names. */
  readonly restore: (model: ContainerObject) => void;
}

/**
 * Gives layers plain names for as long as tfjs-layers builds them: Keras lets a layer be called `Schicht ä` or `_a`.
 * @param topology in the words of tfjs-layers, of bounded depth
 */
export function withPlainNames<Topology extends object>(topology: Topology): Renamed<Topology> {
  const plain = new Map<string, string>();
  collect(topology, plain);
  const own = new Map([...plain].map(([name, replaced]) => [replaced, name]));
  const restore = (model: ContainerObject): void => {
    for (const layer of model.layers) {
      layer.name = own.get(layer.name) ?? layer.name;
      if (isContainer(layer)) restore(layer);
    }
  };
  return { topology: plain.size === 0 ? topology : (replaced(topology, plain) as Topology), restore };
}

function collect(value: unknown, plain: Map<string, string>): void {
  if (Array.isArray(value)) for (const item of value) collect(item, plain);
  if (!isJson(value)) return;
  const { name } = value;
  if (typeof name === 'string' && !TAKEN.test(name) && !plain.has(name)) {
    plain.set(name, `named-${String(plain.size)}-${name.replace(/[^A-Za-z0-9]/g, '')}`);
  }
  for (const inner of Object.values(value)) collect(inner, plain);
}

/** Layers are named in their own description and wherever others read them. */
function replaced(value: unknown, plain: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return plain.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => replaced(item, plain));
  if (!isJson(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, replaced(inner, plain)]));
}

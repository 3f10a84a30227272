import type { Hdf5File } from '../../hdf5/hdf5File';
import { isContainer, type ContainerObject, type LayerObject } from '../layerInternals';
import { legacyGroup, texts } from './hdf5Layouts';
import { inLaterLayout, isTheano } from './keras1Weights';
import {
  allWeights,
  leafLayers,
  misfit,
  numbersOf,
  setWeight,
  setWeights,
  type Numbers,
} from './layerWeights';
import type { RawLayer } from './rawLayers';

/** The weights of one layer, as a file lists them. */
interface StoredLayer {
  readonly name: string;
  /** Paths of the arrays below the layer's group, as Keras names its weights. */
  readonly weights: readonly string[];
}

/**
 * Sets the weights of a model from the layout of Keras' HDF5 files: a group for each layer, whose attribute
 * `weight_names` lists its arrays. Layers are found by name, and by order where no names agree, as Keras does.
 * @param raw the model's description
 * @throws Failure when they do not fit
 */
export function setLegacyWeights(h5: Hdf5File, model: ContainerObject, raw: RawLayer): void {
  const group = legacyGroup(h5) ?? '';
  const names = texts(h5, group, 'layer_names') ?? [];
  const stored = names
    .map((name) => ({ name, weights: weightNames(h5, join(group, name)) }))
    .filter(({ weights }) => weights.length > 0);
  const isOld = isTheano(h5, group);
  for (const [layer, { name, weights }] of matched(h5, model, stored)) {
    const given = weights.map((weight) => {
      const path = join(join(group, name), weight);
      return numbersOf(h5, h5.dataset(path));
    });
    const described = findRaw(raw, layer.name);
    const numbers = described === null ? given : inLaterLayout(given, layer, described, isOld, h5);
    if (isContainer(layer)) setContainer(h5, layer, weights, numbers);
    else setWeights(allWeights(layer), numbers, layer.name, h5.file);
  }
}

/** Each layer of the model that has weights, with those in the file. */
function matched(
  h5: Hdf5File,
  model: ContainerObject,
  stored: readonly StoredLayer[],
): (readonly [LayerObject, StoredLayer])[] {
  const top = model.layers.filter((layer) => allWeights(layer).length > 0);
  const byName = new Map(stored.map((layer) => [layer.name, layer]));
  // Keras 1 wrote the layers of models in a Sequential as if they were its own.
  for (const layers of [top, leafLayers(model)]) {
    const named = layers.flatMap((layer) => {
      const found = byName.get(layer.name);
      return found === undefined ? [] : [[layer, found] as const];
    });
    if (named.length === layers.length) return named;
  }
  if (top.some(({ name }) => byName.has(name)) || top.length !== stored.length) {
    const missing = top.find(({ name }) => !byName.has(name));
    throw misfit(
      h5.file,
      missing === undefined
        ? `it has ${stored.length} layers with weights, the model ${top.length}`
        : `it holds none for the layer ${missing.name}`,
    );
  }
  return top.map((layer, index) => [layer, stored[index]!] as const);
}

/** Sets the weights of a model that is a layer: by the names of its layers, and where these do not tell, by order. */
function setContainer(
  h5: Hdf5File,
  model: ContainerObject,
  names: readonly string[],
  numbers: readonly Numbers[],
): void {
  const weights = byLayerName(model, names) ?? allWeights(model);
  if (weights.length !== numbers.length) {
    setWeights(weights, numbers, model.name, h5.file);
    return;
  }
  for (const [index, weight] of weights.entries()) setWeight(weight, numbers[index]!, model.name, h5.file);
}

/** The weights of a model's layers in the order of a file's names for them, `inner/dense/kernel:0`; or null. */
function byLayerName(model: ContainerObject, names: readonly string[]): ReturnType<typeof allWeights> | null {
  const leaves = new Map(leafLayers(model).map((layer) => [layer.name, [...allWeights(layer)]]));
  if (leaves.size !== leafLayers(model).length) return null;
  const found = names.map((name) => {
    const layer = name
      .split('/')
      .slice(0, -1)
      .reverse()
      .find((part) => leaves.has(part));
    return layer === undefined ? undefined : leaves.get(layer)?.shift();
  });
  const isWhole = found.every((weight) => weight !== undefined);
  return isWhole && [...leaves.values()].every((left) => left.length === 0) ? found : null;
}

function weightNames(h5: Hdf5File, group: string): readonly string[] {
  if (h5.kind(group) !== 'group') return [];
  return (texts(h5, group, 'weight_names') ?? []).filter((name) => !name.includes('seed_generator'));
}

function findRaw(raw: RawLayer, name: string): RawLayer | null {
  for (const layer of raw.layers) {
    const found = layer.name === name ? layer : findRaw(layer, name);
    if (found !== null) return found;
  }
  return null;
}

function join(group: string, name: string): string {
  return group === '' ? name : `${group}/${name}`;
}

import type { Hdf5File } from '../../hdf5/hdf5File';
import { isContainer, type ContainerObject, type LayerObject } from '../layerInternals';
import { LAYER_GROUPS } from './hdf5Layouts';
import { allWeights, heldLayers, misfit, numbersOf, ownWeights, setWeights } from './layerWeights';
import type { RawLayer } from './rawLayers';

/**
 * Sets the weights of a model from the layout of `.keras` files: groups named after the layers' classes, in each
 * the arrays `vars/0`, `vars/1`, …
 * @throws Failure when they do not fit
 */
export function setStoredWeights(h5: Hdf5File, model: ContainerObject, raw: RawLayer): void {
  setContainer(h5, model, '', raw);
}

function setContainer(h5: Hdf5File, model: ContainerObject, group: string, raw: RawLayer): void {
  const groups = groupsOf(h5, group, raw);
  for (const layer of model.layers) {
    if (allWeights(layer).length === 0) continue;
    const found = groups.get(layer.name);
    if (found === undefined) throw misfit(h5.file, `it holds none for the layer ${layer.name}`);
    setLayer(h5, layer, found.group, found.raw);
  }
}

function setLayer(h5: Hdf5File, layer: LayerObject, group: string, raw: RawLayer): void {
  if (isContainer(layer)) {
    setContainer(h5, layer, group, raw);
    return;
  }
  const own = ownWeights(layer);
  if (own.length > 0) {
    const stored = own.map((_, index) => h5.dataset(`${group}/vars/${index}`));
    setWeights(
      own,
      stored.map((dataset) => numbersOf(h5, dataset)),
      layer.name,
      h5.file,
    );
  }
  const inner = (key: string): RawLayer => raw.inner[key] ?? raw;
  for (const { attribute, layers } of heldLayers(layer)) {
    if (attribute !== 'cells') {
      for (const held of layers) setLayer(h5, held, `${group}/${attribute}`, inner(attribute));
      continue;
    }
    const cells = children(h5, `${group}/cells`);
    // Of cells of several classes their names do not tell the order.
    if (cells.length !== layers.length || new Set(cells.map(classOf)).size > 1)
      throw misfit(h5.file, `the cells of the layer ${layer.name} are not told apart`);
    for (const [index, held] of layers.entries()) setLayer(h5, held, `${group}/cells/${cells[index]!}`, raw);
  }
}

/** Where each layer of a model has its weights: by the names in the file, else by class and order. */
function groupsOf(
  h5: Hdf5File,
  group: string,
  raw: RawLayer,
): Map<string, { readonly group: string; readonly raw: RawLayer }> {
  const prefix = group === '' ? '' : `${group}/`;
  const folder = LAYER_GROUPS.map((name) => prefix + name).find((path) => h5.kind(path) === 'group');
  if (folder === undefined) throw misfit(h5.file, `it holds none for the model ${raw.name}`);
  const stored = children(h5, folder);
  const names = stored.map((child) => nameOf(h5, `${folder}/${child}`));
  const byName = new Map(stored.map((child, index) => [names[index], child]));
  const isNamed = stored.every((_, index) => names[index] !== null) && byName.size === stored.length;
  const used = new Map<string, number>();
  return new Map(
    raw.layers.flatMap((layer) => {
      const type = snakeCase(layer.type);
      const index = used.get(type) ?? 0;
      used.set(type, index + 1);
      const ofType = stored.filter((child) => classOf(child) === type);
      const child = isNamed ? byName.get(layer.name) : ofType[index];
      return child === undefined ? [] : [[layer.name, { group: `${folder}/${child}`, raw: layer }] as const];
    }),
  );
}

function nameOf(h5: Hdf5File, group: string): string | null {
  const vars = `${group}/vars`;
  const name = h5.kind(vars) === 'group' ? h5.attribute(vars, 'name') : null;
  return typeof name === 'string' ? name : null;
}

/** The groups in a group, numbered ones in the order of their numbers. */
function children(h5: Hdf5File, group: string): string[] {
  const names = h5.members(group).filter(({ kind }) => kind === 'group');
  return names
    .map(({ name }) => name)
    .filter((name) => name !== 'vars')
    .sort((a, b) => numberOf(a) - numberOf(b));
}

/** `dense_3` → 3, `dense` → 0. */
function numberOf(name: string): number {
  return Number(/_(\d+)$/.exec(name)?.[1] ?? 0);
}

function classOf(name: string): string {
  return name.replace(/_\d+$/, '');
}

/** As Keras makes it of a class: `PReLU` → `p_re_lu`. */
export function snakeCase(name: string): string {
  return name
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

import type { Hdf5File } from '../../hdf5/hdf5File';

/** The group with the layers: of a whole model, or of weights alone; null: this is no such file. */
export function legacyGroup(h5: Hdf5File): string | null {
  if (h5.kind('model_weights') === 'group') return 'model_weights';
  return texts(h5, '', 'layer_names') === null ? null : '';
}

/** Where a model keeps its layers; the second is what Keras 2.12 to 2.14 wrote. */
export const LAYER_GROUPS = ['layers', '_layer_checkpoint_dependencies'];

/** Is this the layout of `model.weights.h5`, in a `.keras` file or alone? */
export function isStoredLayout(h5: Hdf5File): boolean {
  return LAYER_GROUPS.some((group) => h5.kind(group) === 'group');
}

/** An attribute of texts, which Keras splits into `name0`, `name1`, … where it is long; null where there is none. */
export function texts(h5: Hdf5File, group: string, name: string): readonly string[] | null {
  const names = new Set(h5.attributeNames(group));
  if (names.has(name)) return asTexts(h5, group, name);
  const parts: string[] = [];
  for (let i = 0; names.has(`${name}${i}`); i++) parts.push(...asTexts(h5, group, `${name}${i}`));
  return names.has(`${name}0`) ? parts : null;
}

function asTexts(h5: Hdf5File, group: string, name: string): readonly string[] {
  const value = h5.attribute(group, name);
  return [value].flat().filter((text) => typeof text === 'string');
}

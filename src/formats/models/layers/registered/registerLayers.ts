import { serialization } from '@tensorflow/tfjs-core';
import { activationClasses } from './activations';
import { Bidirectional } from './bidirectional';
import * as convolutions from './convolutions';
import { teachFlatten } from './flatten';
import { GRUCellResetAfter, GRUResetAfter } from './gruResetAfter';
import { GroupNormalization, Normalization, RMSNormalization, UnitNormalization } from './normalizations';
import { passThroughLayers } from './passThrough';
import * as positions from './positions';
import { ELUWithScale, ReLUWithSlope } from './rectifier';
import * as resizing from './resizing';
import { Subtract } from './subtract';

type Registered = serialization.SerializableConstructor<serialization.Serializable>;

/** The class that takes the place of one of tfjs-layers. */
const STOCK_AS_WELL = Bidirectional.className;

/** What tfjs-layers is taught. */
const CLASSES = [
  Bidirectional,
  Subtract,
  ReLUWithSlope,
  ELUWithScale,
  Normalization,
  GroupNormalization,
  UnitNormalization,
  RMSNormalization,
  GRUCellResetAfter,
  GRUResetAfter,
  ...Object.values(positions),
  ...Object.values(resizing),
  ...Object.values(convolutions),
  ...passThroughLayers,
  ...activationClasses,
] as unknown as Registered[];

/** Names of the layers and activations that tfjs-layers itself lacks. */
export const TAUGHT: ReadonlySet<string> = new Set(
  CLASSES.map(({ className }) => className).filter((name) => name !== STOCK_AS_WELL),
);

/**
 * Teaches tfjs-layers the layers and activations of Keras that it lacks. To be called before a model is read; any
 * number of times.
 */
export function registerLayers(): void {
  teachFlatten();
  const known = serialization.SerializationMap.getMap().classNameMap;
  const isKnown = (one: Registered): boolean =>
    one.className === STOCK_AS_WELL ? known[one.className]?.[0] === one : Object.hasOwn(known, one.className);
  for (const one of CLASSES) {
    if (!isKnown(one)) serialization.registerClass(one);
  }
}

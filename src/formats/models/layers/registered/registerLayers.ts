import { serialization } from '@tensorflow/tfjs-core';
import { activationClasses } from './activations';
import * as convolutions from './convolutions';
import { teachFlatten } from './flatten';
import { GRUCellResetAfter, GRUResetAfter } from './gruResetAfter';
import { GroupNormalization, Normalization, RMSNormalization, UnitNormalization } from './normalizations';
import { passThroughLayers } from './passThrough';
import * as positions from './positions';
import { ELUWithScale, ReLUWithSlope } from './rectifier';
import * as resizing from './resizing';
import { Subtract } from './subtract';

/**
 * Teaches tfjs-layers the layers and activations of Keras that it lacks. To be called before a model is read; any
 * number of times.
 */
export function registerLayers(): void {
  teachFlatten();
  const known = serialization.SerializationMap.getMap().classNameMap;
  const classes = [
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
  ] as unknown as serialization.SerializableConstructor<serialization.Serializable>[];
  for (const one of classes) {
    if (!Object.hasOwn(known, one.className)) serialization.registerClass(one);
  }
}

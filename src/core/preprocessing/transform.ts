import { CAFFE, IMAGENET, scaleParts } from '../../protocol/scale';
import type { Scale } from '../../protocol/study';
import type { FeatureStatistics } from './featureStatistics';

/**
 * What a scale does to the elements of a sample: y = x · multiply / divide + add, entry c for the elements whose
 * index is c modulo the number of entries (one entry: for all), after the channels were turned round or not.
 */
export interface Transform {
  readonly reversed: boolean;
  readonly multiply: number;
  readonly divide: Float64Array;
  readonly add: Float64Array;
}

/**
 * The transform that a scale stands for.
 * @param features of the data, where the scale standardises each feature
 */
export function transformOf(scale: Scale, features: FeatureStatistics | null = null): Transform {
  if (scale === 'mean,std') {
    if (features === null) throw new Error('Features have no statistics');
    const divide = features.deviation.map((value) => (value === 0 ? 1 : value));
    return { reversed: false, multiply: 1, divide, add: features.mean.map((mean, i) => -mean / divide[i]!) };
  }
  const { stored, before, target } = scaleParts(scale);
  // Pixels of 0 … 255 first: x · gain + shift.
  let gain = stored === '0..1' ? 255 : stored === '-1..1' ? 127.5 : 1;
  let shift = stored === '-1..1' ? 127.5 : 0;
  if (before === 'inverted') [gain, shift] = [-gain, 255 - shift];
  const { divide, add } = fromPixels(target);
  return {
    reversed: before === 'bgr' || target === 'caffe',
    multiply: gain,
    divide: Float64Array.from(divide),
    add: Float64Array.from(add, (value, c) => shift / divide[c]! + value),
  };
}

/** y = pixel / divide + add, one entry a channel where they differ. */
function fromPixels(target: ReturnType<typeof scaleParts>['target']): { divide: number[]; add: number[] } {
  switch (target) {
    case '0..1':
      return { divide: [255], add: [0] };
    case '-1..1':
      return { divide: [127.5], add: [-1] };
    case 'imagenet':
      return {
        divide: IMAGENET.deviation.map((deviation) => 255 * deviation),
        add: IMAGENET.mean.map((mean, c) => -mean / IMAGENET.deviation[c]!),
      };
    case 'caffe':
      return { divide: [1, 1, 1], add: CAFFE.map((mean) => -mean) };
    default:
      return { divide: [1], add: [0] };
  }
}

/** Needs a scale the three channels of a coloured picture? */
export function needsColour(scale: Scale): boolean {
  const { before, target } = scaleParts(scale);
  return before === 'bgr' || target === 'imagenet' || target === 'caffe';
}

/**
 * Carries a transform out, in place.
 * @param values samples one after another, channels last
 */
export function applyTransform(values: Float32Array, transform: Transform): void {
  const { reversed, multiply, divide, add } = transform;
  if (reversed) {
    for (let i = 0; i + 2 < values.length; i += 3) {
      const first = values[i]!;
      values[i] = values[i + 2]!;
      values[i + 2] = first;
    }
  }
  const period = divide.length;
  if (period > 1) {
    for (let i = 0, c = 0; i < values.length; i++, c = c + 1 === period ? 0 : c + 1) {
      values[i] = (values[i]! * multiply) / divide[c]! + add[c]!;
    }
    return;
  }
  const by = divide[0]!;
  const plus = add[0]!;
  if (multiply === 1 && by === 1 && plus === 0) return;
  for (let i = 0; i < values.length; i++) values[i] = (values[i]! * multiply) / by + plus;
}

import type { Scale } from './study';

/** Mean and deviation of the colours of ImageNet, of pixels between 0 and 1, as PyTorch's models take them off. */
export const IMAGENET = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] } as const;

/** Mean pixel of ImageNet, blue first, as Caffe's models (and Keras' VGG and ResNet) take it off. */
export const CAFFE = [103.939, 116.779, 123.68] as const;

/** A scale in its parts. */
export interface ScaleParts {
  /** Where the stored values lie: 0 … 255 when null. */
  readonly stored: '0..1' | '-1..1' | null;
  readonly before: 'bgr' | 'inverted' | null;
  readonly target: 'none' | '0..255' | '0..1' | '-1..1' | 'imagenet' | 'caffe' | 'mean,std';
}

/** Takes a scale apart. */
export function scaleParts(scale: Scale): ScaleParts {
  const parts = scale.split(':');
  const target = parts.pop() as ScaleParts['target'];
  const before = parts.at(-1) === 'bgr' || parts.at(-1) === 'inverted' ? parts.pop() : null;
  return {
    stored: (parts[0] ?? null) as ScaleParts['stored'],
    before: before as ScaleParts['before'],
    target,
  };
}

/** Short formulas, by where the stored values lie and what is wanted; null: 0 … 255. */
const FORMULAS = {
  '0..255': {
    plain: {
      none: 'x as stored',
      '0..255': 'x as stored',
      '0..1': 'x / 255',
      '-1..1': 'x / 127.5 − 1',
      imagenet: '(x / 255 − mean) / deviation of ImageNet',
      caffe: 'BGR, x − mean of ImageNet',
    },
    inverted: { none: '255 − x', '0..255': '255 − x', '0..1': '1 − x / 255', '-1..1': '1 − x / 127.5' },
  },
  '0..1': {
    plain: {
      none: 'x as stored',
      '0..255': '255 x',
      '0..1': 'x as stored',
      '-1..1': '2 x − 1',
      imagenet: '(x − mean) / deviation of ImageNet',
      caffe: 'BGR, 255 x − mean of ImageNet',
    },
    inverted: { none: '1 − x', '0..255': '255 − 255 x', '0..1': '1 − x', '-1..1': '1 − 2 x' },
  },
  '-1..1': {
    plain: {
      none: 'x as stored',
      '0..255': '127.5 (x + 1)',
      '0..1': '(x + 1) / 2',
      '-1..1': 'x as stored',
      imagenet: '((x + 1) / 2 − mean) / deviation of ImageNet',
      caffe: 'BGR, 127.5 (x + 1) − mean of ImageNet',
    },
    inverted: { none: '−x', '0..255': '127.5 (1 − x)', '0..1': '(1 − x) / 2', '-1..1': '−x' },
  },
} as const;

/** A scale as a formula of the stored value x: `x / 255`, `BGR, x as stored`. */
export function scaleFormula(scale: Scale): string {
  const { stored, before, target } = scaleParts(scale);
  if (target === 'mean,std') return '(x − mean) / deviation of each feature in these data';
  const { plain, inverted } = FORMULAS[stored ?? '0..255'];
  if (before === 'inverted') return inverted[target as keyof typeof inverted];
  return before === 'bgr' ? `BGR, ${plain[target]}` : plain[target];
}

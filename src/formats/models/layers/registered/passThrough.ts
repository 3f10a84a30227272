import type { Tensor } from '@tensorflow/tfjs-core';
import { RegisteredLayer } from './registeredLayer';

/** Layers that change nothing at inference: kinds of dropout, and random changes of images. */
export const PASSED_THROUGH = [
  'PassThrough',
  'SpatialDropout2D',
  'SpatialDropout3D',
  'ActivityRegularization',
  'RandomFlip',
  'RandomRotation',
  'RandomTranslation',
  'RandomZoom',
  'RandomShear',
  'RandomPerspective',
  'RandomElasticTransform',
  'RandomErasing',
  'RandomContrast',
  'RandomBrightness',
  'RandomHue',
  'RandomSaturation',
  'RandomSharpness',
  'RandomGrayscale',
  'RandomInvert',
  'RandomPosterization',
  'RandomGaussianBlur',
  'RandomColorJitter',
  'RandomColorDegeneration',
  'RandAugment',
  'AugMix',
  'CutMix',
  'MixUp',
] as const;

/** A class for each of {@link PASSED_THROUGH}. */
export const passThroughLayers = PASSED_THROUGH.map(
  (name) =>
    class extends RegisteredLayer {
      static readonly className = name;

      protected override compute(x: Tensor): Tensor {
        return x;
      }
    },
);

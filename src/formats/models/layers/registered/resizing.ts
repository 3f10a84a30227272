import { image, slice, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { Failure } from '../../../../protocol/failure';
import { RegisteredLayer, size, type LayerShape } from './registeredLayer';

/** Layers of images `[samples, height, width, channels]`. */
abstract class OfImages extends RegisteredLayer {
  constructor(settings: RegisteredLayer['settings']) {
    super(settings);
    this.needChannelsLast();
  }

  protected override shapeAfter(input: LayerShape): LayerShape {
    if (input.length !== 4) throw this.unfit('input');
    const [samples, height, width, channels] = input;
    return [
      samples!,
      size(height, (n) => this.sizeOf(n, 0)),
      size(width, (n) => this.sizeOf(n, 1)),
      channels!,
    ];
  }

  /** How high (axis 0) or wide (axis 1) an image of that height or width becomes. */
  protected abstract sizeOf(pixels: number, axis: 0 | 1): number;

  /** With the centres of pixels half a pixel from their edges, as Keras resizes; stock TensorFlow.js layers do not. */
  protected resized(x: Tensor, how: 'bilinear' | 'nearest'): Tensor {
    const [, height, width] = x.shape as [number, number, number, number];
    const sizes: [number, number] = [this.sizeOf(height, 0), this.sizeOf(width, 1)];
    return how === 'bilinear'
      ? image.resizeBilinear(x as Tensor4D, sizes, false, true)
      : image.resizeNearestNeighbor(x as Tensor4D, sizes, false, true);
  }
}

/** Images a whole number of times as large, with what lies between pixels interpolated. */
export class BilinearUpSampling2D extends OfImages {
  static readonly className = 'BilinearUpSampling2D';

  protected override sizeOf(pixels: number, axis: 0 | 1): number {
    return pixels * this.counts('size', 2, 2)[axis]!;
  }

  protected override compute(x: Tensor): Tensor {
    return this.resized(x, 'bilinear');
  }
}

/** Images of another size, as Keras resizes them. */
export class KerasResizing extends OfImages {
  static readonly className = 'KerasResizing';

  protected override sizeOf(_: number, axis: 0 | 1): number {
    return this.count(axis === 0 ? 'height' : 'width');
  }

  protected override compute(x: Tensor): Tensor {
    return this.resized(x, this.settings['interpolation'] === 'nearest' ? 'nearest' : 'bilinear');
  }
}

/** The middle of images at least as large. */
export class KerasCenterCrop extends OfImages {
  static readonly className = 'KerasCenterCrop';

  protected override sizeOf(pixels: number, axis: 0 | 1): number {
    const wanted = this.count(axis === 0 ? 'height' : 'width');
    if (wanted > pixels) {
      throw new Failure(`the layer ${this.name} enlarges images to crop them, which is not supported.`);
    }
    return wanted;
  }

  protected override compute(x: Tensor): Tensor {
    const [samples, height, width, channels] = x.shape as [number, number, number, number];
    const sizes = [this.sizeOf(height, 0), this.sizeOf(width, 1)] as const;
    const [top, left] = [Math.floor((height - sizes[0]) / 2), Math.floor((width - sizes[1]) / 2)];
    return slice(x, [0, top, left, 0], [samples, ...sizes, channels]);
  }
}

import { gather, max, mean, pad, slice, tensor1d, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { RegisteredLayer, size, type LayerShape } from './registeredLayer';

/** Layers that add, drop or repeat positions, channels last. */
abstract class OverPositions extends RegisteredLayer {
  protected abstract readonly spatial: number;

  constructor(settings: RegisteredLayer['settings']) {
    super(settings);
    this.needChannelsLast();
  }

  /** Two numbers for each spatial axis: before, and after. */
  protected edges(key: string): [number, number][] {
    const value = this.settings[key] ?? 1;
    if (typeof value === 'number' || this.spatial > 1) {
      const list = Array.isArray(value) ? value : Array.from({ length: this.spatial }, () => value);
      if (list.length !== this.spatial) throw this.unfit(key);
      return list.map((edge) => this.pair(key, edge));
    }
    return [this.pair(key, value)];
  }

  private pair(key: string, edge: unknown): [number, number] {
    const [before, after] = Array.isArray(edge) ? (edge as unknown[]) : [edge, edge];
    if (![before, after].every((one) => Number.isSafeInteger(one) && (one as number) >= 0)) {
      throw this.unfit(key);
    }
    return [before as number, after as number];
  }

  protected override shapeAfter(input: LayerShape): LayerShape {
    if (input.length !== this.spatial + 2) throw this.unfit('input');
    return input.map((one, axis) => {
      const isSpatial = axis > 0 && axis <= this.spatial;
      return isSpatial ? size(one, (n) => this.sizeAt(axis - 1, n)) : one;
    });
  }

  /** How many positions a spatial axis of `positions` has afterwards. */
  protected abstract sizeAt(axis: number, positions: number): number;
}

abstract class ZeroPadding extends OverPositions {
  protected override sizeAt(axis: number, positions: number): number {
    const [before, after] = this.edges('padding')[axis]!;
    return before + positions + after;
  }

  protected override compute(x: Tensor): Tensor {
    return pad(x, [[0, 0], ...this.edges('padding'), [0, 0]]);
  }
}

export class ZeroPadding1D extends ZeroPadding {
  static readonly className = 'ZeroPadding1D';
  protected readonly spatial = 1;
}

export class ZeroPadding3D extends ZeroPadding {
  static readonly className = 'ZeroPadding3D';
  protected readonly spatial = 3;
}

abstract class Cropping extends OverPositions {
  protected override sizeAt(axis: number, positions: number): number {
    const [before, after] = this.edges('cropping')[axis]!;
    if (before + after >= positions) throw this.unfit('cropping');
    return positions - before - after;
  }

  protected override compute(x: Tensor): Tensor {
    const edges = this.edges('cropping');
    const begin = [0, ...edges.map(([before]) => before), 0];
    const sizes = x.shape.map((n, axis) => {
      const [before, after] = edges[axis - 1] ?? [0, 0];
      return n - before - after;
    });
    return slice(x, begin, sizes);
  }
}

export class Cropping1D extends Cropping {
  static readonly className = 'Cropping1D';
  protected readonly spatial = 1;
}

export class Cropping3D extends Cropping {
  static readonly className = 'Cropping3D';
  protected readonly spatial = 3;
}

/** Every position repeated along each axis. */
abstract class UpSampling extends OverPositions {
  private times(): number[] {
    return this.counts('size', this.spatial, 2);
  }

  protected override sizeAt(axis: number, positions: number): number {
    return positions * this.times()[axis]!;
  }

  protected override compute(x: Tensor): Tensor {
    return tidy(() =>
      this.times().reduce((made, times, index) => {
        const positions = made.shape[index + 1]!;
        const from = Int32Array.from({ length: positions * times }, (_, at) => Math.floor(at / times));
        return gather(made, tensor1d(from, 'int32'), index + 1);
      }, x),
    );
  }
}

export class UpSampling1D extends UpSampling {
  static readonly className = 'UpSampling1D';
  protected readonly spatial = 1;
}

export class UpSampling3D extends UpSampling {
  static readonly className = 'UpSampling3D';
  protected readonly spatial = 3;
}

/** The mean or the maximum over all positions, which may be kept as one. */
abstract class GlobalPooling extends RegisteredLayer {
  protected abstract readonly how: 'max' | 'average';
  protected abstract readonly keeps: boolean;

  constructor(settings: RegisteredLayer['settings']) {
    super(settings);
    this.needChannelsLast();
  }

  protected override shapeAfter(input: LayerShape): LayerShape {
    if (input.length < 3) throw this.unfit('input');
    const last = input.length - 1;
    const shape = input.map((n, axis) => (axis === 0 || axis === last ? n : 1));
    return this.keeps ? shape : [shape[0]!, shape[last]!];
  }

  protected override compute(x: Tensor): Tensor {
    const positions = x.shape.map((_, axis) => axis).slice(1, -1);
    return this.how === 'max' ? max(x, positions, this.keeps) : mean(x, positions, this.keeps);
  }
}

export class GlobalAveragePooling3D extends GlobalPooling {
  static readonly className = 'GlobalAveragePooling3D';
  protected readonly how = 'average';
  protected readonly keeps = false;
}

export class GlobalMaxPooling3D extends GlobalPooling {
  static readonly className = 'GlobalMaxPooling3D';
  protected readonly how = 'max';
  protected readonly keeps = false;
}

/** Over one, two or three spatial axes, which stay with size 1. */
export class GlobalAveragePoolingKept extends GlobalPooling {
  static readonly className = 'GlobalAveragePoolingKept';
  protected readonly how = 'average';
  protected readonly keeps = true;
}

/** As {@link GlobalAveragePoolingKept}. */
export class GlobalMaxPoolingKept extends GlobalPooling {
  static readonly className = 'GlobalMaxPoolingKept';
  protected readonly how = 'max';
  protected readonly keeps = true;
}

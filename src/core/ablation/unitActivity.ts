import { mean, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Control } from '../control';
import type { Site } from '../network/sites';
import type { PlainForward } from './plainForward';

/** Neighbouring units of a site, and what they do on all samples. */
interface Block {
  readonly site: Site;
  readonly first: number;
  readonly units: number;
  /** `[samples, units]`: means over positions or time steps. */
  readonly values: Float32Array;
}

/** A pass over the samples, and how many of them it has seen. */
interface Pass {
  readonly blocks: readonly Block[];
  readonly predicted: Int32Array;
  done: number;
  checked: boolean;
}

/** What one unit does on all samples, in their order. */
export interface ActivityOfUnit {
  /** `[samples]`: mean activation over positions or time steps. */
  readonly activity: Float32Array;
  /** `[samples]`: the class that the network gives. */
  readonly predicted: Int32Array;
}

/**
 * What units do on the samples when nothing is ablated. One pass keeps the activity of the site that was asked for,
 * and of as many others as memory holds: the next unit is there at once. Of a site larger than that memory it keeps
 * the unit and its neighbours.
 */
export class UnitActivity {
  private pass: Pass | null = null;

  /**
   * @param indices the samples
   * @param memory bytes to spend on what is kept
   * @param check called after a pass; throws where the samples it read are not all of one version
   */
  constructor(
    private readonly forward: PlainForward,
    private readonly sites: readonly Site[],
    private readonly indices: Int32Array,
    private readonly memory: number,
    private readonly check: () => Promise<void>,
  ) {}

  /**
   * A pass that is cancelled goes on where it was the next time.
   * @throws Cancelled
   * @throws what `check` throws
   */
  async of(site: Site, unit: number, control: Control): Promise<ActivityOfUnit> {
    let pass = this.pass;
    let block = pass?.blocks.find((one) => holds(one, site, unit));
    if (pass === null || block === undefined) {
      block = this.blockOf(site, unit);
      const predicted = new Int32Array(this.indices.length);
      pass = { blocks: this.beside(block), predicted, done: 0, checked: false };
      this.pass = pass;
    }
    await this.finish(pass, control);
    const { first, units, values } = block;
    const activity = new Float32Array(this.indices.length).map((_, n) => values[n * units + unit - first]!);
    return { activity, predicted: pass.predicted };
  }

  /** Frees what is kept. */
  release(): void {
    this.pass = null;
  }

  private async finish(pass: Pass, control: Control): Promise<void> {
    const { forward, indices } = this;
    const blocks = new Map(pass.blocks.map((block) => [block.site.id, block]));
    while (pass.done < indices.length) {
      await control.breathe();
      const { done } = pass;
      const part = indices.slice(done, done + forward.batch);
      const { predicted } = await forward.run(part, control, {
        observe: ({ id }, output, rows) => {
          const block = blocks.get(id);
          if (block !== undefined) keep(block, output, done, rows);
        },
      });
      pass.predicted.set(predicted, done);
      pass.done += part.length;
    }
    if (pass.checked) return;
    await this.check();
    pass.checked = true;
  }

  /** Room for the unit, and for so many of its site as fit. */
  private blockOf(site: Site, unit: number): Block {
    const wide = Math.floor(this.memory / (4 * this.indices.length));
    const units = Math.max(1, Math.min(site.units, wide));
    const first = Math.min(site.units - units, unit - (unit % units));
    return { site, first, units, values: new Float32Array(this.indices.length * units) };
  }

  /** The block, and whole sites for which there is room beside it. */
  private beside(block: Block): Block[] {
    const blocks = [block];
    let left = this.memory - block.values.byteLength;
    for (const site of this.sites) {
      const bytes = 4 * this.indices.length * site.units;
      if (site === block.site || bytes > left) continue;
      left -= bytes;
      blocks.push({ site, first: 0, units: site.units, values: new Float32Array(bytes / 4) });
    }
    return blocks;
  }
}

function holds({ site, first, units }: Block, wanted: Site, unit: number): boolean {
  return site === wanted && unit >= first && unit < first + units;
}

/** Keeps what a batch's first `rows` samples give: `[batch, …positions, units]`. */
function keep({ site, first, units, values }: Block, output: Tensor, from: number, rows: number): void {
  const positions = output.shape.slice(1, -1).map((_, axis) => axis + 1);
  const means = tidy(() => (positions.length === 0 ? output.clone() : mean(output, positions)));
  const all = means.dataSync<'float32'>();
  means.dispose();
  for (let row = 0; row < rows; row++) {
    const at = row * site.units + first;
    values.set(all.subarray(at, at + units), (from + row) * units);
  }
}

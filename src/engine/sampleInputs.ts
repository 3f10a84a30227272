import { storedValues } from '../core/preprocessing/candidates';
import { Recent } from '../core/recent';
import { sampleForm, shownSample, type SampleForm } from '../core/sampleForm';
import { scaledValues } from '../core/samples';
import type { SampleInput } from '../protocol/details';
import type { OpenStudy } from './openStudy';

/** Bytes of samples that are kept: the same ones are asked for again and again. */
const KEPT = 8 * 2 ** 20;

/** Reads samples of a study to be looked at, as they are stored; of several inputs the one that is scaled. */
export class SampleInputs {
  private readonly recent = new Recent<SampleInput>(KEPT);
  private readonly form: SampleForm;
  private readonly stored: ReturnType<typeof scaledValues>;
  private range: Promise<{ readonly least: number; readonly most: number }> | null = null;

  constructor(
    private readonly study: OpenStudy,
    dataName: string,
  ) {
    this.stored = scaledValues(study.network, study.data, dataName);
    const { id, values, shape } = this.stored;
    this.form = sampleForm(study.network, id, values.shape, shape);
  }

  /**
   * The samples at some places in the data, in that order; reads those that it has not kept.
   * @throws Failure where the data cannot be read any more
   */
  async read(indices: ArrayLike<number>): Promise<SampleInput[]> {
    const wanted = Array.from(indices);
    const found = new Map(wanted.map((index) => [index, this.recent.get(String(index))]));
    const missing = [...found].flatMap(([index, input]) => (input === undefined ? [index] : []));
    if (missing.length > 0) {
      const range = await (this.range ??= this.findRange());
      const values = await this.stored.values.read(missing);
      const size = values.length / missing.length;
      missing.forEach((index, n) => {
        const input = shownSample(values.subarray(n * size, (n + 1) * size), this.form, range);
        found.set(index, input);
        this.recent.set(String(index), input, bytesOf(input));
      });
    }
    return wanted.map((index) => found.get(index)!);
  }

  /** What is black and what is white in a picture. */
  private async findRange(): Promise<{ readonly least: number; readonly most: number }> {
    if (this.form.kind !== 'image') return { least: 0, most: 0 };
    const { values, shape } = this.stored;
    const { range, least, most } = await storedValues(values, shape, this.study.indices);
    if (range === '0..255') return { least: 0, most: 255 };
    if (range === '0..1') return { least: 0, most: 1 };
    return range === '-1..1' ? { least: -1, most: 1 } : { least, most };
  }
}

function bytesOf(input: SampleInput): number {
  return input.kind === 'image' ? input.rgba.byteLength : input.values.byteLength;
}

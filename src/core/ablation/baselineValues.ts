import { dispose, gather, tensor, tensor1d, type Tensor } from '@tensorflow/tfjs-core';
import { elementsOf } from '../network/cost';
import { operationOf, type Network } from '../network/network';
import { Program } from '../network/program';
import type { Samples } from '../samples';
import type { BatchObserver } from './plainForward';

/**
 * Values of the unablated network on a study's samples: what pass 0 saw is kept as far as memory allows, the rest
 * is computed when asked for.
 */
export class BaselineValues {
  /** By sample index: its place in the study's order, −1 outside. */
  private readonly place: Int32Array;
  /** `[samples, elements]` in the study's order. */
  private readonly kept = new Map<string, Float32Array>();
  private readonly programs = new Map<string, Program>();
  private current: { readonly key: string; readonly of: Int32Array; readonly values: Tensor[] } | null = null;

  /**
   * @param indices the study's samples, in the order of pass 0
   * @param ids operations whose values are worth keeping, the most wanted first
   * @param budget bytes that may be kept
   */
  constructor(
    private readonly network: Network,
    private readonly samples: Samples,
    indices: Int32Array,
    ids: readonly string[],
    budget: number,
  ) {
    this.place = new Int32Array(samples.labels.length).fill(-1);
    indices.forEach((index, at) => (this.place[index] = at));
    let left = budget;
    for (const id of new Set(ids)) {
      const operation = operationOf(network, id);
      const elements = indices.length * elementsOf(operation);
      if (elements * 4 > left || operation.shape.slice(1).includes(null)) continue;
      left -= elements * 4;
      this.kept.set(id, new Float32Array(elements));
    }
  }

  /** Keeps what pass 0 sees. */
  readonly observe: BatchObserver = (operation, output, rows, part) => {
    const into = this.kept.get(operation.id);
    if (into === undefined) return;
    const elements = output.size / output.shape[0];
    const values = output.dataSync<'float32'>();
    const first = this.place[part[0]!]!;
    into.set(values.subarray(0, rows * elements), first * elements);
  };

  /** All that is kept of an operation, `[samples, elements]` in the study's order; null where it is not. */
  all(id: string): Float32Array | null {
    return this.kept.get(id) ?? null;
  }

  /** Values on some samples; they live until the next call with other operations or samples. */
  async tensors(ids: readonly string[], samples: Int32Array): Promise<readonly Tensor[]> {
    const key = ids.join('\n');
    if (this.current?.key === key && this.current.of === samples) return this.current.values;
    this.release();
    const values = await this.fresh(ids, samples);
    this.current = { key, of: samples, values };
    return values;
  }

  /** The same as numbers, `[samples, elements]`; not to be changed. */
  async rows(id: string, samples: Int32Array): Promise<Float32Array> {
    const kept = this.keptRows(id, samples);
    if (kept !== null) return kept;
    const [value] = await this.tensors([id], samples);
    return value!.dataSync<'float32'>();
  }

  /** Values on some samples, in which one may come more than once; the caller disposes them. */
  async fresh(ids: readonly string[], samples: Int32Array): Promise<Tensor[]> {
    const rows = ids.map((id) => this.keptRows(id, samples));
    if (rows.every((row) => row !== null)) {
      return rows.map((row, k) =>
        tensor(row, [
          samples.length,
          ...operationOf(this.network, ids[k]!)
            .shape.slice(1)
            .map((size) => size!),
        ]),
      );
    }
    const { distinct, at } = distinctOf(samples);
    const inputs = await this.samples.load(distinct);
    const values = this.programOf(ids).run(inputs);
    dispose(inputs.filter((input) => !values.includes(input)));
    if (at === null) return values;
    const index = tensor1d(at, 'int32');
    const spread = values.map((value) => gather(value, index));
    dispose([...values, index]);
    return spread;
  }

  /** Frees what it keeps. */
  dispose(): void {
    this.release();
    this.kept.clear();
  }

  private release(): void {
    if (this.current !== null) dispose(this.current.values);
    this.current = null;
  }

  private keptRows(id: string, samples: Int32Array): Float32Array | null {
    const all = this.kept.get(id);
    if (all === undefined || samples.some((sample) => this.place[sample]! < 0)) return null;
    const elements = elementsOf(operationOf(this.network, id));
    const first = this.place[samples[0]!]!;
    if (samples.every((sample, k) => this.place[sample] === first + k)) {
      return all.subarray(first * elements, (first + samples.length) * elements);
    }
    const gathered = new Float32Array(samples.length * elements);
    samples.forEach((sample, k) => {
      const from = this.place[sample]! * elements;
      gathered.set(all.subarray(from, from + elements), k * elements);
    });
    return gathered;
  }

  private programOf(ids: readonly string[]): Program {
    const key = ids.join('\n');
    let program = this.programs.get(key);
    if (program === undefined) {
      program = new Program(this.network, this.network.inputs, ids);
      this.programs.set(key, program);
    }
    return program;
  }
}

/** The samples without repetition, and where each stands among them; `at` is null where none repeats. */
function distinctOf(samples: Int32Array): { distinct: Int32Array; at: Int32Array | null } {
  const places = new Map<number, number>();
  const at = samples.map((sample) => {
    const place = places.get(sample) ?? places.size;
    places.set(sample, place);
    return place;
  });
  if (places.size === samples.length) return { distinct: samples, at: null };
  return { distinct: Int32Array.from(places.keys()), at };
}

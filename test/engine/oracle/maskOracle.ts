/**
 * The independent brute force that the engine is held against: stock `predict` on a copy of the model with a mask
 * layer put in, counted in plain float64 JavaScript. Shares no code with `src`. Runs in a process of its own
 * (`main.ts`), so that it shares no tensor, backend or setting with the engine either.
 */
import * as tf from '@tensorflow/tfjs-node';
import { insertMask, type Masked } from './surgery';

/** Samples as the network takes them, and where its class scores are. */
export interface OracleInput {
  /** Path of the `model.json`. */
  readonly model: string;
  /** Already scaled: `[samples, …shape]`. */
  readonly x: Float32Array;
  /** Shape of one sample as the network takes it. */
  readonly shape: readonly number[];
  readonly labels: Int32Array;
  /** Index of the output that holds the class scores. */
  readonly scores: number;
}

/** The outcome of one network, whole or masked, on all samples. */
export interface Outcome {
  readonly correct: number;
  readonly predictions: Int32Array;
  /** Right answers of each class. */
  readonly class_correct: Int32Array;
  /** Mean cross-entropy in nats. */
  readonly loss: number;
  /** How many samples have their two best scores within 1e-6 of each other. */
  readonly ties: number;
}

/** A masked outcome against the whole network's. */
export interface UnitOutcome extends Outcome {
  readonly unit: number;
  readonly flips_to_wrong: number;
  readonly flips_to_right: number;
}

/** What one unit does on the samples, one value each (science.md, "Formulas"). */
export interface UnitActivity {
  readonly selectivity: number;
  readonly preferred_class: number;
  readonly mean: number;
  readonly active_fraction: number;
  readonly dead: boolean;
  readonly negative: boolean;
}

const BATCH = 128;

/** One model on one set of samples. */
export class MaskOracle {
  readonly classes: number;
  readonly samples: number;
  readonly baseline: Outcome;
  private constructor(
    private readonly original: tf.LayersModel,
    private readonly x: tf.Tensor,
    private readonly input: OracleInput,
  ) {
    const width = original.outputs[input.scores]?.shape.at(-1) as number;
    this.classes = width === 1 ? 2 : width;
    this.samples = input.labels.length;
    this.baseline = this.run(null, []);
  }

  static async open(input: OracleInput): Promise<MaskOracle> {
    const model = await tf.loadLayersModel(`file://${input.model}`);
    const x = tf.tensor(input.x, [input.labels.length, ...input.shape]);
    return new MaskOracle(model, x, input);
  }

  /** The scores of the untouched model by `predict`: `[samples, width]`. */
  stockScores(): Float32Array {
    const output = this.original.predict(this.x, { batchSize: BATCH });
    const tensors = Array.isArray(output) ? output : [output];
    const scores = (tensors[this.input.scores] as tf.Tensor).dataSync() as Float32Array;
    tf.dispose(tensors);
    return scores.slice();
  }

  /** The scores of the copy with units of one site blocked: `[samples, width]`. */
  maskedScores(at: string | null, units: readonly number[]): Float32Array {
    const masked = this.open(at);
    if (at !== null) masked.block(units);
    const tensors = this.predict(masked, this.x);
    const scores = (tensors[0] as tf.Tensor).dataSync() as Float32Array;
    tf.dispose(tensors);
    masked.model.dispose();
    return scores.slice();
  }

  /** Deletes units of one site together. */
  run(at: string | null, units: readonly number[]): Outcome {
    const masked = this.open(at);
    if (at !== null) masked.block(units);
    const outcome = this.outcome(masked);
    masked.model.dispose();
    return outcome;
  }

  /** Deletes units of one site, one at a time. */
  units(at: string, units: readonly number[]): UnitOutcome[] {
    const masked = this.open(at);
    const outcomes = units.map((unit) => {
      masked.block([unit]);
      const outcome = this.outcome(masked);
      let toWrong = 0;
      let toRight = 0;
      this.input.labels.forEach((label, n) => {
        const before = this.baseline.predictions[n] === label;
        const after = outcome.predictions[n] === label;
        if (before && !after) toWrong++;
        if (!before && after) toRight++;
      });
      return {
        ...outcome,
        unit,
        flips_to_wrong: toWrong,
        flips_to_right: toRight,
      };
    });
    masked.model.dispose();
    return outcomes;
  }

  /** What all units of a site do on the samples. */
  activity(at: string): UnitActivity[] {
    const masked = this.open(at);
    const units = masked.model.outputs[masked.site as number]?.shape.at(-1) as number;
    const sums = Array.from({ length: units }, () => new Float64Array(this.classes));
    const active = new Float64Array(units);
    const nonzero = new Uint8Array(units);
    const negative = new Uint8Array(units);
    const perClass = new Float64Array(this.classes);
    for (let first = 0; first < this.samples; first += BATCH) {
      const size = Math.min(BATCH, this.samples - first);
      const x = this.x.slice(first, size);
      const tensors = this.predict(masked, x);
      const values = (tensors[masked.site as number] as tf.Tensor).dataSync() as Float32Array;
      tf.dispose([x, ...tensors]);
      const places = values.length / size / units;
      for (let n = 0; n < size; n++) {
        const label = this.input.labels[first + n] as number;
        perClass[label] = (perClass[label] as number) + 1;
        for (let unit = 0; unit < units; unit++) {
          let sum = 0;
          let fires = false;
          for (let place = 0; place < places; place++) {
            const value = values[(n * places + place) * units + unit] as number;
            sum += value;
            if (value > 0) fires = true;
            if (value !== 0) nonzero[unit] = 1;
            if (value < 0) negative[unit] = 1;
          }
          const row = sums[unit] as Float64Array;
          row[label] = (row[label] as number) + sum / places;
          if (fires) active[unit] = (active[unit] as number) + 1;
        }
      }
    }
    masked.model.dispose();
    return sums.map((row, unit) => ({
      ...selectivity(row, perClass),
      mean: row.reduce((a, b) => a + b, 0) / this.samples,
      active_fraction: (active[unit] as number) / this.samples,
      dead: nonzero[unit] === 0,
      negative: negative[unit] === 1,
    }));
  }

  /** All weights of the model as loaded. */
  weights(): { name: string; shape: number[]; values: Float32Array }[] {
    return this.original.weights.map((weight) => {
      const tensor = weight.read();
      return {
        name: weight.originalName,
        shape: tensor.shape,
        values: (tensor.dataSync() as Float32Array).slice(),
      };
    });
  }

  close(): void {
    this.x.dispose();
    this.original.dispose();
  }

  private open(at: string | null): Masked {
    return insertMask(this.original, at, this.input.scores);
  }

  private predict(masked: Masked, x: tf.Tensor): tf.Tensor[] {
    const output = masked.model.predict(x, { batchSize: BATCH });
    return Array.isArray(output) ? output : [output];
  }

  private outcome(masked: Masked): Outcome {
    const tensors = this.predict(masked, this.x);
    const scores = (tensors[0] as tf.Tensor).dataSync() as Float32Array;
    const logits =
      masked.logits === null ? null : ((tensors[masked.logits] as tf.Tensor).dataSync() as Float32Array);
    tf.dispose(tensors);
    const width = scores.length / this.samples;
    const predictions = new Int32Array(this.samples);
    const classCorrect = new Int32Array(this.classes);
    let correct = 0;
    let ties = 0;
    let loss = 0;
    for (let n = 0; n < this.samples; n++) {
      const label = this.input.labels[n] as number;
      const row = scores.subarray(n * width, (n + 1) * width);
      const predicted = width === 1 ? Number((row[0] as number) > 0.5) : argmax(row);
      predictions[n] = predicted;
      if (predicted === label) {
        correct++;
        classCorrect[label] = (classCorrect[label] as number) + 1;
      }
      if (gap(row) < 1e-6) ties++;
      loss +=
        logits === null
          ? -Math.log(clip(probability(row, label)))
          : crossEntropy(logits.subarray(n * width, (n + 1) * width), label);
    }
    return {
      correct,
      predictions,
      class_correct: classCorrect,
      loss: loss / this.samples,
      ties,
    };
  }
}

function argmax(row: Float32Array): number {
  let best = 0;
  row.forEach((value, i) => {
    if (value > (row[best] as number)) best = i;
  });
  return best;
}

/** Distance of the two best scores; of the threshold for a single score. */
function gap(row: Float32Array): number {
  if (row.length === 1) return Math.abs((row[0] as number) - 0.5);
  const [first, second] = [...row].sort((a, b) => b - a);
  return (first as number) - (second as number);
}

/** Cross-entropy of a row of softmax logits, or of one sigmoid logit. */
function crossEntropy(row: Float32Array, label: number): number {
  if (row.length === 1) {
    const signed = label === 1 ? (row[0] as number) : -(row[0] as number);
    return signed > 0 ? Math.log1p(Math.exp(-signed)) : Math.log1p(Math.exp(signed)) - signed;
  }
  const top = Math.max(...row);
  let sum = 0;
  for (const value of row) sum += Math.exp(value - top);
  return Math.log(sum) + top - (row[label] as number);
}

/** The probability a row of scores gives to a class. */
function probability(row: Float32Array, label: number): number {
  if (row.length > 1) return row[label] as number;
  return label === 1 ? (row[0] as number) : 1 - (row[0] as number);
}

function clip(probability: number): number {
  return Math.min(Math.max(probability, 1e-7), 1 - 1e-7);
}

/** Class selectivity index from sums of activations per class; NaN where it is not defined. */
function selectivity(
  sums: Float64Array,
  counts: Float64Array,
): { selectivity: number; preferred_class: number } {
  const means: { label: number; mean: number }[] = [];
  counts.forEach((count, label) => {
    if (count > 0) means.push({ label, mean: (sums[label] as number) / count });
  });
  const best = means.reduce((a, b) => (b.mean > a.mean ? b : a));
  const others = means.filter((entry) => entry !== best);
  const rest = others.reduce((sum, entry) => sum + entry.mean, 0) / others.length;
  const above = best.mean - rest;
  const below = best.mean + rest;
  if (above === 0 && below === 0) return { selectivity: 0, preferred_class: -1 };
  return { selectivity: below > 0 ? above / below : NaN, preferred_class: best.label };
}

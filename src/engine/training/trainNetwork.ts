import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { PlannedNetwork } from '../../core/training/experiments/plan';
import { convnet } from '../../core/training/convnet';
import { perceptron } from '../../core/training/perceptron';
import { scoreClassifier } from '../../core/training/scoreClassifier';
import { trainClassifier } from '../../core/training/trainClassifier';
import { seedFrom, shuffleLabels } from '../../core/random';
import type { ExperimentData, TrainingSamples } from './experimentData';
import { networkPaths, readTrained, writeNetwork } from './networkFiles';

/** How often a network is scored while it is trained, in epochs. */
const SCORE_EVERY = 5;

/** Makes a network as it is before training. The caller disposes it. */
export function untrained(
  network: PlannedNetwork,
  data: Pick<ExperimentData, 'shape' | 'classes'>,
): LayersModel {
  const { net, hidden, dropout, batchNorm, seed } = network;
  const common = {
    input: data.shape,
    classes: data.classes,
    seed: seedFrom(seed, 'weights'),
    dropout,
    batchNorm,
  };
  return net === 'convnet'
    ? convnet({ ...common, channels: hidden })
    : perceptron({ ...common, hidden, name: 'perceptron' });
}

/** Samples as one tensor, `[samples, …shape]`; the caller disposes it. */
export function tensorOf({ scaled, labels }: TrainingSamples, shape: readonly number[]): tf.Tensor {
  return tf.tensor(scaled, [labels.length, ...shape]);
}

/** The labels that a network learns. */
export function learnedLabels({ corrupted, seed }: PlannedNetwork, labels: Int32Array): Int32Array {
  return shuffleLabels(labels, corrupted, seedFrom(seed, 'corrupt'));
}

/** The samples of an experiment, ready for tfjs. */
export class TrainingTensors {
  readonly train: tf.Tensor;
  readonly test: tf.Tensor;

  constructor(readonly data: ExperimentData) {
    this.train = tensorOf(data.train, data.shape);
    this.test = tensorOf(data.test, data.shape);
  }

  dispose(): void {
    this.train.dispose();
    this.test.dispose();
  }
}

/**
 * Trains a network and leaves it in the experiment's directory, at every epoch at which it is to be measured. What is
 * there already is left as it is. The same plan and data give the same weights.
 *
 * @param tell told the share of the most epochs it may take
 * @throws Cancelled
 */
export async function trainNetwork(
  directory: string,
  network: PlannedNetwork,
  tensors: TrainingTensors,
  tell: (share: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const { data, train, test } = tensors;
  const { optimizer, batch, epochs, until, expected } = network.training;
  const y = learnedLabels(network, data.train.labels);
  const model = untrained(network, data);
  const keep = async (epoch: number, isLast: boolean): Promise<void> => {
    const line = network.lines.find((one) => one.epoch === epoch || (isLast && one.epoch === null));
    if (line === undefined) return;
    const paths = networkPaths(network, line);
    if ((await readTrained(directory, paths)) !== null) return;
    const [own, others] = [scoreClassifier(model, train, y), scoreClassifier(model, test, data.test.labels)];
    await writeNetwork(
      directory,
      paths,
      model,
      y,
      { scale: data.scale, seed: network.seed },
      {
        epochs: epoch,
        train_accuracy: own.accuracy,
        train_loss: own.loss,
        test_accuracy: others.accuracy,
        test_loss: others.loss,
      },
    );
  };
  try {
    let last = 0;
    for await (const { epoch } of trainClassifier({
      model,
      x: train,
      y,
      optimizer,
      batch,
      epochs,
      seed: seedFrom(network.seed, 'training'),
      ...(until === null ? {} : { until }),
      scoreEvery: until === null ? epochs : SCORE_EVERY,
      signal,
    })) {
      last = epoch;
      tell(Math.min(1, epoch / expected));
      await keep(epoch, false);
    }
    await keep(last, true);
  } finally {
    model.dispose();
  }
}

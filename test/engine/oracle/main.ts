/** The oracle's process: stock tfjs-node and nothing of the product. */
import * as tf from '@tensorflow/tfjs-node';
import { readFile } from 'node:fs/promises';
import { saveFixture } from '../../support/models';
import { MaskOracle } from './maskOracle';
import type { OracleAnswer, OracleMethod, OracleRequests } from './messages';

let oracle: MaskOracle | null = null;

function opened(): MaskOracle {
  if (oracle === null) throw new Error('No model is open.');
  return oracle;
}

const handlers: {
  [M in OracleMethod]: (
    params: OracleRequests[M]['params'],
  ) => OracleRequests[M]['result'] | Promise<OracleRequests[M]['result']>;
} = {
  fixture: ({ name, directory, ...options }) => saveFixture(name, directory, options),
  decode: async (files) => {
    const bytes = await Promise.all(files.map((file) => readFile(file)));
    const images = bytes.map((jpeg) => tf.node.decodeJpeg(jpeg, 3));
    const stacked = tf.stack(images);
    const pixels = Uint8Array.from(stacked.dataSync());
    tf.dispose([...images, stacked]);
    return { pixels, shape: stacked.shape };
  },
  open: async (input) => {
    oracle?.close();
    oracle = null;
    oracle = await MaskOracle.open(input);
    return { classes: oracle.classes, baseline: oracle.baseline };
  },
  stockScores: () => opened().stockScores(),
  maskedScores: ({ at, units }) => opened().maskedScores(at, units),
  run: ({ at, units }) => opened().run(at, units),
  units: ({ at, units }) => opened().units(at, units),
  activity: ({ at }) => opened().activity(at),
  weights: () => opened().weights(),
  tensors: () => tf.memory().numTensors,
};

process.on('message', async (message: { id: number; method: OracleMethod; params: never }) => {
  const { id, method, params } = message;
  let answer: OracleAnswer;
  try {
    answer = { id, value: await handlers[method](params) };
  } catch (error) {
    answer = {
      id,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
  process.send?.(answer);
});
process.on('disconnect', () => process.exit(0));

/** The oracle's process: stock tfjs-node and nothing of the product. */
import * as tf from '@tensorflow/tfjs-node';
import { readFile } from 'node:fs/promises';
import { saveArchitecture, saveFixture } from '../../support/models';
import { randomNetwork } from '../../support/randomNetworks';
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
  random: async ({ seed, kind, directory, samples }) => {
    const network = randomNetwork(seed, kind);
    const fixture = await saveArchitecture(network, directory, { samples, seed });
    const { sites, description, scores } = network;
    return { ...fixture, sites, description, scores };
  },
  decode: async (files) => {
    const bytes = await Promise.all(files.map((file) => readFile(file)));
    // Not TensorFlow's default, which is the fast, inexact transform: one photograph more is right with it.
    const images = bytes.map((jpeg) => tf.node.decodeJpeg(jpeg, 3, 1, true, false, 1, 'INTEGER_ACCURATE'));
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
  run: (places) => opened().run(places),
  units: (place) => opened().units(place),
  values: ({ at }) => opened().values(at),
  activity: ({ at }) => opened().activity(at),
  weights: () => opened().weights(),
  tensors: () => tf.memory().numTensors,
};

interface Question {
  readonly id: number;
  readonly method: OracleMethod;
  readonly params: never;
}

async function answer({ id, method, params }: Question): Promise<OracleAnswer> {
  try {
    return { id, value: await handlers[method](params) };
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

process.on('message', (question: Question) => {
  void answer(question).then((value) => process.send?.(value));
});
process.on('disconnect', () => process.exit(0));

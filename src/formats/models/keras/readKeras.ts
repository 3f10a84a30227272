import { basename } from 'node:path';
import type { io } from '@tensorflow/tfjs-core';
import { Failure } from '../../../protocol/failure';
import type { Network } from '../../../core/network/network';
import { withKnown } from '../../../core/network/refusal';
import { openZip } from '../../zip';
import { openHdf5, type Hdf5File } from '../../hdf5/hdf5File';
import type { ContainerObject } from '../layerInternals';
import { withinWeights } from '../layers/registered/weightLimit';
import { buildLayersNetwork } from '../layersModel';
import { parseJson } from '../modelFiles';
import { readJson } from '../modelFormat';
import type { KerasPair } from './kerasFiles';
import { isStoredLayout, legacyGroup } from './hdf5Layouts';
import { withPlainNames } from './layerNames';
import { setLegacyWeights } from './legacyWeights';
import { listedLayers, rawLayer } from './rawLayers';
import { setStoredWeights } from './storedWeights';
import { tfjsTopology } from './topology';

/** A Keras model read from its files. */
export interface KerasModel {
  readonly network: Network;
  /** `Keras 2.15.0`; null where the file does not say. */
  readonly producer: string | null;
}

/** The largest weights (bytes) inside a `.keras` file, and the largest description. */
const LARGEST_WEIGHTS = 2 ** 30;
const LARGEST_CONFIG = 2 ** 26;

/**
 * Reads a Keras model from one HDF5 file with `model_config`.
 * @throws Failure when it is damaged, or uses what is not supported
 */
export async function readKerasHdf5(file: string, output?: string): Promise<KerasModel> {
  const h5 = await openHdf5(file);
  try {
    const text = h5.attribute('', 'model_config');
    if (typeof text !== 'string') {
      throw new Failure(`${file} is damaged: the description of its model cannot be read.`, { file });
    }
    return await build(parseJson(Buffer.from(text), file), versionIn(h5), h5, file, output);
  } finally {
    h5.close();
  }
}

/**
 * Reads a Keras model whose weights and topology are two files.
 * @throws Failure when one is damaged, they do not fit each other, or they use what is not supported
 */
export async function readKerasPair(pair: KerasPair, file: string, output?: string): Promise<KerasModel> {
  const config = await readJson(pair.topology);
  const h5 = await openHdf5(pair.weights);
  try {
    return await build(config, versionIn(h5), h5, file, output);
  } finally {
    h5.close();
  }
}

/**
 * Reads a `.keras` file: a zip with config.json, metadata.json and model.weights.h5.
 * @throws Failure when it is damaged, or uses what is not supported
 */
export async function readKerasZip(file: string, output?: string): Promise<KerasModel> {
  const entries = new Map((await openZip(file)).map((entry) => [entry.name.replaceAll('\\', '/'), entry]));
  const content = async (name: string, most: number): Promise<Uint8Array | null> => {
    const entry = entries.get(name);
    if (entry === undefined) return null;
    if (entry.size > most) {
      throw new Failure(`${name} in ${basename(file)} is larger than is read: ${entry.size} bytes.`, {
        file,
      });
    }
    return (await entry.load(0)).whole;
  };
  const config = await content('config.json', LARGEST_CONFIG);
  const metadata = await content('metadata.json', LARGEST_CONFIG);
  const weights = await content('model.weights.h5', LARGEST_WEIGHTS);
  if (config === null || weights === null) {
    throw new Failure(`${file} is damaged: its description or its weights are missing.`, { file });
  }
  const about = metadata === null ? null : parseJson(Buffer.from(metadata), file);
  const version = (about as { keras_version?: unknown } | null)?.keras_version;
  const h5 = await openHdf5(file, weights);
  try {
    const said = typeof version === 'string' ? version : null;
    return await build(parseJson(Buffer.from(config), file), said, h5, file, output);
  } finally {
    h5.close();
  }
}

/** @param version of the Keras that wrote the file, where it says so */
async function build(
  config: unknown,
  version: string | null,
  h5: Hdf5File,
  file: string,
  output: string | undefined,
): Promise<KerasModel> {
  const fields = typeof config === 'object' && config !== null ? (config as Record<string, unknown>) : {};
  const described = fields['model_config'] ?? config;
  const said = version ?? textOf(fields['keras_version']);
  const producer = said === null ? null : `Keras ${said}`;
  try {
    return { network: await networkOf(described, said, h5, file, output), producer };
  } catch (error) {
    throw withKnown(error, { producer, layers: listedLayers(described) });
  }
}

/** @param described a model's `class_name` and `config` */
async function networkOf(
  described: unknown,
  version: string | null,
  h5: Hdf5File,
  file: string,
  output: string | undefined,
): Promise<Network> {
  const known = version === null ? {} : { keras_version: version };
  const { topology, restore } = withPlainNames(tfjsTopology({ model_config: described, ...known }, file));
  const raw = rawLayer(described);
  const setWeights = (model: unknown): void => {
    const container = model as ContainerObject;
    restore(container);
    if (legacyGroup(h5) !== null) setLegacyWeights(h5, container, raw);
    else if (isStoredLayout(h5)) setStoredWeights(h5, container, raw);
    else throw new Failure(`${h5.file} holds no weights of a Keras model.`, { file: h5.file });
  };
  const artifacts: io.ModelArtifacts = { modelTopology: topology };
  return withinWeights(file, h5.numbers(), () => buildLayersNetwork(artifacts, file, output, setWeights));
}

function versionIn(h5: Hdf5File): string | null {
  const group = legacyGroup(h5);
  const versions = ['', ...(group === null ? [] : [group])].map((path) =>
    h5.attribute(path, 'keras_version'),
  );
  return textOf(versions.find((version) => typeof version === 'string'));
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

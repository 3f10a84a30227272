import { Failure } from '../../../protocol/failure';
import { registerLayers } from '../layers/registered/registerLayers';
import { convertedLayer, type ConvertedLayer } from './topology/layer';
import { isModel } from './topology/model';
import { isJson, listOf, TopologyReading, type Dialect } from './topology/reading';

/** A model's description in the words of tfjs-layers: `modelTopology`. */
export type TfjsTopology = ConvertedLayer & Record<string, unknown>;

/**
 * Writes the description of a Keras model, of Keras 1, 2 or 3, or of a TensorFlow.js layers model, in the words that
 * tfjs-layers and the layers registered by this program read. Nothing of it is run: layers that hold code are refused.
 * A description that tfjs-layers can read comes out with the same meaning.
 * @param config parsed JSON: a model's `class_name` and `config`, by itself or as `model_config` of something larger
 * @param file for messages
 * @param from what wrote it: where a TensorFlow.js model's layers compute something else than those of Keras did, a
 *   model that TensorFlow.js reads by itself keeps its own numbers
 * @throws Failure that names every layer that cannot be read, or says what is damaged
 */
export function tfjsTopology(config: unknown, file: string, from: 'keras' | 'tfjs' = 'keras'): TfjsTopology {
  refuseDepth(config, file);
  registerLayers();
  const wrapped = isJson(config) && isJson(config['model_config']) ? config['model_config'] : config;
  const version = [config, wrapped].flatMap((part) => (isJson(part) ? [part['keras_version']] : []));
  const reading = new TopologyReading(file, dialectOf(wrapped, version, from));
  const entry = reading.entry(wrapped);
  if (!isModel(entry)) {
    const own = `its class ${entry.type.slice(0, 60)} is code of its author's own that does not tell its layers`;
    throw new Failure(
      `${file} cannot be analysed: ${own}; save a Sequential or functional model with the same weights.`,
      { file },
    );
  }
  const topology = convertedLayer(wrapped, reading);
  reading.finish();
  return { ...topology };
}

function dialectOf(config: unknown, versions: readonly unknown[], from: 'keras' | 'tfjs'): Dialect {
  const said = versions.find((version): version is string => typeof version === 'string');
  const keras3 =
    said !== undefined && /^\d+\./.test(said) ? Number.parseInt(said, 10) >= 3 : isKeras3(config);
  return { keras3, stock: from === 'tfjs' };
}

/** Does a layer, at any depth, carry what only Keras 3 writes? */
function isKeras3(config: unknown): boolean {
  const waiting: unknown[] = [config];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== 'object' || value === null) continue;
    for (const inner of Object.values(value) as unknown[]) waiting.push(inner);
    if (!isJson(value)) continue;
    if (Array.isArray(value['batch_shape']) || value['class_name'] === 'DTypePolicy') return true;
    if (listOf(value['inbound_nodes']).some(isJson)) return true;
  }
  return false;
}

/** What is read by functions that call themselves must not be nested without end. */
function refuseDepth(config: unknown, file: string): void {
  let level: unknown[] = [config];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MOST_DEPTH) {
      throw new Failure(
        `${file} is damaged: its description is nested more than ${MOST_DEPTH} levels deep.`,
        {
          file,
        },
      );
    }
    level = level.flatMap((value): unknown[] =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
  }
}

const MOST_DEPTH = 200;

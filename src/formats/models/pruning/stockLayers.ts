import { PASSED_THROUGH } from '../layers/registered/passThrough';
import { TAUGHT } from '../layers/registered/registerLayers';
import { listOf, type LayerJson } from '../layersSource';

/** Settings that name an activation. */
const ACTIVATIONS = ['activation', 'recurrent_activation'];

const REPLACED: ReadonlySet<string> = new Set(PASSED_THROUGH);

/**
 * The first layer of a model that TensorFlow.js by itself does not have, or not with these settings; null where it has
 * all of them. Layers that change nothing are left out of it: {@link asStock} replaces them.
 */
export function nonStockLayer(json: LayerJson): string | null {
  if (Array.isArray(json.config['layers'])) {
    for (const layer of listOf(json)) {
      const found = nonStockLayer(layer);
      if (found !== null) return found;
    }
    return null;
  }
  const { class_name: type, config } = json;
  const named = `${String(config['name'])} (${type})`;
  if (TAUGHT.has(type) && !REPLACED.has(type)) return named;
  const inner = config['layer'] as LayerJson | undefined;
  if (inner !== undefined && nonStockLayer(inner) !== null) return named;
  if (config['padding'] === 'causal') return `${named} with causal padding`;
  const activation = ACTIVATIONS.map((key) => config[key]).find(
    (name): name is string => typeof name === 'string' && TAUGHT.has(name),
  );
  return activation === undefined ? null : `${named} with the activation ${activation}`;
}

/** A layer that changes nothing, as TensorFlow.js has it. */
export function asStock(json: LayerJson): LayerJson {
  if (!REPLACED.has(json.class_name)) return json;
  const { name, batch_input_shape: shape } = json.config;
  const config = { name, activation: 'linear', ...(shape === undefined ? {} : { batch_input_shape: shape }) };
  return { ...json, class_name: 'Activation', config };
}

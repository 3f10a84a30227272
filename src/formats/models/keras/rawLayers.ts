/** A layer as a Keras description has it, as far as it tells where its weights are. */
export interface RawLayer {
  readonly name: string;
  /** Keras' class. */
  readonly type: string;
  /** Those of a model. */
  readonly layers: readonly RawLayer[];
  /** Those that it runs, by the attribute that holds them: `layer`, `forward_layer`, `cell`, … */
  readonly inner: Readonly<Record<string, RawLayer>>;
  /** What Keras 1 to 3 wrote with it: `data_format`, … */
  readonly config: Readonly<Record<string, unknown>>;
}

/** Descriptions are checked for this depth before (bounded recursion). */
const DEEPEST = 64;

/**
 * Reads the layers of a description, of Keras 1, 2 or 3; what is no layer is left out.
 * @param value a layer's or a model's `class_name` and `config`, parsed
 */
export function rawLayer(value: unknown, depth = 0): RawLayer {
  const fields = record(value);
  const described = fields['config'];
  const config = record(described);
  // Of a Sequential, Keras 1 and 2 before 2.2.3 wrote the layers alone.
  const listed = Array.isArray(described) ? described : config['layers'];
  const layers = Array.isArray(listed) && depth < DEEPEST ? (listed as unknown[]) : [];
  const name = config['name'] ?? fields['name'];
  const inside = (key: string): RawLayer => rawLayer(config[key], depth + 1);
  const inner: Record<string, RawLayer> = {};
  if (depth < DEEPEST && 'layer' in config) {
    inner['layer'] = inside('layer');
    inner['forward_layer'] = inner['layer'];
    inner['backward_layer'] = 'backward_layer' in config ? inside('backward_layer') : inner['layer'];
  }
  if (depth < DEEPEST && 'cell' in config) inner['cell'] = inside('cell');
  return {
    name: typeof name === 'string' ? name : '',
    type: typeof fields['class_name'] === 'string' ? fields['class_name'] : '',
    layers: layers.map((layer) => rawLayer(layer, depth + 1)),
    inner,
    config,
  };
}

/** The layers that a description lists, those of models inside it in their place; as many as are looked at. */
export function listedLayers(description: unknown): { readonly name: string; readonly type: string }[] {
  const listed: { readonly name: string; readonly type: string }[] = [];
  const add = ({ layers }: RawLayer): void => {
    for (const layer of layers) {
      if (layer.layers.length > 0) add(layer);
      else if (listed.length < MOST_LISTED) listed.push({ name: layer.name, type: layer.type });
    }
  };
  add(rawLayer(description));
  return listed;
}

const MOST_LISTED = 10_000;

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

import type { Operation } from '../../../core/network/network';
import type { PrunePlan } from '../../../core/prune/plan';
import { isContainer, type ContainerObject, type LayerObject } from '../layerInternals';
import { listOf, type LayerJson, type LayersSource } from '../layersSource';
import { asStock } from './stockLayers';
import type { NewWeights } from './weights';

/** A layer's description, and that of the model around it. */
export interface DescribedLayer {
  readonly json: LayerJson;
  readonly around: LayerJson;
}

/** A model's description that can be changed, and where each of its layers is in it. */
export interface NewTopology {
  readonly json: LayerJson;
  readonly layers: ReadonlyMap<LayerObject, DescribedLayer>;
}

/** The setting that is the number of a layer's units. */
const UNITS: Readonly<Record<string, string>> = {
  Dense: 'units',
  SimpleRNN: 'units',
  GRU: 'units',
  LSTM: 'units',
  Conv1D: 'filters',
  Conv2D: 'filters',
  Conv3D: 'filters',
  SeparableConv2D: 'filters',
  Embedding: 'output_dim',
};

/** The description of a model with the widths that a plan leaves. */
export function newTopology(
  source: LayersSource,
  operations: readonly Operation[],
  plan: PrunePlan,
  weights: NewWeights,
): NewTopology {
  const json = structuredClone(source.topology);
  const layers = new Map<LayerObject, DescribedLayer>();
  describe(source.container, json, layers);
  for (const operation of operations) {
    const call = source.operations.get(operation.id);
    const described = call === undefined ? undefined : layers.get(call.layer);
    const own = plan.kept.get(operation.id);
    if (call?.calls !== 1 || described === undefined || own === undefined) continue;
    setWidth(operation, described.json, own, call.isOutput);
  }
  for (const [layer, list] of weights) {
    if (list.length > layer.weights.length) layers.get(layer)!.json.config['use_bias'] = true;
  }
  for (const { container, inputs } of source.inlined) {
    container.inputs.forEach((symbol, k) => {
      const own = plan.kept.get(inputs[k]!);
      const inner = layers.get(container)?.json;
      if (own === undefined || inner === undefined) return;
      const listed = listOf(inner);
      const name = (symbol.sourceLayer as unknown as LayerObject).name;
      const target = listed.find(({ config }) => config['name'] === name) ?? listed[0];
      if (target !== undefined) setLast(target.config, 'batch_input_shape', countOf(own));
    });
  }
  return { json, layers };
}

function describe(container: ContainerObject, json: LayerJson, into: Map<LayerObject, DescribedLayer>): void {
  const listed = listOf(json).map(asStock);
  json.config['layers'] = listed;
  container.layers.forEach((layer, k) => {
    const own = listed[k];
    if (own?.config['name'] !== layer.name) throw new Error(`${layer.name} is not described in its place`);
    into.set(layer, { json: own, around: json });
    if (isContainer(layer)) describe(layer, own, into);
  });
}

function setWidth({ algebra }: Operation, json: LayerJson, own: Uint8Array, isOutput: boolean): void {
  const { config, class_name: type } = json;
  const count = countOf(own);
  if (count === own.length) return;
  const makes = ['dense', 'convolution', 'embedding', 'recurrent'].includes(algebra.kind);
  const setting = UNITS[type];
  if (makes && setting !== undefined) config[setting] = count;
  if (type === 'Reshape' && isOutput) setLast(config, 'target_shape', count);
}

function setLast(config: Record<string, unknown>, key: string, count: number): void {
  const shape = config[key];
  if (!Array.isArray(shape) || Number(shape.at(-1)) < 0) return;
  config[key] = [...(shape.slice(0, -1) as unknown[]), count];
}

/** How many channels stay. */
export function countOf(kept: Uint8Array): number {
  return kept.reduce((sum, one) => sum + one, 0);
}

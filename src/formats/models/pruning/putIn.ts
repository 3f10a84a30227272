import type { PrunePlan, PutIn } from '../../../core/prune/plan';
import { Failure } from '../../../protocol/failure';
import { listOf, type LayerJson, type LayersSource, type OperationSource } from '../layersSource';
import { countOf, type NewTopology } from './topology';
import type { NewWeight } from './weights';

/** A layer that is put in, and its weights. */
interface NewLayer {
  readonly json: LayerJson;
  readonly weights: readonly NewWeight[];
}

/**
 * Puts layers into a model's description that set channels of a site to their constants: a batch normalisation with
 * scale 0 and the constant as offset, over all elements where a constant is not alike at every position.
 * @param shape of the site's value, batch axis first
 * @returns the weights of the layers put in, by their names
 * @throws Failure where the site is in the midst of a layer, or in a model that is called more than once
 */
export function putInLayers(
  source: LayersSource,
  topology: NewTopology,
  plan: PrunePlan,
  shapeOf: (id: string) => readonly number[],
  names: ReadonlySet<string>,
): Map<string, readonly NewWeight[]> {
  const weights = new Map<string, readonly NewWeight[]>();
  const taken = new Set(names);
  for (const one of plan.putIn) {
    const call = source.operations.get(one.id);
    if (call === undefined || !call.isOutput || call.around > 1) {
      throw new Failure(
        `The neurons of ${call?.layer.name ?? one.id} cannot be taken out of the saved model, since ${
          (call?.around ?? 1) > 1
            ? 'the model around the layer is called more than once'
            : 'the layer is made of several'
        }; leave them out.`,
      );
    }
    const kept = plan.kept.get(one.id)!;
    const added = layersFor(one, call, kept, shapeOf(one.id), taken);
    const described = topology.layers.get(call.layer)!;
    putBehind(described.around, described.json, added, nodeNumber(call));
    for (const { json, weights: own } of added) weights.set(nameOf(json), own);
  }
  return weights;
}

function layersFor(
  { mask, values }: PutIn,
  { layer }: OperationSource,
  kept: Uint8Array,
  shape: readonly number[],
  taken: Set<string>,
): NewLayer[] {
  const name = (part: string): string => {
    let free = `${layer.name}_${part}`;
    for (let n = 1; taken.has(free); n++) free = `${layer.name}_${part}_${String(n)}`;
    taken.add(free);
    return free;
  };
  const width = kept.length;
  const places = [...values.keys()].filter((at) => kept[at % width] === 1);
  const scale = Float32Array.from(places, (at) => 1 - mask[at % width]!);
  const offset = Float32Array.from(places, (at) => mask[at % width]! * values[at]!);
  const setting = normalization(name('deleted'), scale, offset);
  if (values.length === width) return [setting];
  const after = [...shape.slice(1, -1), countOf(kept)];
  return [reshaping(name('flat'), [places.length]), setting, reshaping(name('whole'), after)];
}

function normalization(name: string, scale: Float32Array, offset: Float32Array): NewLayer {
  const shape = [scale.length];
  const weight = (values: Float32Array): NewWeight => ({ shape, values });
  return {
    json: { class_name: 'BatchNormalization', config: { name, axis: -1, epsilon: 0, trainable: false } },
    weights: [
      weight(scale),
      weight(offset),
      weight(new Float32Array(scale.length)),
      weight(new Float32Array(scale.length).fill(1)),
    ],
  };
}

function reshaping(name: string, shape: readonly number[]): NewLayer {
  return { json: { class_name: 'Reshape', config: { name, target_shape: [...shape] } }, weights: [] };
}

function nameOf({ config }: LayerJson): string {
  return String(config['name']);
}

/** The number of a call among those of the layer in its model. */
function nodeNumber({ container, node, layer }: OperationSource): number {
  const own = new Set(Object.values(container.nodesByDepth).flat());
  return layer.inboundNodes.filter((one) => own.has(one)).indexOf(node);
}

/** Everything that read the layer's call reads the last of those added. */
function putBehind(around: LayerJson, layer: LayerJson, added: readonly NewLayer[], node: number): void {
  const listed = listOf(around);
  const jsons = added.map(({ json }) => json);
  if (around.class_name === 'Sequential') {
    listed.splice(listed.indexOf(layer) + 1, 0, ...jsons);
    return;
  }
  const last = nameOf(jsons.at(-1)!);
  const isRead = (read: readonly unknown[]): boolean => read[0] === nameOf(layer) && read[1] === node;
  const redirected = <T extends readonly unknown[]>(read: T): T =>
    isRead(read) ? ([last, 0, 0, ...read.slice(3)] as unknown as T) : read;
  for (const one of listed) {
    one.inbound_nodes = (one.inbound_nodes ?? []).map((call) => call.map(redirected));
  }
  const outputs = around.config['output_layers'] as (readonly unknown[])[];
  around.config['output_layers'] = outputs.map(redirected);
  let read: readonly [string, number, number, ...unknown[]] = [nameOf(layer), node, 0, {}];
  for (const json of jsons) {
    listed.push({ ...json, name: nameOf(json), inbound_nodes: [[read]] });
    read = [nameOf(json), 0, 0, {}];
  }
}

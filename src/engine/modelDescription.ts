import { layersOf } from '../core/network/layers';
import { inputShape, operationOf, type NetworkOutput, type Operation } from '../core/network/network';
import { Refusal } from '../core/network/refusal';
import { findSites } from '../core/network/sites';
import type { ReadModel } from '../formats/models/readModel';
import type { Failure } from '../protocol/failure';
import type { InputInfo, ModelInfo, OutputInfo, RefusedModel } from '../protocol/study';
import { siteInfo } from './draftRecord';

/** What is in a model that was read. */
export function modelInfo({ file, network, format, producer }: ReadModel): ModelInfo {
  const { sites, excluded } = findSites(network);
  const inputs = network.inputs.map((id) => ({
    name: operationOf(network, id).name,
    shape: inputShape(network, id),
  }));
  return {
    path: file,
    format,
    producer,
    input: inputs[0]!.shape,
    inputs,
    classes: network.head.classes,
    outputs: network.outputs.map((output) => outputInfo(output, network.head.output)),
    parameters: network.parameters,
    layers: layersOf(network.operations),
    sites: sites.map(siteInfo),
    excluded,
  };
}

/** What is known of a model that cannot be analysed. */
export function refusedModel(path: string, failure: Failure): RefusedModel {
  const known = failure instanceof Refusal ? failure.known : {};
  const { operations, outputs = [], layers: listed = [], format, producer, command } = known;
  const layers =
    operations === undefined
      ? listed.map((layer) => ({ ...layer, shape: null, parameters: null }))
      : layersOf(operations);
  return {
    path,
    problem: failure.message,
    command: command ?? null,
    format: format ?? null,
    producer: producer ?? null,
    inputs: (operations ?? []).filter(({ algebra }) => algebra.kind === 'input').map(inputInfo),
    outputs: outputs.map((output) => outputInfo(output, null)),
    parameters:
      operations === undefined ? null : layers.reduce((sum, { parameters }) => sum + (parameters ?? 0), 0),
    layers,
  };
}

function inputInfo({ name, shape }: Operation): InputInfo {
  return { name, shape: shape.slice(1) };
}

function outputInfo({ name, id, classes }: NetworkOutput, chosen: string | null): OutputInfo {
  return { name, classes, chosen: id === chosen };
}

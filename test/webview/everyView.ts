import type { ModelInfo } from '../../src/protocol/study';
import { verdictOf } from '../../src/core/measures/verdict';
import type { ComparedPart, CompareState, ToCompare } from '../../src/protocol/compareState';
import type { StudyState, ToInspector, ToModelPage, ToStudy } from '../../src/protocol/webview';
import type { ViewName } from './pages';
import { curveRun, noiseRun } from './syntheticCurves';
import { syntheticEvaluation } from './syntheticDeletion';
import {
  syntheticCorrelations,
  syntheticDetails,
  syntheticInspector,
  syntheticStudy,
} from './syntheticStudy';

/** Something to be opened and looked at. */
export interface Scene {
  readonly name: string;
  readonly view: ViewName;
  readonly saved?: unknown;
  readonly messages: readonly (ToStudy | ToInspector | ToModelPage | ToCompare)[];
}

/** A study in which everything that can be shown is: a selected unit, a deletion with its effect, sets, curves. */
export function fullStudy(): StudyState {
  const study = syntheticStudy();
  const unit = { site: 'dense_1', unit: 30 };
  const deleted = [unit, { site: 'conv2d_1', unit: 3 }, { site: 'dense_2', unit: 17 }];
  return {
    ...study,
    selection: unit,
    unit: { unit, details: syntheticDetails(study, 54), problem: null },
    correlations: syntheticCorrelations(study),
    deletion: {
      deleted,
      evaluation: syntheticEvaluation(study.record, deleted),
      problem: null,
      canUndo: true,
      canRedo: true,
    },
    sets: [{ name: 'three of all sites', units: deleted }],
    curves: {
      runs: [curveRun({ orders: ['random', 'importance'] }), noiseRun()],
      measuring: null,
      problem: null,
    },
  };
}

function model(): ModelInfo {
  const { record } = syntheticStudy();
  return {
    path: 'generalizes/model.json',
    format: 'TensorFlow.js layers model',
    producer: 'keras v2.15.0',
    input: [28, 28],
    inputs: [{ name: 'input_1', shape: [28, 28] }],
    classes: 10,
    outputs: [{ name: 'dense_3', classes: 10, chosen: true }],
    parameters: 101_770,
    layers: record.sites.map(({ name, shape }) => ({ name, type: 'Dense', shape, parameters: 1290 })),
    sites: record.sites,
    excluded: record.excluded,
  };
}

/**
 * Three checkpoints with a verdict, of which robustness falls from the second on; the last differs in all that makes
 * a comparison unfair, and its noise is not measured.
 */
function comparison(): CompareState {
  const { record, table } = syntheticStudy();
  const lines = [0.5, 0.7, 0.4].map((area, i) => ({
    model: `step-${10 * (i + 1)}`,
    baseline_accuracy: 0.9 + 0.02 * i,
    auc: 0.1 + 0.8 * area,
    auc_sd: 0.02,
    auc_relative: area,
    half_fraction: area,
    worst_unit_drop: 0.01,
    dead_units: 2,
    orderings: [area - 0.01, area, area + 0.01],
  }));
  const parts = lines.map((line, i): ComparedPart => {
    const name = line.model;
    const last = i === 2;
    return {
      name,
      run: {
        directory: `/runs/${name}`,
        title: `${name} · test.npz`,
        record: last
          ? {
              ...record,
              spec: { ...record.spec, operator: 'mean' },
              data: { ...record.data, sha256: 'another' },
              status: 'cancelled',
            }
          : record,
        columns: table.columns,
        curves: { ...curveRun({ orders: ['random'] }), title: name },
        noise: last ? null : { ...noiseRun(), title: name },
      },
      missing: last ? ['units', 'noise'] : [],
      begun: last,
      line,
      step: 10 * (i + 1),
      train_accuracy: 0.93 + 0.02 * i,
    };
  });
  const verdict = verdictOf(lines);
  return { parts, verdict, falls: 20, measuring: null, problem: null };
}

/** Every view of ours, with much in it and with nothing yet. */
export function everyView(): readonly Scene[] {
  const full = fullStudy();
  const plain = syntheticStudy();
  const tabs = ['map', 'heatmaps', 'scatter', 'curves', 'unit', 'table'];
  const study = (name: string, tab: string, state: StudyState): Scene => ({
    name: `study, ${name}`,
    view: 'study',
    saved: { tab, details: true },
    messages: [{ type: 'snapshot', state }],
  });
  return [
    ...tabs.map((tab) => study(`${tab} with a deletion`, tab, full)),
    // Where little is chosen, these say so; the others show less of the same.
    ...['curves', 'unit'].map((tab) => study(`${tab} with nothing chosen`, tab, plain)),
    study('running', 'map', {
      ...syntheticStudy({ rounds: 1 }),
      notice: { severity: 'error', text: 'The engine stopped.' },
      stale: 'The model has changed since.',
    }),
    study('before the first round', 'map', {
      ...plain,
      record: null,
      table: null,
      progress: { phase: 'reading', fraction: 0.1, round: 0, rounds: 0, seconds_left: null },
    }),
    {
      name: 'inspector with a deleted neuron',
      view: 'inspector',
      messages: [{ type: 'state', state: syntheticInspector(full, 54, true) }],
    },
    {
      name: 'inspector with details',
      view: 'inspector',
      messages: [
        {
          type: 'state',
          state: { ...syntheticInspector(plain, 54, false), details: syntheticDetails(plain, 54) },
        },
      ],
    },
    {
      name: 'comparison of checkpoints',
      view: 'compare',
      messages: [{ type: 'comparison', state: comparison() }],
    },
    { name: 'inspector with nothing', view: 'inspector', messages: [{ type: 'state', state: null }] },
    {
      name: 'page of a model',
      view: 'model',
      messages: [
        { type: 'model', state: { name: 'generalizes', place: 'models/generalizes', model: model() } },
      ],
    },
    {
      name: 'page of a model that is refused',
      view: 'model',
      messages: [
        {
          type: 'model',
          state: {
            name: 'net.pt',
            place: 'models/net.pt',
            model: {
              ...{ path: 'net.pt', format: 'PyTorch', producer: null, inputs: [], outputs: [] },
              ...{ parameters: null, layers: [] },
              problem: 'net.pt is a PyTorch model, which is not read; convert it: python3 convert.py net.pt.',
              command: 'python3 convert.py net.pt',
            },
          },
        },
      ],
    },
  ];
}

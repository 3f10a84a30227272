import { basename } from 'node:path';
import { version_core } from '@tensorflow/tfjs-core';
import type { PreparedStudy } from '../core/ablation/prepare';
import type { Rounds } from '../core/ablation/rounds';
import { baselineOf, skewText } from '../core/measures/baseline';
import { NEAR_TIE_BOUND } from '../core/measures/scoring';
import type { Site } from '../core/network/sites';
import { fittingNotes } from '../core/samples';
import type { AnalyzeParams } from '../protocol/engine';
import type { BackendInfo, ClampRecord, RunRecord } from '../protocol/run';
import type { SiteInfo } from '../protocol/study';
import { experimentOf } from '../runs/experimentFiles';
import type { OpenStudy } from './openStudy';

declare const VERSION: string | undefined;

/** The record of a run that has its baseline and no round yet. */
export function draftRecord(
  study: OpenStudy,
  params: Pick<AnalyzeParams, 'spec' | 'directory'>,
  backend: BackendInfo,
  preprocessing: RunRecord['preprocessing'],
  prepared: PreparedStudy,
  rounds: Rounds,
): RunRecord {
  const { spec } = params;
  const { data } = study;
  const { before, measured } = prepared;
  const baseline = baselineOf(measured, data.labels, before.predicted, before.loss, study.classes);
  const fitting = fittingNotes(study.network, data);
  const notes = [study.class_names?.note, study.label_note, skewText(baseline), ...fitting].filter(
    (note) => note != null,
  );
  return {
    format: 'neuron-deletion-run',
    version: 1,
    id: basename(params.directory),
    created: new Date().toISOString(),
    finished: null,
    status: 'running',
    error: null,
    spec,
    model: { path: spec.model, sha256: study.model.sha256, format: study.model.format },
    data: {
      path: data.data_file,
      sha256: study.data_sha256,
      labels_path: data.labels_file,
      labels_sha256: study.labels_sha256,
      ...(data.more_files === undefined ? {} : { more_paths: data.more_files }),
      samples: data.samples,
      shape: data.shape,
      dtype: data.dtype,
    },
    versions: {
      neuron_deletion: typeof VERSION === 'undefined' ? 'development' : VERSION,
      tfjs: version_core,
      node: process.version,
    },
    backend,
    seed: spec.seed,
    preprocessing,
    baseline,
    ...(notes.length === 0 ? {} : { notes }),
    classes: study.classes,
    ...(study.class_names === undefined ? {} : { class_names: study.class_names }),
    sites: study.sites.map(siteInfo),
    excluded: study.excluded,
    rounds: { samples: rounds.samples, done: 0 },
    near_ties: { bound: NEAR_TIE_BOUND, batch: study.batch, pairs: 0 },
    clamp: clampRecord(study, prepared),
    ways: {},
    estimate: null,
    headline: null,
    seconds: 0,
  };
}

/** What pass 0 chose for the operator. */
function clampRecord({ sites }: OpenStudy, { sweep, fitted }: PreparedStudy): ClampRecord | null {
  const [first] = sweep.clamps;
  if (first?.kind === 'donors') return { operator: 'resample', draws: first.draws };
  if (fitted.length === 0) return null;
  const constants = sites.map((site, k): [string, number[]] => {
    const clamp = sweep.clamps[k]!;
    return [site.name, clamp.kind === 'constant' ? [...clamp.values] : []];
  });
  return { operator: 'optimal', fitted_on: [...fitted], constants: Object.fromEntries(constants) };
}

/** A site as the protocol carries it. */
export function siteInfo({ name, units, shape, kind }: Site): SiteInfo {
  return { name, units, shape, kind };
}

/** What makes two records those of different studies, or null: whatever changes a count. */
export function differenceOf(stored: RunRecord, now: RunRecord): string | null {
  const kind = experimentOf(stored);
  if (kind !== experimentOf(now)) return `it is ${kind === null ? 'an analysis' : `one of ${kind}`}`;
  if (stored.model.sha256 !== now.model.sha256) return 'the model is another';
  if (stored.data.sha256 !== now.data.sha256 || stored.data.labels_sha256 !== now.data.labels_sha256) {
    return 'the data is another';
  }
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  if (stored.spec.operator !== now.spec.operator) return `its operator is ${stored.spec.operator}`;
  if (!same(stored.clamp, now.clamp)) return 'what units are clamped to is another';
  if (stored.seed !== now.seed) return 'the seed is another';
  if (stored.spec.data !== now.spec.data || stored.spec.labels !== now.spec.labels)
    return 'the labels are others';
  if (stored.preprocessing.chosen !== now.preprocessing.chosen) return 'the preprocessing is another';
  if (!same(stored.sites, now.sites)) return 'the sites are others';
  if (!same(stored.rounds.samples, now.rounds.samples)) return 'the samples are others';
  if (stored.backend.name !== now.backend.name) return `it was made on ${stored.backend.name}`;
  return null;
}

/** What a run that goes on keeps of its record. */
export function keptOf({ id, created, seconds, name }: RunRecord): Partial<RunRecord> {
  return { id, created, seconds, ...(name === undefined ? {} : { name }) };
}

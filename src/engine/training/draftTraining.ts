import { existsSync } from 'node:fs';
import path from 'node:path';
import { version_core } from '@tensorflow/tfjs-core';
import { Failure } from '../../protocol/failure';
import type { BackendInfo } from '../../protocol/run';
import type { TrainingEstimate, TrainingOptions, TrainingRecord } from '../../protocol/training';
import { TRAINING_FILES } from '../../runs/trainingDirectory';
import { readTrainingRecord } from '../../runs/trainingRecord';
import type { ExperimentData } from './experimentData';

declare const VERSION: string | undefined;

/** What `experiment.json` says before anything is trained. */
export function draftTraining(
  options: TrainingOptions,
  { train, test, classes, sha256 }: ExperimentData,
  backend: BackendInfo,
  estimate: TrainingEstimate,
): TrainingRecord {
  return {
    version: 1,
    status: 'running',
    error: null,
    started: new Date().toISOString(),
    finished: null,
    seconds: 0,
    options,
    data: { train_samples: train.labels.length, test_samples: test.labels.length, classes, sha256 },
    backend,
    versions: {
      neuron_deletion: typeof VERSION === 'undefined' ? 'development' : VERSION,
      tfjs: version_core,
      node: process.version,
    },
    estimate,
    networks: [],
    findings: [],
  };
}

/**
 * The record of the experiment that is to be continued; null where there is none.
 * @throws Failure if the directory holds another experiment
 */
export async function storedTraining(
  directory: string,
  options: TrainingOptions,
): Promise<TrainingRecord | null> {
  if (!existsSync(path.join(directory, TRAINING_FILES.record))) return null;
  const record = await readTrainingRecord(directory);
  const difference = differenceOf(record.options, options);
  if (difference === null) return record;
  throw new Failure(
    `${directory} holds another experiment (${difference} is not the same); choose another folder, or delete that one.`,
    { file: directory },
  );
}

/** The first option in which two experiments differ. */
export function differenceOf(a: TrainingOptions, b: TrainingOptions): string | null {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])] as (keyof TrainingOptions)[];
  return names.find((name) => JSON.stringify(a[name]) !== JSON.stringify(b[name])) ?? null;
}

import type { PreparedStudy } from '../core/ablation/prepare';
import type { AnalyzeParams } from '../protocol/engine';
import { Failure } from '../protocol/failure';
import type { StudySpec } from '../protocol/study';
import type { OpenStudy } from './openStudy';

/** @throws Failure where the network gives no numbers on one of the study's samples */
export function refuseNotNumbers(
  { before }: PreparedStudy,
  study: OpenStudy,
  { spec }: Pick<AnalyzeParams, 'spec'>,
): void {
  for (const index of study.indices) {
    if (!Number.isFinite(before.loss[index]!)) throw notNumbers(spec);
  }
}

/** Says that the network gives no numbers. */
export function notNumbers({ model, data }: StudySpec): Failure {
  return new Failure(
    `${model} gives scores that are not numbers on ${data}: its weights or the preprocessing are wrong.`,
    { file: model },
  );
}

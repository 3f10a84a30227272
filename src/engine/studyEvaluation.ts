import type { Control } from '../core/control';
import type { EvaluateOptions } from '../protocol/engine';
import type { BackendInfo, Evaluation, RunRecord } from '../protocol/run';
import type { SiteInfo, StudySpec, UnitRef } from '../protocol/study';
import type { OpenStudy } from './openStudy';
import type { Resources } from './resources';

/** A study that is open, and what it is carried out with. */
export interface Opened {
  readonly study: OpenStudy;
  readonly backend: BackendInfo;
  readonly resources: Resources;
  readonly control: Control;
}

/** What is evaluated on a study that has no run. */
export interface StudyEvaluation {
  readonly spec: StudySpec;
  /** Chooses the units among the network's sites. */
  readonly choose: (sites: readonly SiteInfo[]) => readonly UnitRef[];
  readonly options: EvaluateOptions;
}

/** An evaluation, and what it rests on. */
export interface StudyEvaluationResult {
  readonly evaluation: Evaluation;
  readonly classes: readonly string[];
  readonly backend: BackendInfo;
  readonly preprocessing: RunRecord['preprocessing'];
}

import type { Control } from '../core/control';
import { forwardCost } from '../core/network/cost';
import { takesWords } from '../core/network/inputs';
import { batchSize } from '../core/network/memory';
import { furtherScales, plainScales, storedValues, suggestedScale } from '../core/preprocessing/candidates';
import { trialOf, tryScales, type Trial } from '../core/preprocessing/trial';
import { scaledValues } from '../core/samples';
import type { RunRecord } from '../protocol/run';
import type { Scale, StudySpec } from '../protocol/study';
import { forwardOf, scaled, type OpenStudy } from './openStudy';

/** Samples that every candidate is tried on, and that those are which cannot be told apart. */
const FIRST_SAMPLES = 256;
const ALL_SAMPLES = 1000;

/** Fewest samples of a network that takes long; a candidate takes about this many multiply-adds then. */
const FEWEST_SAMPLES = 32;
const CANDIDATE_WORK = 2 ** 36;

/** Preprocessings tried on some samples, and what was chosen. */
export async function preprocess(
  study: OpenStudy,
  spec: StudySpec,
  control: Control,
): Promise<RunRecord['preprocessing']> {
  const { network, data, classes } = study;
  const isAuto = spec.scale === 'auto';
  const affordable = Math.max(FEWEST_SAMPLES, Math.floor(CANDIDATE_WORK / forwardCost(network)));
  const first = Math.min(study.indices.length, FIRST_SAMPLES, affordable);
  // What the user has chosen need not be told apart from the others.
  const indices = study.indices.slice(0, isAuto ? Math.min(ALL_SAMPLES, 4 * affordable) : first);
  const labels = indices.map((index) => data.labels[index]!);
  const run: Trial['run'] = async (scale, from, to) => {
    const { predicted, loss } = await forwardOf(study, scaled(study, scale, spec)).run(
      indices.slice(from, to),
      control,
      { batch: batchSize(network, ALL_SAMPLES) },
    );
    return { scale, predicted, loss };
  };
  const { chosen, outcomes } = await tryScales({
    ...(await candidates(study, spec, indices)),
    labels,
    classes: classes.length,
    first,
    run,
  });
  return {
    chosen: spec.scale === 'auto' ? chosen : spec.scale,
    by: isAuto ? 'auto' : 'user',
    candidates: outcomes.map((outcome) => trialOf(outcome, labels)),
  };
}

/** What is tried; where the user has chosen, only that beside the plain ones, to show how they compare. */
async function candidates(
  { network, data }: OpenStudy,
  spec: StudySpec,
  indices: Int32Array,
): Promise<Pick<Trial, 'plain' | 'further' | 'suggested'>> {
  if (takesWords(network)) return { plain: ['none'], further: [], suggested: 'none' };
  const { values, shape } = scaledValues(network, data, spec.data);
  const stored = await storedValues(values, shape, indices);
  const plain = plainScales(stored);
  if (spec.scale !== 'auto') {
    const shown = new Set<Scale>([...plain, spec.scale]);
    return { plain: [...shown], further: [], suggested: spec.scale };
  }
  return { plain, further: furtherScales(stored, values.shape, shape), suggested: suggestedScale(stored) };
}

import { CachedForward } from '../core/ablation/cachedForward';
import { measureNoise } from '../core/ablation/noise';
import { unitDeviations } from '../core/ablation/unitDeviations';
import { largestShare } from '../core/measures/baseline';
import type { NoisePart, NoisePoint } from '../protocol/curves';
import type { AnalyzeResult } from '../protocol/engine';
import { meanNoise } from '../protocol/meanCurves';
import { modelName } from '../runs/runDirectory';
import { siteNames } from './curveStudy';
import { Experiment, type ExperimentSetting } from './experiment';

/** Measures noise curves (science.md, "Noise experiment") in a run of their own, or goes on with them. */
export function studyNoise(setting: ExperimentSetting<'noise'>): Promise<AnalyzeResult> {
  const { options } = setting.params;
  return Experiment.run(
    setting,
    ({ measured }) => ({
      options,
      chance: largestShare(measured, setting.study.data.labels),
      summary: [],
    }),
    carryOut,
  );
}

async function carryOut(run: Experiment<'noise'>): Promise<void> {
  const { options, spec } = run.params;
  const { sites, network, batch, data } = run.study;
  const { measured } = run.prepared;
  // A whole curve after the other, so that what is finished can be shown.
  const plan = Array.from({ length: options.repeats }, (_, repeat) => repeat).flatMap((repeat) =>
    options.scales.map((scale) => ({ repeat, scale })),
  );
  const keyOf = ({ repeat, scale }: { readonly repeat: number; readonly scale: number }): string =>
    `${repeat}\n${scale}`;
  const done = new Map(run.rows.map((row) => [keyOf(row), row]));
  const deviations = await unitDeviations(run.parts.forward, sites, measured, run.control, (share) => {
    run.tell('ranking', share, [0, options.repeats]);
  });
  const forward = new CachedForward(
    network,
    run.parts.samples,
    measured,
    sites,
    batch,
    run.parts.budget.kept,
  );
  try {
    for (const [step, { repeat, scale }] of plan.entries()) {
      if (done.has(keyOf({ repeat, scale }))) continue;
      const { seed } = spec;
      const measure = await measureNoise(
        forward,
        sites,
        deviations,
        { seed, repeat, scale },
        data.labels,
        run.control,
        (share) => {
          run.tell('measuring', (step + share) / plan.length, [repeat, options.repeats]);
        },
      );
      const common = { model: modelName(spec.model), sites: siteNames(sites) };
      done.set(keyOf({ repeat, scale }), { ...common, scale, repeat, ...measure });
      const rows = plan.flatMap((each) => done.get(keyOf(each)) ?? []);
      await run.keep(rows, { summary: summaryOf(rows) });
      const isRepeatDone = (step + 1) % options.scales.length === 0;
      if (isRepeatDone) run.tell('measuring', (step + 1) / plan.length, [repeat + 1, options.repeats]);
      if (isRepeatDone && repeat + 1 < options.repeats) await run.gate(repeat + 1);
    }
  } finally {
    forward.dispose();
  }
}

function summaryOf(rows: readonly NoisePoint[]): NoisePart['summary'] {
  const { scales, accuracy, loss } = meanNoise(rows);
  return scales.map((scale, i) => ({
    scale,
    accuracy: accuracy.mean[i]!,
    accuracy_sd: accuracy.deviation[i]!,
    loss: loss.mean[i]!,
  }));
}

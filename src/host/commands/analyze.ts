import type { RunRecord } from '../../protocol/run';
import type { SpecFile, StudySpec } from '../../protocol/study';
import { newRunDirectory } from '../../runs/runDirectory';
import type { ExperimentJob } from '../analyses';
import { studyTitle } from '../names';
import { showProblem } from '../problems';
import type { Services } from '../services';
import { rootOf } from '../workspaceFiles';
import type { DataFinder } from './dataFinder';
import { pickData } from './pickData';
import { modelOf } from './pickModel';
import { defaultOperator, pickOperator } from './pickOperator';
import { pickScale } from './pickScale';

/** Analyze Neurons…: model, data, and the panel that fills in. */
export async function analyze(services: Services, finder: DataFinder, target: unknown): Promise<void> {
  const model = await modelOf(target);
  if (model === undefined) return;
  // Reading the model also starts the engine, while the user looks for data.
  const reading = services.engine.process.request('inspectModel', { path: model });
  reading.catch(() => undefined);
  const { readSpecFile } = await import('../../runs/specFile');
  const stored = await readSpecFile(model);
  const picked = await pickData(model, reading, stored, finder);
  if (picked === undefined) return;
  const { data, labels: _, label_column: _column, label_pattern, inputs, ...kept } = stored ?? {};
  const ofData = {
    ...(label_pattern === undefined ? {} : { label_pattern }),
    ...(inputs === undefined ? {} : { inputs }),
  };
  const study = { ...kept, ...(picked.data === data ? ofData : {}), ...picked, model };
  startStudy(services, { operator: defaultOperator(model), seed: 0, ...study }, stored);
}

/** The data of a run once more, with another scaling than it had. */
export async function analyzeWithScale(services: Services, record: RunRecord): Promise<void> {
  const { chosen, candidates } = record.preprocessing;
  const scale = await pickScale(chosen, candidates);
  if (scale === undefined) return;
  const { readSpecFile } = await import('../../runs/specFile');
  startStudy(services, { ...record.spec, scale }, await readSpecFile(record.spec.model));
}

/** The study of a run once more, with units clamped to something else. */
export async function analyzeWithOperator(services: Services, record: RunRecord): Promise<void> {
  const operator = await pickOperator(record.spec.operator);
  if (operator === undefined) return;
  const { readSpecFile } = await import('../../runs/specFile');
  startStudy(services, { ...record.spec, operator }, await readSpecFile(record.spec.model));
}

/** Goes on with a run where it stopped. */
export async function continueRun(services: Services, directory: string): Promise<void> {
  const { readRecord } = await import('../../runs/runRecord');
  const record = await readRecord(directory);
  const study = await services.studies.open(directory);
  services.panels.show(study);
  const { spec } = record;
  const experiment = experimentJob(record);
  // A run that exists has passed the question about chance.
  services.analyses.start({ study, spec, ...(experiment && { experiment }), acceptChance: true });
}

/** How a run of curves, noise or pairs was made; null for an analysis. */
function experimentJob({ curves, noise, pairs }: RunRecord): ExperimentJob | null {
  if (curves !== undefined) return { name: 'curves', options: curves.options };
  if (noise !== undefined) return { name: 'noise', options: noise.options };
  return pairs === undefined ? null : { name: 'pairs', options: pairs.options };
}

function startStudy(services: Services, spec: StudySpec, stored: SpecFile | null): void {
  const directory = newRunDirectory(rootOf(spec.model), spec.model);
  const study = services.studies.create(directory, studyTitle(spec));
  services.analyses.start({
    study,
    spec,
    acceptChance: false,
    began: () => void remember(services, spec, stored),
  });
  services.panels.show(study);
}

/** Writes the study beside its model, for the next time and for the command line. */
export async function remember(
  services: Pick<Services, 'log'>,
  spec: StudySpec,
  stored: SpecFile | null,
): Promise<void> {
  const { model, ...rest } = spec;
  if (stored !== null && same(stored, rest)) return;
  try {
    const { writeSpecFile } = await import('../../runs/specFile');
    await writeSpecFile(model, rest);
  } catch (error) {
    showProblem(services.log, error);
  }
}

function same(a: SpecFile, b: SpecFile): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)] as (keyof SpecFile)[]);
  return [...keys].every((key) => JSON.stringify(a[key]) === JSON.stringify(b[key]));
}

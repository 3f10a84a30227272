import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { writeAtomically } from '../runs/atomicFile';
import { evaluationJson, evaluationJsonText, outputsCsv } from '../runs/evaluationFiles';
import { writeFailure } from '../runs/fileErrors';
import { deletedUnits } from './deleteFlags';
import { evaluationText } from './evaluationText';
import { withUnitsOfSets } from './namedSets';
import { openSession } from './openSession';
import type { EvaluateCommandOptions } from './program';
import { progressView } from './progress';
import { readStudySpec } from './readStudySpec';
import { UsageError, type Terminal } from './terminal';

/**
 * `evaluate <model> --delete …`: deletes some neurons together and prints what the network does without them; with
 * `--out DIR` leaves `evaluate.json` there, with `--outputs` also `outputs.csv`.
 *
 * @throws Failure, UsageError for bad input; Cancelled when interrupted
 */
export async function evaluate(
  model: string,
  options: EvaluateCommandOptions,
  terminal: Terminal,
): Promise<void> {
  if (options.outputs && options.out === undefined) {
    throw new UsageError('--outputs writes outputs.csv: say into which folder with --out <dir>.');
  }
  const spec = await readStudySpec(model, options, terminal);
  const flags = await withUnitsOfSets(options.delete, spec.model, options.sets, terminal.cwd);
  // The spec file's sites are those to sweep; any can be deleted.
  const { sites: _, ...study } = spec;
  const directory = options.out === undefined ? null : path.resolve(terminal.cwd, options.out);
  const session = openSession(options, terminal);
  const view = progressView(options, terminal);
  const result = await session
    .evaluateStudy(
      {
        spec: study,
        choose: (sites) => deletedUnits(flags, sites, spec.model),
        options: { outputs: options.outputs },
      },
      (event) => view.show(event),
      terminal.signal,
    )
    .finally(() => view.stop());

  const json = evaluationJson(result, study);
  if (directory !== null) {
    await mkdir(directory, { recursive: true }).catch((error: unknown) => {
      throw writeFailure(error, directory);
    });
    await writeAtomically(path.join(directory, 'evaluate.json'), evaluationJsonText(json));
    const { per_sample } = result.evaluation;
    if (per_sample !== null) {
      await writeAtomically(
        path.join(directory, 'outputs.csv'),
        outputsCsv(per_sample, result.classes.length),
      );
    }
  }
  terminal.out(
    options.json ? `${JSON.stringify({ ...json, directory })}\n` : evaluationText(result, study, directory),
  );
}

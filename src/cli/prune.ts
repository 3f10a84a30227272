import path from 'node:path';
import type { Session } from '../engine/session';
import { Cancelled } from '../protocol/failure';
import type { PruneParams } from '../protocol/prune';
import type { StudySpec } from '../protocol/study';
import { deletedUnits } from './deleteFlags';
import { withUnitsOfSets } from './namedSets';
import { openSession } from './openSession';
import { progressView } from './progress';
import type { PruneCommandOptions } from './pruneProgram';
import { pruneText } from './pruneText';
import { readStudySpec } from './readStudySpec';
import { UsageError, type Terminal } from './terminal';

/**
 * `prune <model> --delete … | --keep-accuracy S --out DIR`: saves a model without some neurons and prints what became of
 * it.
 *
 * @throws Failure, UsageError for bad input; Cancelled when interrupted
 */
export async function prune(model: string, options: PruneCommandOptions, terminal: Terminal): Promise<void> {
  const { keepAccuracy } = options;
  if (options.delete === undefined && keepAccuracy === undefined) {
    throw new UsageError(
      'Say which neurons the model is saved without: --delete <neurons> or --keep-accuracy <share>.',
    );
  }
  const spec = await readStudySpec(model, options, terminal);
  const directory = path.resolve(terminal.cwd, options.out);
  const session = openSession(options, terminal);
  const choice: PruneParams['choice'] =
    keepAccuracy === undefined
      ? { kind: 'units', deleted: await unitsOf(session, spec, options, terminal) }
      : { kind: 'keep_accuracy', share: keepAccuracy };
  const view = progressView(options, terminal);
  const result = await session
    .prune(
      { spec, choice, directory, replace: options.replace },
      (event) => view.show(event),
      terminal.signal,
    )
    .finally(() => view.stop());
  if (result.kind === 'cancelled') throw new Cancelled();
  const { report, steps, file } = result;
  terminal.out(options.json ? `${JSON.stringify({ ...report, file })}\n` : pruneText(report, steps, file));
}

async function unitsOf(
  session: Session,
  spec: StudySpec,
  options: PruneCommandOptions,
  terminal: Terminal,
): Promise<ReturnType<typeof deletedUnits>> {
  const flags = await withUnitsOfSets(options.delete ?? [], spec.model, options.sets, terminal.cwd);
  const { sites } = await session.inspectModel(spec.model, spec);
  return deletedUnits(flags, sites, spec.model);
}

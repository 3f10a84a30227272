import * as vscode from 'vscode';
import { Cancelled } from '../../protocol/failure';
import type { StudySpec } from '../../protocol/study';
import { newRunDirectory } from '../../runs/runDirectory';
import type { Job } from '../analyses';
import { defaultOperator } from '../commands/pickOperator';
import { studyTitle } from '../names';
import type { Services } from '../services';
import { rootOf, shownPath } from '../workspaceFiles';
import { shownInput, type Answering } from './answeringTool';
import { relativePath } from './answers/workspacePaths';
import type { ToolWorkspace } from './answers/toolWorkspace';

type Ending = Parameters<NonNullable<Job['ended']>>[0];

/** Analyses a model, like *Analyze Neurons…*, in the one queue; what was analysed just so is not computed again. */
export function analyzeTool(services: Services, workspace: ToolWorkspace): Answering {
  const load = (): Promise<typeof import('./answers/analysis')> => import('./answers/analysis');
  return {
    message: (input) => vscode.l10n.t('Analyzing the neurons of {0}', shownInput(input, 'model')),
    confirm: async (input) => {
      const { askedStudy, sameAnalysis } = await load();
      const { spec } = await askedStudy(input, workspace.roots, defaultOperator);
      if ((await sameAnalysis(spec, await workspace.runs(), workspace.stale)) !== null) return null;
      return {
        title: vscode.l10n.t('Analyze Neurons'),
        message: vscode.l10n.t(
          'Delete every neuron of {0} in turn and measure it on {1}? This may take minutes; its results are written into a new run folder of the workspace.',
          shownPath(spec.model),
          relativePath(spec.data, workspace.roots),
        ),
      };
    },
    answer: async (input, signal) => {
      const { analysisFacts, askedStudy, sameAnalysis } = await load();
      const { spec, acceptChance } = await askedStudy(input, workspace.roots, defaultOperator);
      const known = await sameAnalysis(spec, await workspace.runs(), workspace.stale);
      const directory = known?.directory ?? (await carryOut(services, spec, acceptChance, signal));
      const run = await workspace.request('readRun', { directory });
      return { already_known: known !== null, ...(await analysisFacts(directory, run, workspace)) };
    },
  };
}

/**
 * Carries out an analysis in the queue of all analyses.
 * @returns its run directory
 * @throws Failure where it fails, or where the model is hardly better than chance; Cancelled
 */
async function carryOut(
  services: Services,
  spec: StudySpec,
  acceptChance: boolean,
  signal: AbortSignal,
): Promise<string> {
  if (signal.aborted) throw new Cancelled();
  const { studies, analyses, panels } = services;
  const directory = freeDirectory(services, spec);
  const study = studies.create(directory, studyTitle(spec));
  const ending = await new Promise<Ending>((resolve) => {
    signal.addEventListener('abort', () => analyses.cancel(study), { once: true });
    const askAnyway = (): Promise<boolean> => Promise.resolve(false);
    analyses.start({ study, spec, acceptChance, askAnyway, ended: resolve });
  });
  // After all others have heard that it is over.
  setImmediate(() => {
    if (!study.disposed && !study.running && !panels.isOpen(directory)) studies.release(study);
  });
  switch (ending.kind) {
    case 'complete':
      return directory;
    case 'cancelled':
      throw new Cancelled();
    case 'near_chance':
      throw (await import('./answers/analysis')).nearChance(ending.question);
    case 'failed':
      throw ending.error;
  }
}

/** A path for a new run that neither the disk nor the queue has. */
function freeDirectory({ studies }: Services, { model }: StudySpec): string {
  for (let time = Date.now(); ; time += 1000) {
    const directory = newRunDirectory(rootOf(model), model, new Date(time));
    if (studies.find(directory) === undefined) return directory;
  }
}

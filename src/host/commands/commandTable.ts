import * as vscode from 'vscode';
import { readRecord } from '../../runs/runRecord';
import { showProblem } from '../problems';
import { reveal } from '../reveal';
import type { Services } from '../services';
import { analyze, analyzeWithOperator, analyzeWithScale, continueRun } from './analyze';
import { createSample } from './createSample';
import { DataFinder } from './dataFinder';
import { inspectModel } from './inspectModel';
import { compareCheckpoints, compareRuns } from './compareRuns';
import { measureComparison } from './measureComparison';
import { isSubjects } from '../panel/comparePanels';
import { exportRun, isExportFormat, savePicture, type Picture } from './exportRun';
import { continueExperiment, openExperiment, runExperiment } from './experiments';
import { saveWithout } from './saveWithout';
import { deleteRuns, openRun, renameRun } from './runs';
import { directoryOf, pickTraining, runOf, runsOf } from './runTargets';
import { modelOf } from './pickModel';
import { addCurves, measure } from './measure';
import { setUpNative } from './setUpNative';

type Handler = (target: unknown, more: unknown) => unknown;

/** Registers every command, by its id without `neuronDeletion.`; what a handler throws is shown. */
export function registerCommands(services: Services): vscode.Disposable {
  const { context, log, engine, studies, analyses, curveRuns, measurements } = services;
  const { l10n } = vscode;
  const finder = new DataFinder(engine.process);

  /** A command on a run: `act` gets its directory. */
  const onRun =
    (title: string, act: (directory: string, more: unknown) => unknown): Handler =>
    async (target, more) => {
      const directory = await runOf(services, target, title);
      if (directory !== undefined) await act(directory, more);
    };

  /** The same on an experiment. */
  const onExperiment =
    (title: string, act: (directory: string) => unknown): Handler =>
    async (target) => {
      const directory = directoryOf(target) ?? (await pickTraining(services, title));
      if (directory !== undefined) await act(directory);
    };

  const table: Readonly<Record<string, Handler>> = {
    analyze: (target) => analyze(services, finder, target),
    inspectModel: (target) => inspectModel(engine.process, target),
    createSample: (into) => createSample(context.extensionUri, into instanceof vscode.Uri ? into : undefined),
    setUpNative: () => setUpNative(services),
    openRun: onRun(l10n.t('Open Run'), (directory) => openRun(services, directory)),
    continueRun: onRun(l10n.t('Continue Run'), (directory) => continueRun(services, directory)),
    renameRun: onRun(l10n.t('Rename Run'), (directory) => renameRun(services, directory)),
    deleteRun: async (target, more) =>
      deleteRuns(services, await runsOf(services, target, more, l10n.t('Delete Run'))),
    revealRun: onRun(l10n.t('Reveal Run Folder'), (directory) => reveal(vscode.Uri.file(directory))),
    revealModel: async (target) => {
      const model = await modelOf(target);
      if (model !== undefined) await reveal(vscode.Uri.file(model));
    },
    compareRuns: (target, more) => compareRuns(services, target, more),
    compareWith: (target, more) => compareRuns(services, target, more),
    compareCheckpoints: (target) => compareCheckpoints(services, target),
    measureMissing: async (target) => {
      const { subjects } = (target ?? {}) as { readonly subjects?: unknown };
      if (isSubjects(subjects)) await measureComparison(services, finder, subjects);
    },
    exportRun: onRun(l10n.t('Export Run'), (directory, format) =>
      exportRun(services, directory, isExportFormat(format) ? format : undefined),
    ),
    exportReport: onRun(l10n.t('Export Report'), (directory, file) =>
      exportRun(services, directory, 'html', file instanceof vscode.Uri ? file : undefined),
    ),
    savePicture: async (target, picture) => {
      const directory = directoryOf(target);
      if (directory !== undefined && picture) await savePicture(directory, picture as Picture);
    },
    analyzeWithScale: onRun(l10n.t('Analyze with Other Preprocessing'), async (directory) =>
      analyzeWithScale(services, await readRecord(directory)),
    ),
    analyzeWithOperator: onRun(l10n.t('Analyze with Another Operator'), async (directory) =>
      analyzeWithOperator(services, await readRecord(directory)),
    ),
    measure: onRun(l10n.t('Measure Curves or Noise'), (directory, name) =>
      measure(services, finder, directory, name === 'noise' ? 'noise' : 'curves'),
    ),
    measureCurves: (target) => vscode.commands.executeCommand('neuronDeletion.measure', target, 'curves'),
    measureNoise: (target) => vscode.commands.executeCommand('neuronDeletion.measure', target, 'noise'),
    cancelMeasuring: onRun(l10n.t('Cancel Measuring'), (directory) => measurements.cancel(directory)),
    addCurves: onRun(l10n.t('Add Curves of Another Run'), (directory) => addCurves(services, directory)),
    removeCurves: (target, directory) => {
      const study = studies.find(directoryOf(target) ?? '');
      if (study !== undefined && typeof directory === 'string') curveRuns.remove(study, directory);
    },
    saveWithout: onRun(l10n.t('Save Model Without These Neurons'), (directory, which) =>
      saveWithout(services, directory, which === 'current'),
    ),
    runExperiment: () => runExperiment(services, finder),
    openExperiment: onExperiment(l10n.t('Open Experiment Report'), (directory) =>
      openExperiment(services, directory),
    ),
    continueExperiment: onExperiment(l10n.t('Continue Experiment'), (directory) =>
      continueExperiment(services, directory),
    ),
    cancelExperiment: () => services.trainings.cancel(),
    showLog: () => log.show(),
    cancel: (target) => {
      const { directory } = (target ?? {}) as { readonly directory?: unknown };
      analyses.cancel(typeof directory === 'string' ? studies.find(directory) : undefined);
    },
    restartEngine: () => {
      analyses.cancelAll();
      services.trainings.cancel();
      engine.process.stop();
      void vscode.window.showInformationMessage(
        l10n.t('The engine is stopped; it starts anew when it is needed.'),
      );
    },
  };

  const registered = Object.entries(table).map(([id, handler]) =>
    vscode.commands.registerCommand(`neuronDeletion.${id}`, async (target: unknown, more: unknown) => {
      try {
        await handler(target, more);
      } catch (error) {
        showProblem(log, error);
      }
    }),
  );
  return vscode.Disposable.from(...registered);
}

import { sinceLoading, startClock } from './host/startClock';
import * as vscode from 'vscode';
import { Analyses } from './host/analyses';
import { registerCommands } from './host/commands/commandTable';
import { CurveRuns } from './host/curveRuns';
import { EngineClient } from './host/engineClient';
import { KeptChoices } from './host/keptChoices';
import { ComparePanels } from './host/panel/comparePanels';
import { watchFirstDeletion } from './host/firstDeletion';
import { Measurements } from './host/measurements';
import { ModelEditor } from './host/panel/modelEditor';
import { ReportPanels } from './host/panel/reportPanels';
import { StudyPanels } from './host/panel/studyPanels';
import { runSource, watchRuns } from './host/runSource';
import { StatusBar } from './host/statusBar';
import { NativeOffer } from './host/nativeOffer';
import type { Services } from './host/services';
import { Studies } from './host/studies';
import { Trainings } from './host/trainings';
import { TrainingStatus } from './host/trainingStatus';
import { registerTools } from './host/tools/registerTools';
import { InspectorView } from './host/views/inspectorView';
import { ModelsView } from './host/views/modelsView';
import { RunsView } from './host/views/runsView';

/** What other extensions, and tests, can ask of this one. */
export interface Exports {
  /** How long loading and activating took, milliseconds. */
  readonly activationMilliseconds: number;
  /** How much of it was spent computing, milliseconds: what is left out is waiting for a busy machine. */
  readonly activationProcessorMilliseconds: number;
}

/** VS Code takes its time between loading the code and activating it, which is not ours. */
const loading = sinceLoading();

/** Constructs, registers, returns; nothing heavy is loaded and no process started. */
export function activate(context: vscode.ExtensionContext): Exports {
  const sinceActivating = startClock();
  const own = <T extends vscode.Disposable>(thing: T): T => {
    context.subscriptions.push(thing);
    return thing;
  };
  const { extensionUri } = context;
  const log = own(vscode.window.createOutputChannel('Neuron Deletion', { log: true }));
  const engine = own(new EngineClient(context, log));
  const studies = own(new Studies(engine.process, log, new KeptChoices(context.workspaceState)));
  const analyses = own(new Analyses(engine.process, log, new NativeOffer(context.globalState)));
  const run = (command: string, study: { readonly directory: string }, more?: unknown): void =>
    void vscode.commands.executeCommand(`neuronDeletion.${command}`, study, more);
  const panels = own(
    new StudyPanels(extensionUri, studies, log, {
      cancel: (study) => analyses.cancel(study),
      resume: (study) => run('continueRun', study),
      exportRun: (study, format) => run('exportRun', study, format),
      saveWithout: (study) => run('saveWithout', study, 'current'),
      savePicture: (study, picture) => run('savePicture', study, picture),
      measure: (study, experiment) => run('measure', study, experiment),
      cancelMeasuring: (study) => run('cancelMeasuring', study),
      addCurves: (study) => run('addCurves', study),
      removeCurves: (study, directory) => run('removeCurves', study, directory),
      showLog: () => log.show(),
      setUpNative: () => void vscode.commands.executeCommand('neuronDeletion.setUpNative'),
      activate: (study) => studies.setActive(study),
    }),
  );
  const source = runSource(engine.process);
  const curveRuns = own(new CurveRuns(studies, source, context.workspaceState));
  own(watchRuns(() => curveRuns.update()));
  const isShown = (directory: string): boolean => panels.isOpen(directory);
  const measurements = own(new Measurements(studies, analyses, isShown, () => curveRuns.update()));
  const comparisons = own(new ComparePanels(extensionUri, studies, engine.process, analyses, isShown, log));
  own(new ModelEditor(extensionUri, engine.process, log));
  const trainings = own(new Trainings(engine.process));
  const reports = own(new ReportPanels(extensionUri));
  const runs = own(new RunsView(studies, analyses, trainings));
  own(new ModelsView(engine.process, studies, runs, log));
  own(new InspectorView(extensionUri, studies, log));
  own(new StatusBar(analyses, studies));
  own(new TrainingStatus(trainings));
  own(watchFirstDeletion(studies));
  const services: Services = {
    context,
    log,
    engine,
    studies,
    analyses,
    curveRuns,
    measurements,
    trainings,
    panels,
    comparisons,
    reports,
    runs,
  };
  own(registerCommands(services));
  own(registerTools(services));

  const activating = sinceActivating();
  const activationMilliseconds = loading.clock + activating.clock;
  const activationProcessorMilliseconds = loading.processor + activating.processor;
  log.info(
    `activated in ${activationMilliseconds.toFixed(1)} ms (${activationProcessorMilliseconds.toFixed(1)} ms of processor time)`,
  );
  return { activationMilliseconds, activationProcessorMilliseconds };
}

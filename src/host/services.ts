import type * as vscode from 'vscode';
import type { Analyses } from './analyses';
import type { CurveRuns } from './curveRuns';
import type { EngineClient } from './engineClient';
import type { Measurements } from './measurements';
import type { ComparePanels } from './panel/comparePanels';
import type { ReportPanels } from './panel/reportPanels';
import type { StudyPanels } from './panel/studyPanels';
import type { Studies } from './studies';
import type { Trainings } from './trainings';
import type { RunsView } from './views/runsView';

/** What commands work with; made once, in extension.ts. */
export interface Services {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly engine: EngineClient;
  readonly studies: Studies;
  readonly analyses: Analyses;
  readonly curveRuns: CurveRuns;
  readonly measurements: Measurements;
  readonly trainings: Trainings;
  readonly panels: StudyPanels;
  readonly comparisons: ComparePanels;
  readonly reports: ReportPanels;
  readonly runs: RunsView;
}

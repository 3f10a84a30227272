import type { EngineProcess } from './engineProcess';

/** Whom a study's questions go to, and how it is told what came in between; VS Code is behind it. */
export interface Questions {
  readonly engine: Pick<EngineProcess, 'request' | 'analysing' | 'onDidChangeAnalysing'>;
  readonly log: { error(error: Error | string): void; warn(text: string): void };
  /** Anything thrown as a sentence for the screen. */
  readonly problemText: (error: unknown) => string;
  /** Said while an analysis has the engine. */
  readonly busy: string;
}

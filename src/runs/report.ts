import { basename, dirname } from 'node:path';
import type { StoredRun } from '../protocol/engine';
import { writeAtomically } from './atomicFile';
import { agreementBeside } from './operatorRuns';
import { readRun } from './readRun';
import { experimentHeadline, experimentSections } from './reportExperiments';
import type { OperatorAgreement } from '../core/measures/agreement';
import { agreementSection } from './reportAgreement';
import { importanceFigure, selectivityFigure } from './reportFigures';
import { html, type Markup } from './reportMarkup';
import { reportPage } from './reportPage';
import { relationsSection } from './reportRelations';
import {
  baselineSection,
  layerSection,
  limitsSection,
  methodSection,
  preprocessingSection,
  provenanceSection,
  topSection,
} from './reportSections';

function titleOf({ record }: StoredRun): string {
  const file = basename(record.model.path);
  const folder = basename(dirname(record.model.path));
  return folder === '' ? file : `${folder}/${file}`;
}

function notice({ record, experiment }: StoredRun): Markup | null {
  const { done, samples } = record.rounds;
  if (record.status === 'complete') return null;
  const why = {
    running: 'This run was not finished when the report was made',
    cancelled: 'This run was cancelled',
    failed: `This run failed${record.error === null ? '' : ` (${record.error})`}`,
  }[record.status];
  const what =
    experiment === undefined
      ? `: ${done} of ${samples.length} rounds are done, all intervals are provisional.`
      : '; it shows what was finished.';
  return html`<p class="notice">${why}${what}</p>`;
}

function analysisSections(run: StoredRun, agreement: readonly OperatorAgreement[]): Markup {
  return html`<h2>Importance</h2>
    <figure>
      ${importanceFigure(run)}
      <figcaption>
        One cell a unit, counted from the left, row by row. Small cells: importance within noise. Framed:
        never fires. Struck-through outlines: not computed. Orange: the network gets worse without the unit;
        blue: better.
      </figcaption>
    </figure>
    <h2>Selectivity</h2>
    <figure>
      ${selectivityFigure(run)}
      <figcaption>
        The same units in the same places. 1: the unit answers one class only; 0: all classes alike.
      </figcaption>
    </figure>
    ${topSection(run)} ${layerSection(run)} ${relationsSection(run)} ${agreementSection(agreement)}
    ${baselineSection(run)} ${methodSection(run)} ${preprocessingSection(run)} ${limitsSection(run)}
    ${provenanceSection(run)}`;
}

function experimentBody(run: StoredRun): Markup {
  return html`${experimentSections(run)} ${baselineSection(run)} ${preprocessingSection(run)}
  ${provenanceSection(run)}`;
}

/**
 * The report as one HTML page that needs nothing else: no script, no font, no picture from elsewhere.
 * @param agreement with runs of the same study under other operators
 */
export function reportHtml(run: StoredRun, agreement: readonly OperatorAgreement[] = []): string {
  const { record } = run;
  const title = titleOf(run);
  const headline =
    run.experiment === undefined
      ? (record.headline?.text ?? 'No unit has been measured on all rounds yet.')
      : experimentHeadline(run);
  const body = run.experiment === undefined ? analysisSections(run, agreement) : experimentBody(run);
  return reportPage({
    title: `Neuron deletion: ${title}`,
    by: `${basename(record.data.path)} · ${record.created.slice(0, 10)}`,
    headline,
    body: html`${notice(run)} ${body}`,
  });
}

/** Writes the report of a run to `file`. Throws {@link Failure} where it cannot be read or written. */
export async function writeReport(directory: string, file: string): Promise<void> {
  const run = await readRun(directory);
  await writeAtomically(file, reportHtml(run, await agreementBeside(directory, run)));
}

import type { TrainingExperiment } from '../protocol/training';
import { experimentFigures } from './experimentFigures';
import { limitsSection, methodSection, provenanceSection } from './experimentMethod';
import {
  findingsTable,
  networksTable,
  publishedTable,
  relationsTable,
  settingsTable,
} from './experimentTables';
import { findingsHeadline } from './findingsText';
import { html, type Markup } from './reportMarkup';
import { reportPage } from './reportPage';
import { observed, trainingFindings } from './trainingFindings';
import type { TrainingDirectory } from './trainingDirectory';

/** What an experiment is about. */
export const EXPERIMENT_TITLES: Readonly<Record<TrainingExperiment, string>> = {
  memorization: 'Networks that memorise',
  dropout: 'Dropout and deletion',
  batchnorm: 'Batch normalisation and deletion',
  'early-stopping': 'Robustness over training',
  selectivity: 'Selectivity and importance',
  operators: 'What deleted neurons are set to',
};

/** The report of an experiment as one HTML page that needs nothing else; of an unfinished one what there is. */
export function experimentHtml(loaded: TrainingDirectory): string {
  const { record, networks } = loaded;
  const { experiment } = record.options;
  const findings = trainingFindings(experiment, networks);
  const figures = experimentFigures(loaded);
  const all = networks.map(observed);
  return reportPage({
    title: EXPERIMENT_TITLES[experiment],
    by: `Neuron Deletion, experiment ${experiment} · ${record.started.slice(0, 10)}`,
    headline: findingsHeadline(findings),
    body: html`${notices(loaded)}
      <h2>The paper’s claims and what was measured</h2>
      ${findingsTable(findings)}
      ${figures.map(
        ({ heading, picture, caption }) =>
          html`<h2>${heading}</h2>
            <figure>
              ${picture}
              <figcaption>${caption}</figcaption>
            </figure> `,
      )}
      <h2>Settings in figures</h2>
      ${settingsTable(experiment, all)} ${publishedTable(experiment, all)} ${relationsTable(experiment, all)}
      ${networksTable(experiment, all)} ${methodSection(loaded)} ${limitsSection(record)}
      ${provenanceSection(record)}`,
  });
}

function notices({ record, networks }: TrainingDirectory): Markup[] {
  const included = networks.filter(({ network }) => network.included).length;
  const texts = [
    ...(record.options.quick
      ? ['A quick run, with few images and small networks: it shows that the experiment works, nothing else.']
      : []),
    ...(record.status === 'complete'
      ? []
      : [
          `This experiment is not finished (${record.status}${record.error === null ? '' : `: ${record.error}`}): the page shows what there is.`,
        ]),
    ...(included === 0 && networks.length > 0
      ? ['Every network was left out: this experiment has failed and has no result.']
      : []),
  ];
  return texts.map((text) => html`<p class="notice">${text}</p> `);
}

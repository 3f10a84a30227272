import { basename } from 'node:path';
import type { TrainingExperiment, TrainingRecord } from '../protocol/training';
import { count, decimal, html, type Markup } from './reportMarkup';
import type { TrainingDirectory } from './trainingDirectory';

/** What each experiment does, in a sentence or two. */
export const WHAT: Readonly<Record<TrainingExperiment, string>> = {
  memorization:
    'Networks of one shape learn the same images, a share of whose labels is shuffled among those images, so that the class balance stays. Each is measured on the training images with the labels it learned.',
  dropout:
    'Networks are trained with several dropout rates, on true and on random labels, and units are deleted at random.',
  batchnorm:
    'Networks with and without batch normalisation are trained on true labels. Selectivity and mutual information are means over all hidden units.',
  'early-stopping':
    'Each network is measured again and again while it is trained, far beyond where it does best on new images.',
  selectivity:
    'Every hidden unit of some networks is deleted alone, and what that costs is held against what can be told of the unit without deleting it.',
  operators:
    'The same networks are measured with deleted units clamped to zero, to their mean, to their activation on other images, and to the constant that harms least.',
};

/** What was trained and measured, and the definitions. */
export function methodSection({ record, networks }: TrainingDirectory): Markup {
  const { data, options } = record;
  const curves = networks.find((one) => one.curves !== null)?.curves?.record.curves;
  const noise = networks.find((one) => one.noise !== null)?.noise?.record.noise;
  const sites = networks.find((one) => one.curves !== null)?.curves?.record.sites ?? [];
  const hidden =
    sites.length === 0
      ? ''
      : ` ${options.net === 'convnet' ? 'Convolutional networks; as in the paper, units of the last three layers are deleted' : 'Hidden layers'}: ${sites.map(({ units }) => count(units)).join(', ')} units.`;
  return html`<h2>Method</h2>
    <p>${WHAT[options.experiment]}</p>
    <p>
      ${count(record.estimate.networks)} ${record.estimate.networks === 1 ? 'network' : 'networks'},
      ${count(options.seeds)} a setting, each from its own seed (from ${String(options.seed)} on), which
      decides weights, order of the images and dropped units; trained on ${count(data.train_samples)} images,
      tested on ${count(data.test_samples)}, ${count(data.classes)} classes.${hidden}
    </p>
    ${
      curves === undefined
        ? null
        : html`<p>
            <b>AUC</b> is the area under the accuracy while random hidden units are clamped together, x from 0
            to 1 (${count(curves.options.points)} points, ${count(curves.options.orderings)} random orderings
            a network). <b>Relative AUC</b> is (AUC − chance) / (accuracy − chance).
            ${
              noise === undefined
                ? null
                : html`<b>Noise</b>: Gaussian, independent in every element, its standard deviation a multiple
                    of each unit’s own (${count(noise.options.scales.length)} sizes,
                    ${count(noise.options.repeats)} repeats).`
            }
          </p>`
    }
    <p>
      Intervals are Student’s (of one mean) and Welch’s (of a difference) at 95 %, over networks: they say
      what networks from other seeds would give. The standard deviation over the orderings of one network is
      another thing and stands apart. A claim of a direction holds, or does not, where the interval of the
      difference leaves out 0; where it does not, it cannot be told. Fewer than three networks a setting tell
      nothing.
    </p>
    <p>
      Claims are those of Morcos, Barrett, Rabinowitz and Botvinick, ‘On the importance of single directions
      for generalization’ (ICLR 2018); figures marked as recalled were not looked up again.
    </p>`;
}

/** What the figures do not say. */
export function limitsSection({ options, data }: TrainingRecord): Markup {
  const limits = [
    `These are ${count(options.seeds)} ${options.seeds === 1 ? 'network' : 'networks'} a setting, of one shape, on one data set of ${count(data.train_samples)} images: other shapes, data and optimisers may give other figures.`,
    'The paper’s nets were trained on more images with an optimiser it does not name: orders and directions compare, digits do not.',
    'A claim that holds here is not proven in general, and one that does not is not refuted.',
    ...(options.quick ? ['A quick run is too small to learn anything from.'] : []),
  ];
  return html`<h2>Limits</h2>
    <ul>
      ${limits.map((limit) => html`<li>${limit}</li> `)}
    </ul>`;
}

/** Data, hashes, versions, backend and seeds. */
export function provenanceSection(record: TrainingRecord): Markup {
  const { backend, data, options, versions } = record;
  const item = (term: string, text: Markup | string): Markup =>
    html`<dt>${term}</dt>
      <dd>${text}</dd> `;
  const source = (one: { readonly data: string; readonly labels?: string }): string =>
    [one.data, ...(one.labels === undefined ? [] : [`labels ${one.labels}`])]
      .map((path) => basename(path))
      .join(', ');
  const native = backend.tensorflow === null ? '' : `, TensorFlow ${backend.tensorflow}`;
  return html`<h2>Provenance</h2>
    <dl>
      ${[
        item('Training data', source(options.train)),
        item(
          'Test data',
          options.test === null ? 'a fifth held back from the training data' : source(options.test),
        ),
        item('sha256', html`<code>${data.sha256}</code>`),
        item('Seeds', seedsText(options)),
        item('Backend', `${backend.name}${native}, ${String(backend.threads)} threads`),
        item(
          'Versions',
          Object.entries(versions)
            .map(([name, version]) => `${name} ${version}`)
            .join(', '),
        ),
        item('Begun', `${record.started}${record.finished === null ? '' : `, finished ${record.finished}`}`),
        item('Computing', `${decimal(record.seconds, 0)} s`),
      ]}
    </dl>`;
}

/** The seeds of an experiment: `1 … 3`. */
export function seedsText({ seed, seeds }: TrainingRecord['options']): string {
  return seeds === 1 ? String(seed) : `${String(seed)} … ${String(seed + seeds - 1)}`;
}

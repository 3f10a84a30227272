import assert from 'node:assert/strict';
import path from 'node:path';
import type { StudyState } from '../../src/protocol/webview';
import { requireAssets } from '../support/requirements';
import { benchForEach, type View } from './browser';
import { analysedStudy, realStudy } from './realStudy';
import { syntheticStudy } from './syntheticStudy';

const TABS = ['map', 'heatmaps', 'scatter', 'curves', 'unit', 'table'] as const;

/** What each view shows once it shows the study. */
const SHOWN: Readonly<Record<(typeof TABS)[number], string>> = {
  map: '[data-picture] canvas',
  heatmaps: '[data-picture] canvas',
  scatter: '[data-picture] canvas',
  curves: '.tab-panel vscode-button',
  unit: '.tab-panel h2',
  table: '.table-row',
};

describe('every view on recorded runs', function () {
  this.timeout(180_000);
  let view: View;
  const bench = benchForEach(() => view);
  let perceptron: StudyState;
  let convolutional: StudyState;

  before('analyse an MLP and a CNN', async function () {
    const [model, data] = requireAssets(this, 'tfjs-mnist-cnn/model.json', 'data-mnist-t10k');
    perceptron = await realStudy('generalizes', 600);
    convolutional = await analysedStudy('tfjs-mnist-cnn', model, [
      ...['--data', path.join(data, 't10k-images-idx3-ubyte.gz'), '--samples', '300'],
    ]);
  });

  /** The same, a hundred thousand neurons wide. */
  const large = (): StudyState =>
    syntheticStudy({
      sites: [
        { name: 'wide_1', units: 60_000, shape: [60_000], kind: 'dense' },
        { name: 'wide_2', units: 40_000, shape: [40_000], kind: 'dense' },
      ],
    });

  for (const [name, stateOf] of [
    ['an MLP', () => perceptron],
    ['a CNN', () => convolutional],
    ['100,000 neurons', large],
  ] as const) {
    for (const tab of TABS) {
      it(`${tab} shows ${name}, cuts nothing, and keeps the selection`, async () => {
        view = await bench.open('study', { saved: { tab }, width: 1280 });
        const state = stateOf();
        const [site] = state.record?.sites ?? [];
        assert.ok(site !== undefined);
        const selection = { site: site.name, unit: 1 };
        await view.deliver({ type: 'snapshot', state: { ...state, selection } });
        await view.page.locator(SHOWN[tab]).first().waitFor();
        // The page of a neuron names it itself.
        const named = tab === 'unit' ? '.tab-panel' : '[data-dock="selection"]';
        const text = await view.page.locator(named).innerText();
        assert.ok(text.includes(`${site.name} #1`), text);
        assert.deepEqual(await view.cutTexts(), []);
        await view.screenshot(`recorded-${name.replaceAll(/\W+/g, '-')}-${tab}`, false);
      });
    }
  }
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { benchForEach, textOf, type View } from './browser';
import { everyView } from './everyView';

const BUNDLE = path.join(__dirname, '../../l10n/bundle.l10n.de.json');
const GERMAN = {
  name: 'de',
  texts: JSON.parse(readFileSync(BUNDLE, 'utf8')) as Readonly<Record<string, string>>,
};

/** Each English text in brackets, as a language of its own: what stands without them did not go through `t`. */
const BRACKETS = {
  name: 'de',
  texts: Object.fromEntries(Object.keys(GERMAN.texts).map((text) => [text, `⟦${text}⟧`])),
};

/** What the scenes show that is no text of ours: names, paths, and sentences of the engine. */
const GIVEN =
  /dense|Dense|conv|^step-\d+$|generalizes|first ·|second ·|test\.npz|tfjs|sorter|Sorter|delta|sha256|TensorFlow\.js layers|^input_1$|models\/|net\.pt|PyTorch|convert\.py|^The engine stopped\.|^The model has changed/;

describe('language of the webviews', function () {
  this.timeout(60_000);
  let view: View;
  const bench = benchForEach(() => view);

  it('is that of the page, its numbers too', async () => {
    const [scene] = everyView();
    assert.ok(scene);
    view = await bench.open(scene.view, { saved: scene.saved, language: GERMAN });
    await view.deliver(...scene.messages);
    assert.equal(await textOf(view, '[role=tab]'), 'Karte');
    assert.match(await textOf(view, '.facts'), /Genauigkeit, nichts gelöscht 98,11 % 3\.434 von 3\.500/);
    assert.equal(await textOf(view, '.headline'), headline('1,94'));
  });

  for (const scene of everyView()) {
    it(`leaves no text out: ${scene.name}`, async () => {
      view = await bench.open(scene.view, { saved: scene.saved, language: BRACKETS });
      await view.deliver(...scene.messages);
      const left = await view.page.evaluate(() => {
        const all: string[] = [];
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
          if (walker.currentNode.parentElement?.closest('script, style') === null) {
            all.push(walker.currentNode.textContent ?? '');
          }
        }
        const read = ['aria-label', 'aria-roledescription', 'aria-valuetext', 'placeholder', 'title'];
        for (const element of document.querySelectorAll('body *')) {
          for (const name of read) all.push(element.getAttribute(name) ?? '');
        }
        // Brackets may stand in brackets: a text that is part of another.
        return all.filter((text) => {
          let outside = text.trim();
          for (let depth = 0; depth < 5; depth++) outside = outside.replace(/⟦[^⟦⟧]*⟧/g, '');
          return /\p{L}{3,}/u.test(outside);
        });
      });
      assert.deepEqual(
        [...new Set(left)].filter((text) => !GIVEN.test(text)),
        [],
      );
    });

    it(`cuts nothing in German: ${scene.name}`, async () => {
      for (const width of scene.view === 'inspector' ? [300, 400] : [400, 1200]) {
        const opened = await bench.open(scene.view, { saved: scene.saved, width, language: GERMAN });
        await opened.deliver(...scene.messages);
        assert.deepEqual(await opened.cutTexts(), [], `${width} px`);
        if (width > 300) view = opened;
      }
    });
  }
});

function headline(points: string): string {
  const text = GERMAN.texts['Deleting the worst single neuron, {0}, costs {1} points; {2}.'] ?? '';
  const silent = (GERMAN.texts['{0} of {1} never fire'] ?? '').replace('{0}', '21').replace('{1}', '216');
  return text.replace('{0}', 'dense_2 #17').replace('{1}', points).replace('{2}', silent);
}

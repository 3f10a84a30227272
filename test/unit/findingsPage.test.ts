import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { findingsPage } from '../../scripts/findingsPage';
import { TRAINING_EXPERIMENTS } from '../../src/protocol/training';

const DOCS = path.join(__dirname, '../../docs');

describe('docs/findings.md', () => {
  const page = readFileSync(path.join(DOCS, 'findings.md'), 'utf8');

  it('names every experiment, and says of each what was found or that it was not run', () => {
    for (const experiment of TRAINING_EXPERIMENTS) {
      const section = page.split(`\n## ${experiment}\n`)[1]?.split('\n## ')[0] ?? '';
      assert.match(section, /expectations from the paper|Not run yet/, experiment);
    }
    assert.ok(!page.includes('--quick'), 'a quick run is nothing to publish');
  });

  it('shows the pictures that there are, and no others', () => {
    const shown = [...page.matchAll(/\]\((findings\/[^)]+)\)/g)].map(([, file]) => file!);
    assert.ok(shown.length > 0);
    for (const file of shown) assert.ok(existsSync(path.join(DOCS, file)), file);
    const there = readdirSync(path.join(DOCS, 'findings')).map((file) => `findings/${file}`);
    assert.deepEqual(there.sort(), shown.sort());
  });
});

describe('the page of findings', () => {
  it('says of every experiment that was not run how to run it', () => {
    const { text, pictures } = findingsPage(new Map());
    for (const experiment of TRAINING_EXPERIMENTS) {
      assert.ok(text.includes(`npm run findings -- --only ${experiment}\n`), experiment);
    }
    assert.equal(pictures.size, 0);
  });
});

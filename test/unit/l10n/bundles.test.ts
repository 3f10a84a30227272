import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { differences, englishBundle, messagesOf } from '../../../scripts/l10n.mjs';

const ROOT = join(__dirname, '../../..');

function texts(file: string): Record<string, string> {
  return JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as Record<string, string>;
}

/** `{0}`, `$(icon)`, links and commands: what a translation must keep, whatever its order. */
function fixedParts(text: string): string[] {
  return (text.match(/\{\w+\}|\$\([a-z-~]+\)|\]\([^)]+\)|`[^`]+`/g) ?? []).sort();
}

function bundlesOf(pattern: RegExp, folder: string): string[] {
  const found = readdirSync(join(ROOT, folder)).filter((name) => pattern.test(name));
  assert.ok(found.length > 0, `no translation in ${folder}`);
  return found.map((name) => join(folder, name));
}

function compare(english: Readonly<Record<string, string>>, file: string): void {
  const own = texts(file);
  assert.deepEqual(differences(english, own), { missing: [], extra: [] }, file);
  for (const [key, text] of Object.entries(english)) {
    const translated = own[key] ?? '';
    assert.notEqual(translated.trim(), '', `${file}: ${key}`);
    assert.deepEqual(fixedParts(translated), fixedParts(text), `${file}: ${key}`);
    assert.equal(/^\s|\s$/.test(translated), /^\s|\s$/.test(text), `${file}: blanks around ${key}`);
  }
}

describe('translations', function () {
  // All sources are parsed.
  this.timeout(60_000);

  it('start from all texts there are (else: npm run l10n)', () => {
    assert.equal(readFileSync(join(ROOT, 'l10n/bundle.l10n.json'), 'utf8'), englishBundle());
  });

  it('have every text of the extension and its webviews, with its placeholders, and no others', () => {
    const english = texts('l10n/bundle.l10n.json');
    for (const file of bundlesOf(/^bundle\.l10n\..+\.json$/, 'l10n')) compare(english, file);
  });

  it('have every text of the manifest', () => {
    const english = texts('package.nls.json');
    for (const file of bundlesOf(/^package\.nls\..+\.json$/, '.')) compare(english, file);
  });

  it('come with every text that the manifest names', () => {
    const manifest = readFileSync(join(ROOT, 'package.json'), 'utf8');
    const named = [...manifest.matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key);
    assert.deepEqual([...new Set(named)].sort(), Object.keys(texts('package.nls.json')).sort());
  });
});

describe('the extraction of texts', () => {
  const keys = (code: string): string[] => [...messagesOf('a.tsx', code).keys()];

  it('finds t of @vscode/l10n, under any name, and of vscode', () => {
    const imported = "import { t } from '@vscode/l10n'; const a = <p title={t('A')}>{t('B {0}', 1)}</p>;";
    assert.deepEqual(keys(imported), ['A', 'B {0}']);
    assert.deepEqual(keys("import { t as say } from '@vscode/l10n'; say('A'); t('B');"), ['A']);
    assert.deepEqual(keys("const { l10n } = vscode; l10n.t('A'); vscode.l10n.t('B'); other.t('C');"), [
      'A',
      'B',
    ]);
  });

  it('joins parts, reads escapes and takes both branches', () => {
    const code = "vscode.l10n.t('one ' + 'two'); vscode.l10n.t(n === 1 ? '\\u00e4' : `b’s`);";
    assert.deepEqual(keys(code), ['one two', 'ä', 'b’s']);
  });

  it('keeps comments, which tell two messages apart', () => {
    const code = "vscode.l10n.t({ message: 'Delete {0}', args: [x], comment: 'of a run' });";
    assert.deepEqual(
      [...messagesOf('a.ts', code)],
      [['Delete {0}/of a run', { message: 'Delete {0}', comment: ['of a run'] }]],
    );
  });

  it('refuses what it cannot know', () => {
    assert.throws(() => messagesOf('a.ts', "\nvscode.l10n.t('a' + b);"), /a\.ts:2: .* not a constant/);
  });
});

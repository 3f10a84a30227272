import assert from 'node:assert/strict';
import { join } from 'node:path';
import { ESLint } from 'eslint';

const root = join(__dirname, '../../..');

/** Lines of some code in which the rule finds a text that does not go through t. */
async function found(code: readonly string[], file = 'webview/study/panel.tsx'): Promise<number[]> {
  const lint = new ESLint({
    cwd: root,
    ruleFilter: ({ ruleId }) => ruleId === 'local/texts',
    // The rule needs no types, which take long to find.
    overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
  });
  const [result] = await lint.lintText(code.join('\n'), { filePath: join(root, file) });
  const told = result?.messages.filter(({ ruleId }) => ruleId === 'local/texts') ?? [];
  return [...new Set(told.map(({ line }) => line))];
}

describe('the lint rule of texts', function () {
  this.timeout(60_000);

  it('finds what people read and t does not know', async () => {
    const code = [
      'const a = <p>Nothing deleted</p>;',
      'const b = <p>{one ? `${n} neuron` : t("{0} neurons", n)}</p>;',
      'const c = <IconButton label="Close" />;',
      'const d = <div aria-label={"Accuracy " + x} />;',
      'const e = { label: "Importance", id: "importance" };',
      'const f = () => "Measured on all samples";',
      'const g = <Fact name="Loss" />;',
      'const h = `Computed in ${n} whole rounds of samples`;',
    ];
    assert.deepEqual(await found(code), [1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('leaves alone what goes through t or is read by nobody', async () => {
    const code = [
      'const a = <p class="one two three four">{t("Nothing deleted")}</p>;',
      'const b = <p>{t(n === 1 ? "{0} neuron" : "{0} neurons", n)} · {x === "sweep" ? 1 : 2} SVG</p>;',
      'const c = <input name="loss" type="text" />;',
      'throw new Error("The page has no root.");',
      'const d = document.querySelector("main section canvas");',
      'const e = { label: vscode.l10n.t("Importance"), kind: "importance" };',
    ];
    assert.deepEqual(await found(code), []);
  });

  it('holds in the webviews and in the host, not in the engine', async () => {
    const code = ['const a = "Measured on all samples";'];
    assert.deepEqual(await found(code, 'src/host/statusBar.ts'), [1]);
    assert.deepEqual(await found(code, 'src/engine/session.ts'), []);
  });
});

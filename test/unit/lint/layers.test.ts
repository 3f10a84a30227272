import assert from 'node:assert/strict';
import { join } from 'node:path';
import { ESLint } from 'eslint';
import { layerViolation } from '../../../scripts/lint/layers.mjs';

const root = join(__dirname, '../../..');

describe('the lint rule of the layers', () => {
  it('stops imports that point up or sideways', () => {
    const upward: [string, string][] = [
      ['src/core/ablation/clamp.ts', '../../engine/session'],
      ['src/core/ablation/clamp.ts', 'vscode'],
      ['src/core/ablation/clamp.ts', 'node:fs'],
      ['src/core/ablation/clamp.ts', 'child_process'],
      ['src/protocol/run.ts', '../core/labelledData'],
      ['src/formats/data/csv.ts', '../../runs/readRun'],
      ['src/runs/readRun.ts', '../formats/hash'],
      ['src/engine/session.ts', '../host/config'],
      ['src/engine/session.ts', 'vscode'],
      ['src/cli/main.ts', '../host/config'],
      ['webview/study/main.tsx', '../../src/core/labelledData'],
    ];
    for (const [file, source] of upward) {
      assert.match(layerViolation(file, source) ?? '', /import/, `${file} imports ${source}`);
    }
  });

  it('runs on the whole project, whatever the form of the import', async function () {
    this.timeout(60_000);
    const lint = new ESLint({
      cwd: root,
      ruleFilter: ({ ruleId }) => ruleId === 'local/layers',
      // The rule needs no types, which take long to find.
      overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
    });
    const code = [
      "import { a } from '../host/a';",
      "import type { B } from '../host/b';",
      "export { c } from '../host/c';",
      "export * from '../host/d';",
      "void import('../host/e');",
      "let f: import('../host/f').F;",
    ];
    const [result] = await lint.lintText(code.join('\n'), { filePath: join(root, 'src/engine/main.ts') });
    const lines = result?.messages.filter(({ ruleId }) => ruleId === 'local/layers').map(({ line }) => line);
    assert.deepEqual(lines, [1, 2, 3, 4, 5, 6]);
  });

  it('lets imports point down', () => {
    const downward: [string, string][] = [
      ['src/extension.ts', 'vscode'],
      ['src/host/config.ts', 'vscode'],
      ['src/host/views/runs.ts', '../../protocol/run'],
      ['src/cli/main.ts', '../engine/session'],
      ['src/engine/session.ts', '../formats/hash'],
      ['src/formats/hash.ts', 'node:fs'],
      ['src/core/labelledData.ts', './network/network'],
      ['webview/study/main.tsx', '../../src/pictures/heatmap'],
      ['test/unit/x.test.ts', '../../src/host/config'],
    ];
    for (const [file, source] of downward) {
      assert.equal(layerViolation(file, source), null, `${file} imports ${source}`);
    }
  });
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type * as v from 'valibot';
import { ANALYSIS_INPUT, sameAnalysis } from '../../../src/host/tools/answers/analysis';
import { COMPARISON_INPUT } from '../../../src/host/tools/answers/comparison';
import { DELETION_INPUT } from '../../../src/host/tools/answers/deletion';
import { MODEL_LIST_INPUT } from '../../../src/host/tools/answers/modelList';
import { readInput, type InputSchema } from '../../../src/host/tools/answers/readInput';
import type { ToolWorkspace } from '../../../src/host/tools/answers/toolWorkspace';
import { UNIT_FIGURES_INPUT, unitFigures } from '../../../src/host/tools/answers/unitFigures';
import { insideWorkspace, relativePath } from '../../../src/host/tools/answers/workspacePaths';
import type { StoredRun } from '../../../src/protocol/engine';
import { exampleRecord, exampleTable } from '../../support/exampleRun';
import { failsWith } from '../../support/failsWith';
import { temporaryFolder } from '../../support/temporaryFolder';

interface ManifestTool {
  readonly name: string;
  readonly toolReferenceName: string;
  readonly canBeReferencedInPrompt: boolean;
  readonly modelDescription: string;
  readonly inputSchema: {
    readonly properties: Readonly<Record<string, { readonly description: string; readonly enum?: string[] }>>;
    readonly required?: readonly string[];
    readonly additionalProperties: boolean;
  };
}

const SCHEMAS: Readonly<Record<string, InputSchema>> = {
  listModels: MODEL_LIST_INPUT,
  analyze: ANALYSIS_INPUT,
  unitDetails: UNIT_FIGURES_INPUT,
  deleteUnits: DELETION_INPUT,
  compare: COMPARISON_INPUT,
};

describe('the tools for language models', () => {
  const folder = temporaryFolder();

  it('stand in the manifest with what they take, described', () => {
    const file = path.join(__dirname, '../../../package.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as {
      readonly contributes: { readonly languageModelTools: readonly ManifestTool[] };
    };
    const tools = manifest.contributes.languageModelTools;
    assert.deepEqual(
      tools.map(({ name }) => name),
      Object.keys(SCHEMAS).map((name) => `neuron-deletion_${name}`),
    );
    for (const tool of tools) {
      const { entries } = SCHEMAS[tool.name.slice('neuron-deletion_'.length)]!;
      const { properties, required = [], additionalProperties } = tool.inputSchema;
      assert.deepEqual(Object.keys(properties), Object.keys(entries), tool.name);
      const needed = Object.entries(entries).filter(([, { type }]) => type !== 'optional');
      assert.deepEqual(
        required,
        needed.map(([name]) => name),
        tool.name,
      );
      assert.equal(additionalProperties, false);
      assert.ok(tool.canBeReferencedInPrompt && /^\w+$/.test(tool.toolReferenceName));
      for (const [name, property] of Object.entries(properties)) {
        assert.ok(property.description.length > 10, `${tool.name}: ${name}`);
        const { wrapped } = entries[name] as { readonly wrapped?: { readonly options?: readonly unknown[] } };
        if (property.enum !== undefined) assert.deepEqual(property.enum, wrapped?.options);
      }
    }
  });

  it('say in a sentence what is wrong with what they are given', () => {
    const sentence = (schema: InputSchema, input: unknown): string => {
      try {
        readInput(schema, input);
      } catch (error) {
        return (error as Error).message;
      }
      return '';
    };
    const cases: readonly (readonly [schema: v.GenericSchema & InputSchema, input: unknown, said: string])[] =
      [
        [COMPARISON_INPUT, null, 'The input must be an object with some of these: first, second.'],
        [COMPARISON_INPUT, { first: 'a' }, 'The property second is missing.'],
        [COMPARISON_INPUT, { first: 'a', second: 3 }, 'The property second is 3: it must be a text.'],
        [
          UNIT_FIGURES_INPUT,
          { units: [1, -1] },
          'The property units.1 is -1: it must be a whole number from 0.',
        ],
        [UNIT_FIGURES_INPUT, { top: 31 }, 'The property top is 31: it must be a whole number from 1 to 30.'],
        [
          ANALYSIS_INPUT,
          { model: 'm', operator: 'none' },
          'The property operator is "none": it must be one of zero, mean, resample, optimal.',
        ],
        [DELETION_INPUT, { delete: [] }, 'The property delete is 0: it must be a list of at least one site.'],
      ];
    for (const [schema, input, said] of cases) assert.equal(sentence(schema, input), said);
  });

  it('take no path that leads out of the workspace, not even by a link', async () => {
    const root = folder.path('root');
    await mkdir(path.join(root, 'nets'), { recursive: true });
    await writeFile(path.join(root, 'nets/model.json'), '{}');
    await writeFile(folder.path('secret.npz'), '');
    await symlink(folder.path('secret.npz'), path.join(root, 'link.npz'));
    assert.equal(await insideWorkspace('nets/model.json', [root]), path.join(root, 'nets/model.json'));
    assert.equal(
      await insideWorkspace('nets/model.json#x', [root]),
      `${path.join(root, 'nets/model.json')}#x`,
    );
    assert.equal(relativePath(path.join(root, 'nets/model.json'), [root]), 'nets/model.json');
    for (const out of [
      '../secret.npz',
      folder.path('secret.npz'),
      'link.npz',
      'nets/../../secret.npz',
      '/',
    ]) {
      await failsWith(insideWorkspace(out, [root]), /is not inside the workspace/);
    }
    await failsWith(insideWorkspace('nets/none.json', [root]), /^nets\/none\.json is not there/);
  });

  it('keep their answers short, however many neurons and classes there are', async () => {
    const classes = Array.from({ length: 1000 }, (_, c) => `class ${c}`);
    const sites = [{ name: 'wide', units: 4000, shape: [4000], kind: 'dense' }];
    const record = { ...exampleRecord({}, classes), sites };
    const run: StoredRun = { record, table: exampleTable(record) };
    run.table.class_drop.fill(0.5);
    const workspace: ToolWorkspace = {
      roots: ['/models'],
      models: () => Promise.resolve([]),
      runs: () => Promise.resolve([{ directory: '/models/run', record }]),
      request: () => Promise.resolve(run),
      stale: () => Promise.resolve(null),
    };
    for (const input of [
      {},
      { class: 999, top: 30 },
      { site: 'wide', units: Array.from({ length: 20 }, (_, u) => u) },
    ]) {
      const text = JSON.stringify(await unitFigures(input, workspace));
      assert.ok(text.length > 500 && text.length < 50_000, `${JSON.stringify(input)}: ${text.length}`);
    }
  });

  it('use a finished run of the very same study only, and only while its files are as they were', async () => {
    const record = exampleRecord();
    const runs = [
      { directory: '/a', record: { ...record, status: 'cancelled' as const } },
      { directory: '/b', record },
    ];
    const fresh = (): Promise<null> => Promise.resolve(null);
    assert.equal((await sameAnalysis({ ...record.spec }, runs, fresh))?.directory, '/b');
    assert.equal(await sameAnalysis({ ...record.spec, seed: 8 }, runs, fresh), null);
    assert.equal(await sameAnalysis({ ...record.spec, samples: 10 }, runs, fresh), null);
    assert.equal(await sameAnalysis(record.spec, runs, () => Promise.resolve('changed')), null);
  });
});

// The lint rule that holds the layers: an import may only point down.
import path from 'node:path';

/**
 * What each folder may import of the others, besides itself; `modules` are packages it must not import.
 * Folders that are not listed (tests, benchmarks) may import all.
 */
const LAYERS = [
  {
    folder: 'src/host',
    imports: ['src/engine', 'src/formats', 'src/runs', 'src/core', 'src/pictures', 'src/protocol'],
    vscode: true,
  },
  {
    folder: 'src/cli',
    imports: ['src/engine', 'src/formats', 'src/runs', 'src/core', 'src/pictures', 'src/protocol'],
  },
  { folder: 'src/engine', imports: ['src/formats', 'src/runs', 'src/core', 'src/pictures', 'src/protocol'] },
  { folder: 'src/formats', imports: ['src/core', 'src/protocol'] },
  { folder: 'src/runs', imports: ['src/core', 'src/pictures', 'src/protocol'] },
  { folder: 'src/core', imports: ['src/protocol'], pure: true },
  { folder: 'src/pictures', imports: ['src/protocol'], pure: true },
  { folder: 'src/protocol', imports: [], pure: true },
  { folder: 'webview', imports: ['src/pictures', 'src/protocol'], pure: true },
];

/** Modules that give access to the machine: not for code that only computes or draws. */
const MACHINE = /^(node:)?(fs|fs\/promises|child_process|net|http|https|os|process)$/;

/** The only file outside `src/host` that may import `vscode`. */
const ENTRY = 'src/extension.ts';

/** @param {string} file path from the repository's root, with `/` */
function layerOf(file) {
  return LAYERS.find(({ folder }) => file.startsWith(`${folder}/`));
}

/**
 * What is wrong with an import; null if nothing is.
 * @param {string} file the importing file, from the repository's root, with `/`
 * @param {string} source what it imports, as written
 * @returns {string | null}
 */
export function layerViolation(file, source) {
  const layer = layerOf(file);
  const inSource = file.startsWith('src/') || file.startsWith('webview/');
  if (source === 'vscode') {
    return !inSource || file === ENTRY || layer?.vscode
      ? null
      : 'Only src/host and src/extension.ts import vscode.';
  }
  if (layer === undefined) return null;
  if (!source.startsWith('.')) {
    return layer.pure && MACHINE.test(source)
      ? `${layer.folder} does not touch the machine: it must not import ${source}.`
      : null;
  }
  const target = path.posix.join(path.posix.dirname(file), source);
  const allowed = [layer.folder, ...layer.imports];
  if (allowed.some((folder) => target === folder || target.startsWith(`${folder}/`))) return null;
  const below = layer.imports.length === 0 ? 'nothing' : layer.imports.join(', ');
  return `${layer.folder} imports ${below} and itself, not ${target}: arrows point down.`;
}

/** @type {import('eslint').Rule.RuleModule} */
export const layers = {
  meta: { type: 'problem', docs: { description: 'Imports point down the layers only.' }, schema: [] },
  create(context) {
    const file = path.relative(context.cwd, context.filename).split(path.sep).join('/');
    /** @param {{ source?: { value?: unknown } | null }} node */
    const check = (node) => {
      const source = node.source?.value;
      const message = typeof source === 'string' ? layerViolation(file, source) : null;
      if (message !== null) context.report({ node: /** @type {any} */ (node), message });
    };
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      TSImportType: check,
    };
  },
};

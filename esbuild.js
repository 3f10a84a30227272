// Bundles everything that ships into dist/, or DIR. `--watch` rebuilds on change, `--production` minifies.
//   node esbuild.js [--watch] [--production] [--out DIR] [--inputs FILE]
// `--inputs` leaves a JSON list of all source files that went into the bundles.
const { build, context } = require('esbuild');
const fs = require('node:fs');
const path = require('node:path');

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');
const out = valueOf('--out') ?? 'dist';
const inputsFile = valueOf('--inputs');

/** The value after a command line flag. */
function valueOf(flag) {
  const at = process.argv.indexOf(flag);
  return at < 0 ? undefined : process.argv[at + 1];
}

const common = {
  bundle: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  logLevel: 'warning',
  legalComments: 'none',
  metafile: true,
  define: { VERSION: JSON.stringify(require('./package.json').version) },
};

const node = { ...common, platform: 'node', target: 'node20', format: 'cjs' };

/** `import * as vscode` copies the hundreds of properties of the API once a file: tens of milliseconds. */
const plainVscode = {
  name: 'plain-vscode',
  setup({ onLoad }) {
    onLoad({ filter: /src[\\/](host[\\/].*|extension)\.ts$/ }, async ({ path: file }) => {
      const source = await fs.promises.readFile(file, 'utf8');
      const imports = "import * as vscode from 'vscode';";
      return { contents: source.replace(imports, "const vscode = require('vscode');"), loader: 'ts' };
    });
  },
};

const bundles = [
  {
    ...node,
    entryPoints: ['src/extension.ts'],
    outfile: `${out}/extension.js`,
    external: ['vscode'],
    plugins: [plainVscode],
  },
  {
    ...node,
    entryPoints: { engine: 'src/engine/main.ts', cli: 'src/cli/main.ts' },
    outdir: out,
    // tfjs-node asks for the union package; of it we ship only the core (see the file).
    alias: { '@tensorflow/tfjs': './src/engine/tfjsUnion.ts' },
  },
  {
    // Loaded by its path, when the first HDF5 file is opened.
    ...node,
    entryPoints: { hdf5: 'node_modules/h5wasm/dist/esm/hdf5_util.js' },
    outdir: out,
    outExtension: { '.js': '.mjs' },
    format: 'esm',
    charset: 'utf8',
    sourcemap: false,
  },
  {
    ...node,
    entryPoints: ['scripts/setup-native.mjs'],
    outfile: `${out}/setup-native.mjs`,
    format: 'esm',
    sourcemap: false,
  },
  {
    ...common,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    entryPoints: {
      study: 'webview/study/main.tsx',
      inspector: 'webview/inspector/main.tsx',
      model: 'webview/model/main.tsx',
      compare: 'webview/compare/main.tsx',
    },
    outdir: `${out}/webview`,
    loader: { '.ttf': 'file' },
    assetNames: '[name]',
  },
];

/** Files that are used as they are. */
function copyStatic() {
  const copies = [
    ['node_modules/@tensorflow/tfjs-backend-wasm/wasm-out', `${out}/wasm`, /\.wasm$/],
    ['node_modules/@tensorflow/tfjs-backend-wasm/dist', `${out}/wasm`, /\.wasm$/],
    // The addon that set-up compiled, for those who have TensorFlow in Python and no compiler.
    [
      'node_modules/@tensorflow/tfjs-node/lib/napi-v8',
      `${out}/native-addon/${process.platform}-${process.arch}`,
      /^tfjs_binding\.node$/,
    ],
    ['node_modules/@jsquash/jpeg/codec/dec', out, /^mozjpeg_dec\.wasm$/],
    ['node_modules/@vscode/codicons/dist', `${out}/webview`, /^codicon\.(css|ttf)$/],
    ['src/runs', out, /^spec\.schema\.json$/],
  ];
  for (const [from, to, wanted] of copies) {
    if (!fs.existsSync(from)) continue;
    fs.mkdirSync(to, { recursive: true });
    for (const name of fs.readdirSync(from)) {
      if (wanted.test(name)) fs.copyFileSync(path.join(from, name), path.join(to, name));
    }
  }
}

async function main() {
  copyStatic();
  const { buildKernels } = await import('./scripts/kernels.mjs');
  await buildKernels(path.resolve(out, 'kernels.wasm'));
  if (watch) {
    for (const options of bundles) await (await context(options)).watch();
    return;
  }
  const results = await Promise.all(bundles.map((options) => build(options)));
  if (inputsFile !== undefined) {
    const inputs = results.flatMap(({ metafile }) => Object.keys(metafile.inputs));
    fs.writeFileSync(inputsFile, JSON.stringify([...new Set(inputs)].sort(), null, 1));
  }
}

main().catch((error) => {
  // esbuild has said what it found itself.
  if (!Array.isArray(error.errors)) console.error(error.message);
  process.exit(1);
});

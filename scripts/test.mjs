// `npm test [layer…] [mocha options]`: sets up what is missing, then runs the layers of tests, all by default.
//   npm test                        everything
//   npm test unit engine            two layers
//   npm test engine -- --grep site  with an option of mocha's
// The last line is `N passed, N failed, N skipped`. With REQUIRE_NATIVE=1 nothing may be left out: what would
// be skipped for want of a tool fails.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fail, prepare, repository, run, SetupError } from './setup.mjs';

/**
 * What each layer needs, how long it may take in minutes before it is ended, and how many of its files go at once.
 * `alone`: files and folders that go one after another, before the others: they make what others use, or look at time.
 */
const LAYERS = {
  unit: { minutes: 10 },
  engine: {
    minutes: 20,
    jobs: 2,
    alone:
      /^test\/engine\/(data|graph|host|images|keras|measures|models|runs|setupNative|doctor|recurrent)\b/,
    native: true,
    build: true,
    sample: true,
  },
  webview: { minutes: 12, jobs: 2, build: true, sample: true, chromium: true },
  e2e: { minutes: 25, native: true, build: true, sample: true, chromium: true, vscode: true },
};
const strict = process.env.REQUIRE_NATIVE === '1';
const vsix = path.join(repository, '.cache', 'neuron-deletion.vsix');

async function main() {
  const given = process.argv.slice(2);
  const chosen = given.filter((word) => word in LAYERS);
  const options = given.filter((word) => !(word in LAYERS));
  if (chosen.length === 0 && options.length > 0 && !options[0].startsWith('-')) {
    throw new SetupError(`There is no layer "${options[0]}": there are ${Object.keys(LAYERS).join(', ')}.`);
  }
  const names = chosen.length > 0 ? chosen : Object.keys(LAYERS);
  const needs = (part) => names.some((name) => LAYERS[name][part] === true && lacking(LAYERS[name]) === null);
  const { native } = await prepare({
    native: needs('native'),
    build: needs('build'),
    sample: needs('sample'),
  });

  const results = [];
  for (const name of names) {
    console.log(`\n━━━ ${name} ${'━'.repeat(60)}`);
    results.push({ name, ...(await runLayer(name, native, options)) });
  }
  const total = (key) => results.reduce((sum, result) => sum + result[key], 0);
  console.log('');
  for (const { name, passed, failed, skipped, reason } of results) {
    const why = reason === undefined ? '' : `: ${reason}`;
    console.log(`${name.padEnd(8)} ${passed} passed, ${failed} failed, ${skipped} skipped${why}`);
  }
  console.log(`${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped`);
  process.exitCode = total('failed') > 0 ? 1 : 0;
}

/**
 * Runs one layer. What makes it impossible counts as one skip or, in strict mode, one failure; so does, as a
 * failure, a layer in which nothing was run.
 */
async function runLayer(name, native, options) {
  // The engine's tests know for themselves which of them need native TensorFlow.
  const noNative = LAYERS[name].vscode && !native ? 'native TensorFlow is not set up (npm run setup)' : null;
  const reason = lacking(LAYERS[name]) ?? noNative;
  if (reason !== null) {
    console.log(`  ${strict ? 'failed' : 'skipped'}: ${reason}`);
    return { passed: 0, failed: strict ? 1 : 0, skipped: strict ? 0 : 1, reason };
  }
  try {
    if (LAYERS[name].vscode) await setUpVscode();
    const counts = await runMocha(name, options);
    const executed = counts.passed + counts.failed;
    const nothing = executed === 0 && (strict || counts.skipped === 0);
    if (nothing) return { ...counts, failed: 1, reason: 'no test was run' };
    return counts;
  } catch (error) {
    console.error(error instanceof SetupError ? error.message : error);
    return { passed: 0, failed: 1, skipped: 0, reason: error.message.split('\n')[0] };
  }
}

/** Why a layer cannot be run here, in a sentence; null if it can. */
function lacking(layer) {
  if (!layer.chromium) return null;
  const found = spawnSync('which', ['chromium'], { stdio: 'ignore' }).status === 0;
  return found ? null : 'Chromium is not installed (Debian: apt-get install chromium)';
}

/** A VS Code to install into, and the VSIX to install. */
async function setUpVscode() {
  const { installVscode } = await import('../test/e2e/setup.mjs');
  await installVscode((line) => console.error(line));
  await run(process.execPath, [path.join('scripts', 'package.mjs'), '--out', vsix]);
}

/** @returns {Promise<{ passed: number, failed: number, skipped: number, reason?: string }>} */
async function runMocha(name, options) {
  const { jobs, alone } = LAYERS[name];
  const files = testFiles(path.join(repository, 'test', name));
  const first = alone === undefined ? [] : files.filter((file) => alone.test(file.replaceAll(path.sep, '/')));
  const rest = files.filter((file) => !first.includes(file));
  const parallel = jobs === undefined ? [] : ['--parallel', '--jobs', String(jobs)];
  const parts = [await runFiles(name, first, options), await runFiles(name, rest, [...parallel, ...options])];
  const sum = (key) => parts.reduce((total, part) => total + part[key], 0);
  const reason = parts.find((part) => part.reason !== undefined)?.reason;
  return {
    passed: sum('passed'),
    failed: sum('failed'),
    skipped: sum('skipped'),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** Runs some files of a layer. */
async function runFiles(name, files, options) {
  if (files.length === 0) return NOTHING;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'neuron-deletion-tests-'));
  const summary = path.join(folder, 'summary.json');
  const mocha = path.join(repository, 'node_modules/mocha/bin/mocha.js');
  const reporter = path.join(repository, 'scripts/mochaReporter.cjs');
  const args = [
    '--import=tsx',
    '--forbid-only',
    '--timeout',
    '20000',
    '--reporter',
    reporter,
    ...options,
    ...files,
  ];
  const env = { ...process.env, ND_TEST_SUMMARY: summary, NEURON_DELETION_VSIX: vsix };
  if (!LAYERS[name].vscode) delete env.NEURON_DELETION_VSIX;
  const { code, late } = await ended(
    spawn(process.execPath, [mocha, ...args], { cwd: repository, env, stdio: 'inherit' }),
    name,
  );
  const counts = fs.existsSync(summary) ? JSON.parse(fs.readFileSync(summary, 'utf8')) : null;
  fs.rmSync(folder, { recursive: true, force: true });
  if (late)
    return {
      ...(counts ?? NOTHING),
      failed: (counts?.failed ?? 0) + 1,
      reason: 'ended after its time was over',
    };
  if (counts === null)
    return { ...NOTHING, failed: 1, reason: `mocha ended with code ${code} before any result` };
  if (code !== 0 && counts.failed === 0)
    return { ...counts, failed: 1, reason: `mocha ended with code ${code}` };
  return counts;
}

const NOTHING = { passed: 0, failed: 0, skipped: 0 };

/** Waits for a child; ends it with us, and when the layer's time is over. */
function ended(child, name) {
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), 5000).unref();
  }, LAYERS[name].minutes * 60_000);
  const forward = (signal) => child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, forward);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, forward);
      resolve({ code, late });
    });
  });
}

/** All test files of a layer, without what is installed below it. */
function testFiles(folder) {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.name !== 'node_modules' && entry.name !== 'vscode')
    .flatMap((entry) => {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) return testFiles(file);
      return entry.name.endsWith('.test.ts') ? [path.relative(repository, file)] : [];
    })
    .sort();
}

main().catch(fail);

// A native part is a folder laid out as the tfjs-node package is: lib/napi-v8/tfjs_binding.node finds
// deps/lib/libtensorflow*. It is put together in a folder beside its place, tried, and only then moved in.
import fs from 'node:fs';
import path from 'node:path';
import { execute, StepFailure } from './child.mjs';

export const ADDON = path.join('lib', 'napi-v8', 'tfjs_binding.node');

/** Run in a child process: a native part that is damaged may end the process that loads it. */
const PROBE = `
  const binding = require(process.argv[1]);
  const a = binding.createTensor([2, 2], binding.TF_FLOAT, new Float32Array([1, 2, 3, 4]));
  const b = binding.createTensor([2, 2], binding.TF_FLOAT, new Float32Array([5, 6, 7, 8]));
  const product = binding.executeOp('MatMul', [
    { name: 'transpose_a', type: binding.TF_ATTR_BOOL, value: false },
    { name: 'transpose_b', type: binding.TF_ATTR_BOOL, value: false },
    { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
  ], [a, b], 1)[0];
  const values = binding.tensorDataSync(product.id).join();
  if (values !== '19,22,43,50') throw new Error('Error: a 2 × 2 product gave ' + values);
  console.log('TensorFlow ' + binding.TF_Version);
`;

/**
 * Loads the native part of a folder in a child process and multiplies two matrices with it.
 * @param {string} folder
 * @returns {Promise<string>} TensorFlow's version
 * @throws {StepFailure} when it does not load or does not compute
 */
export async function probe(folder) {
  const file = path.join(folder, ADDON);
  if (!fs.existsSync(file)) throw new StepFailure(`${folder} has no ${ADDON}`);
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' };
  const out = await execute(process.execPath, ['-e', PROBE, file], { env, seconds: 120 });
  const version = /^TensorFlow (.+)$/m.exec(out)?.[1];
  if (version === undefined) throw new StepFailure(`${file} loads but says nothing`);
  return version;
}

/**
 * A new empty folder beside `into`, on the same disk, so that moving from it into place is one rename.
 * Folders that runs which were killed left behind are removed.
 * @param {string} into
 */
export function createStage(into) {
  const parent = path.dirname(into);
  const prefix = `${path.basename(into)}.setup-`;
  fs.mkdirSync(parent, { recursive: true });
  for (const name of fs.readdirSync(parent)) {
    if (name.startsWith(prefix) && !isRunning(Number(name.slice(prefix.length)))) {
      fs.rmSync(path.join(parent, name), { recursive: true, force: true });
    }
  }
  const stage = path.join(parent, prefix + process.pid);
  fs.mkdirSync(stage);
  return stage;
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    return Number.isInteger(pid) && pid !== process.pid && process.kill(pid, 0);
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/**
 * Moves a tried native part from `built` into place, in the stead of whatever was there. The addon goes last
 * and comes away first: a folder that has it is whole.
 * @param {string} built
 * @param {string} into
 * @param {string} stage where what was there before is put to be removed
 */
export function moveIntoPlace(built, into, stage) {
  const old = fs.mkdtempSync(path.join(stage, 'old-'));
  fs.mkdirSync(into, { recursive: true });
  for (const name of ['lib', 'deps']) {
    if (fs.existsSync(path.join(into, name))) fs.renameSync(path.join(into, name), path.join(old, name));
  }
  for (const name of ['deps', 'lib']) fs.renameSync(path.join(built, name), path.join(into, name));
}

/**
 * Bytes in a folder and all below it; 0 where there is none.
 * @param {string} folder
 * @returns {number}
 */
export function sizeOf(folder) {
  let bytes = 0;
  try {
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      const at = path.join(folder, entry.name);
      if (entry.isDirectory()) bytes += sizeOf(at);
      else if (entry.isFile()) bytes += fs.statSync(at).size;
    }
  } catch {
    // Files come and go while it is counted.
  }
  return bytes;
}

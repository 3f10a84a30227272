// The N-API addon: the one that came along, or compiled from the source the tfjs-node package carries.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { execute, StepFailure } from './child.mjs';
import { ADDON, probe } from './place.mjs';

/** TensorFlow's shared libraries, the second of which needs the first. */
export const LIBRARIES = ['libtensorflow_framework.so.2', 'libtensorflow_cc.so.2'];

/** Node loads any library before it finds that it is no addon; 0x1000 (RTLD_NODELETE) keeps it loaded. */
const LOAD = `
  try {
    process.dlopen({ exports: {} }, process.argv[1], 1 | 0x1000);
  } catch (error) {
    if (!/did not self-register/.test(error.message)) throw error;
  }
`;

/**
 * Puts the links that the addon and the linker look for beside the two libraries.
 * `libtensorflow.so.2` is what addons compiled by upstream ask for.
 * @param {string} lib
 */
export function linkNames(lib) {
  fs.symlinkSync('libtensorflow_cc.so.2', path.join(lib, 'libtensorflow.so'));
  fs.symlinkSync('libtensorflow_cc.so.2', path.join(lib, 'libtensorflow.so.2'));
  fs.symlinkSync('libtensorflow_framework.so.2', path.join(lib, 'libtensorflow_framework.so'));
}

/**
 * Gives the libraries in `built/deps/lib` an addon that works with them: a prebuilt one first, else compiled.
 * @param {string} built
 * @param {{ prebuilt: readonly string[], packages: readonly string[] }} from `packages`: folders that may be
 *   the tfjs-node package, for its source
 * @param {() => Promise<void>} provideHeaders puts TensorFlow's headers into `built/deps/include`
 * @param {(message: string) => void} say
 * @returns {Promise<string>} TensorFlow's version
 * @throws {StepFailure} when the libraries are damaged, or nothing to compile with is here
 */
export async function addAddon(built, from, provideHeaders, say) {
  for (const name of LIBRARIES) {
    const file = path.join(built, 'deps', 'lib', name);
    await execute(process.execPath, ['-e', LOAD, file], { seconds: 120 }).catch((error) => {
      throw new StepFailure(`${fs.realpathSync(file)} does not load (${error.message})`);
    });
  }
  const target = path.join(built, ADDON);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  /** @type {string | null} */
  let reason = null;
  for (const file of from.prebuilt) {
    if (!fs.existsSync(file)) continue;
    fs.copyFileSync(file, target);
    try {
      return await probe(built);
    } catch (error) {
      reason = /** @type {Error} */ (error).message;
      fs.rmSync(target);
    }
  }
  const source = from.packages.find((folder) => fs.existsSync(path.join(folder, 'binding.gyp')));
  const gyp = findNodeGyp();
  if (source === undefined || gyp === null) {
    throw new StepFailure(reason ?? 'no compiled addon for this platform came along, nor its source');
  }
  if (reason !== null) say(`the compiled addon does not work with it (${reason}); compiling`);
  await provideHeaders();
  await compile(built, source, gyp, say);
  return probe(built);
}

/**
 * @param {string} built
 * @param {string} source
 * @param {string} gyp
 * @param {(message: string) => void} say
 */
async function compile(built, source, gyp, say) {
  say('compiling the addon with node-gyp (about 20 s)');
  const work = path.join(built, 'source');
  fs.mkdirSync(work);
  fs.cpSync(path.join(source, 'binding'), path.join(work, 'binding'), { recursive: true });
  for (const name of ['binding.gyp', 'package.json']) {
    fs.copyFileSync(path.join(source, name), path.join(work, name));
  }
  fs.symlinkSync(path.join('..', 'deps'), path.join(work, 'deps'));
  const prefix = path.dirname(path.dirname(process.execPath));
  const headers = fs.existsSync(path.join(prefix, 'include', 'node', 'node_api.h'));
  try {
    await execute(
      process.execPath,
      [
        gyp,
        'rebuild',
        ...(headers ? [`--nodedir=${prefix}`] : []),
        '--module_name=tfjs_binding',
        `--module_path=${path.join(built, path.dirname(ADDON))}`,
        '--napi_build_version=8',
      ],
      { cwd: work, seconds: 600 },
    );
  } catch (error) {
    throw new StepFailure(
      `the addon does not compile (${/** @type {Error} */ (error).message}); needed are python3, make and a ` +
        'C++ compiler: apt-get install build-essential python3',
    );
  }
  fs.rmSync(work, { recursive: true });
}

/** node-gyp's program, if it is installed where this script is. */
function findNodeGyp() {
  try {
    return createRequire(import.meta.url).resolve('node-gyp/bin/node-gyp.js');
  } catch {
    return null;
  }
}

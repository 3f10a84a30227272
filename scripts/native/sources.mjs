// Where TensorFlow's libraries come from: upstream's installer, a TensorFlow in Python, a wheel.
import fs from 'node:fs';
import path from 'node:path';
import { addAddon, LIBRARIES, linkNames } from './addon.mjs';
import { execute, StepFailure, StepSkipped } from './child.mjs';
import { probe, sizeOf } from './place.mjs';

/**
 * @typedef {{
 *   into: string, stage: string, python: string | null, prebuilt: readonly string[], packages: readonly string[],
 *   cache: string, say: (message: string, fraction?: number) => void,
 * }} Context `cache`: where the wheel is kept; `packages`: folders that may be the tfjs-node package
 *
 * @typedef {{ built: string, version: string }} Built a native part that was tried, ready to be moved into place
 */

/** TensorFlow ships one such wheel a Python version; the libraries in them are the same. */
const WHEEL = {
  requirement: 'tensorflow-cpu==2.21.0',
  file: /^tensorflow_cpu-2\.21\.0-.*\.whl$/,
  bytes: 273_829_956,
  pick: ['--python-version', '3.11', '--implementation', 'cp', '--platform', 'manylinux_2_27_x86_64'],
};

/** Why steps 3 and 4 are not for this machine, or null. */
function notLinux() {
  const here = `${process.platform}-${process.arch}`;
  return here === 'linux-x64' ? null : `this step is for linux-x64, here is ${here}`;
}

/**
 * Step 2: upstream's own installer, run in a copy of its package.
 * @param {Context} context
 * @returns {Promise<Built>}
 */
export async function fromUpstream({ into, stage, say }) {
  const built = path.join(stage, 'upstream');
  fs.mkdirSync(built);
  let folder = built;
  let size = 0;
  let since = Date.now();
  const watch = {
    every: 2,
    check: () => {
      const now = sizeOf(built);
      if (now !== size) [size, since] = [now, Date.now()];
      return Date.now() - since > 60_000 ? 'nothing came for 60 s' : null;
    },
  };
  if (fs.existsSync(path.join(into, 'scripts', 'install.js'))) {
    say('running the installer of the tfjs-node package (downloads about 100 MB)');
    for (const name of ['binding', 'scripts', 'binding.gyp', 'package.json', 'node_modules']) {
      const from = path.join(into, name);
      if (fs.existsSync(from)) fs.cpSync(from, path.join(built, name), { recursive: true });
    }
    // Its dependencies are those of the package: the stage lies beside it.
    const bin = path.resolve(into, '..', '..', '.bin');
    const env = { ...process.env, PATH: bin + path.delimiter + (process.env['PATH'] ?? '') };
    await execute(process.execPath, ['scripts/install.js'], { cwd: built, env, seconds: 900, watch });
  } else if (notLinux() === null) {
    throw new StepSkipped('skipped: the tfjs-node package is not here, and the next steps do without it');
  } else {
    say('installing the tfjs-node package through npm, which runs its installer (downloads about 200 MB)');
    const args = [
      'install',
      '--prefix',
      built,
      '--no-save',
      '--ignore-scripts=false',
      '--foreground-scripts',
    ];
    const shell = process.platform === 'win32';
    await execute('npm', [...args, '@tensorflow/tfjs-node@4.22.0'], { shell, seconds: 900, watch });
    folder = path.join(built, 'node_modules', '@tensorflow', 'tfjs-node');
    // On Windows the addon's folder has a link to the library, which would not survive being moved.
    const dll = path.join(folder, 'deps', 'lib', 'tensorflow.dll');
    if (fs.existsSync(dll)) {
      const beside = path.join(folder, 'lib', 'napi-v8', 'tensorflow.dll');
      fs.rmSync(beside, { force: true });
      fs.copyFileSync(dll, beside);
    }
  }
  return { built: folder, version: await probe(folder) };
}

/**
 * Step 3: links to the libraries of a TensorFlow in the user's Python.
 * @param {Context} context
 * @returns {Promise<Built>}
 */
export async function fromPython(context) {
  const other = notLinux();
  if (other !== null) throw new StepSkipped(other);
  const python = await findPython(context.python);
  const code =
    'import importlib.util as u; s = u.find_spec("tensorflow"); ' +
    'print(list(s.submodule_search_locations)[0] if s and s.submodule_search_locations else "")';
  const found = (await execute(python, ['-c', code], { seconds: 60 })).trim();
  if (found === '') throw new StepFailure(`${python} has no TensorFlow`);
  const missing = LIBRARIES.filter((name) => !fs.existsSync(path.join(found, name)));
  if (missing.length > 0) throw new StepFailure(`the TensorFlow in ${found} is older than 2.12`);
  context.say(`linking to the TensorFlow in ${found}`);
  const built = path.join(context.stage, 'python');
  const lib = path.join(built, 'deps', 'lib');
  fs.mkdirSync(lib, { recursive: true });
  for (const name of LIBRARIES) fs.symlinkSync(path.join(fs.realpathSync(found), name), path.join(lib, name));
  linkNames(lib);
  const provideHeaders = async () => {
    fs.symlinkSync(path.join(found, 'include'), path.join(built, 'deps', 'include'));
  };
  return { built, version: await addAddon(built, context, provideHeaders, context.say) };
}

/**
 * Step 4: the libraries out of the TensorFlow wheel, fetched through pip.
 * @param {Context} context
 * @returns {Promise<Built>}
 */
export async function fromWheel(context) {
  const other = notLinux();
  if (other !== null) throw new StepSkipped(other);
  const python = await findPython(context.python);
  const wheel = await download(python, context);
  context.say('unpacking TensorFlow’s libraries (850 MB)');
  const built = path.join(context.stage, 'wheel');
  const deps = path.join(built, 'deps');
  const libraries = LIBRARIES.map((name) => `tensorflow/${name}`);
  await extract(python, wheel, path.join(deps, 'lib'), 'tensorflow/', libraries);
  await extract(python, wheel, deps, 'tensorflow/', ['tensorflow/THIRD_PARTY_NOTICES.txt']);
  linkNames(path.join(deps, 'lib'));
  const provideHeaders = () => {
    const folders = ['tensorflow/c', 'tensorflow/core/platform', 'tsl/platform', 'xla/tsl/c'];
    const prefixes = folders.map((folder) => `tensorflow/include/${folder}/`);
    return extract(python, wheel, path.join(deps, 'include'), 'tensorflow/include/', prefixes);
  };
  context.say('trying it', 0.9);
  return { built, version: await addAddon(built, context, provideHeaders, context.say) };
}

/**
 * The wheel in the cache, downloaded through pip if it is not there.
 * @param {string} python
 * @param {Context} context
 */
async function download(python, { cache, stage, say }) {
  const kept = fs.existsSync(cache) ? fs.readdirSync(cache).find((name) => WHEEL.file.test(name)) : undefined;
  if (kept !== undefined) {
    say(`using ${path.join(cache, kept)}, downloaded before`);
    return path.join(cache, kept);
  }
  await execute(python, ['-m', 'pip', '--version'], { seconds: 60 }).catch(() => {
    throw new StepFailure(`${python} has no pip: apt-get install python3-pip`);
  });
  say('downloading TensorFlow through pip (274 MB)');
  const to = path.join(stage, 'download');
  const temporary = path.join(stage, 'pip');
  for (const folder of [to, temporary, cache]) fs.mkdirSync(folder, { recursive: true });
  const options = ['--no-deps', '--only-binary=:all:', '--no-cache-dir', '--disable-pip-version-check'];
  await execute(
    python,
    ['-m', 'pip', 'download', ...options, ...WHEEL.pick, '--dest', to, WHEEL.requirement],
    {
      env: { ...process.env, TMPDIR: temporary },
      seconds: 3600,
      watch: {
        every: 1,
        check: () => {
          const done = Math.min(1, (sizeOf(temporary) + sizeOf(to)) / WHEEL.bytes);
          say(`downloading TensorFlow through pip (${Math.round(done * 100)} % of 274 MB)`, done * 0.6);
          return null;
        },
      },
    },
  );
  const name = fs.readdirSync(to).find((file) => WHEEL.file.test(file));
  if (name === undefined) throw new StepFailure('pip left no wheel');
  const wheel = path.join(cache, name);
  // The cache may be on another disk: copied beside its name first, so that it is never there by half.
  fs.copyFileSync(path.join(to, name), `${wheel}.${process.pid}`);
  fs.renameSync(`${wheel}.${process.pid}`, wheel);
  fs.rmSync(to, { recursive: true });
  return wheel;
}

/**
 * Takes the members of a wheel that begin with one of `prefixes` into `to`, their names without `strip`.
 * @param {string} python
 * @param {string} wheel
 * @param {string} to
 * @param {string} strip
 * @param {readonly string[]} prefixes
 */
async function extract(python, wheel, to, strip, prefixes) {
  const code = `
import os, shutil, sys, zipfile
wheel, to, strip, *prefixes = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        if name.startswith(tuple(prefixes)) and not name.endswith('/'):
            target = os.path.join(to, name[len(strip):])
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with archive.open(name) as source, open(target, 'wb') as sink:
                shutil.copyfileobj(source, sink, 1 << 20)
`;
  await execute(python, ['-c', code, wheel, to, strip, ...prefixes], { seconds: 600 }).catch((error) => {
    if (!/BadZipFile/.test(error.message)) throw error;
    fs.rmSync(wheel, { force: true });
    throw new StepFailure(`${wheel} is damaged and was removed; run this again to download it anew`);
  });
}

/**
 * The first Python that starts.
 * @param {string | null} wanted
 */
async function findPython(wanted) {
  for (const command of wanted === null ? ['python3', 'python'] : [wanted]) {
    const works = await execute(command, ['-c', 'import sys; assert sys.version_info >= (3, 7)'], {
      seconds: 60,
    })
      .then(() => true)
      .catch(() => false);
    if (works) return command;
  }
  throw new StepFailure(
    wanted === null ? 'there is no Python 3 (apt-get install python3)' : `${wanted} is no Python 3`,
  );
}

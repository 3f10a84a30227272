import { execFile } from 'node:child_process';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const cache = join(__dirname, '..', '..', '.cache');

/** Large enough for what pip has to say while it unpacks 15,000 files. */
const maxBuffer = 64 * 1024 * 1024;

/**
 * A TensorFlow as people have it in their Python: the `tensorflow-cpu` package, installed through pip into a
 * folder of its own and kept in `.cache` (1.3 GB; made once, under a minute, from the wheel that set-up keeps there).
 * @returns the environment with which `python3` finds it
 */
export async function tensorflowForPython(): Promise<{ readonly PYTHONPATH: string }> {
  const folder = join(cache, 'python-tensorflow');
  if (await exists(join(folder, 'tensorflow', 'libtensorflow_cc.so.2'))) return { PYTHONPATH: folder };
  const wheels = join(cache, 'wheels');
  await mkdir(wheels, { recursive: true });
  const pip = ['-m', 'pip', '--disable-pip-version-check'];
  const pick = ['--python-version', '3.11', '--implementation', 'cp', '--platform', 'manylinux_2_27_x86_64'];
  const only = ['--no-deps', '--only-binary=:all:', '--no-cache-dir', ...pick];
  const made = `${folder}.${process.pid}`;
  try {
    await promisify(execFile)('python3', [...pip, 'download', ...only, '--dest', wheels, REQUIREMENT], {
      maxBuffer,
    });
    const install = [
      'install',
      ...only,
      '--no-index',
      '--find-links',
      wheels,
      '--no-compile',
      '--target',
      made,
    ];
    await promisify(execFile)('python3', [...pip, ...install, REQUIREMENT], { maxBuffer });
    await rm(folder, { recursive: true, force: true });
    await rename(made, folder);
  } finally {
    await rm(made, { recursive: true, force: true });
  }
  return { PYTHONPATH: folder };
}

const REQUIREMENT = 'tensorflow-cpu==2.21.0';

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

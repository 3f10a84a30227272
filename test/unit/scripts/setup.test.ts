import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const script = pathToFileURL(join(__dirname, '..', '..', '..', 'scripts', 'setup.mjs')).href;

function dependenciesAreMissing(folder: string): unknown {
  const code = `import(${JSON.stringify(script)}).then((m) => console.log(m.dependenciesAreMissing(process.argv[1])))`;
  return JSON.parse(execFileSync(process.execPath, ['-e', code, folder], { encoding: 'utf8' }));
}

describe('npm run setup', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'neuron-deletion-setup-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function write(file: string, version: string, time: number): Promise<void> {
    const path = join(folder, file);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, JSON.stringify({ packages: { '': {}, 'node_modules/a': { version } } }));
    await utimes(path, time, time);
  }

  it('installs dependencies when there are none', async () => {
    await write('package-lock.json', '1.0.0', 1000);
    assert.equal(dependenciesAreMissing(folder), true);
  });

  it('installs nothing when what is installed is newer than the lock file', async () => {
    await write('package-lock.json', '1.0.0', 1000);
    await write('node_modules/.package-lock.json', '1.0.0', 2000);
    assert.equal(dependenciesAreMissing(folder), false);
  });

  it('installs them again when the lock file asks for another version', async () => {
    await write('node_modules/.package-lock.json', '1.0.0', 1000);
    await write('package-lock.json', '1.1.0', 2000);
    assert.equal(dependenciesAreMissing(folder), true);
  });

  it('installs nothing when the lock file is newer but asks for the same', async () => {
    await write('node_modules/.package-lock.json', '1.0.0', 1000);
    await write('package-lock.json', '1.0.0', 2000);
    assert.equal(dependenciesAreMissing(folder), false);
  });
});

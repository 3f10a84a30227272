import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { descendants } from './processes';
import { until } from './until';
import { Workbench } from './workbench';

const root = path.resolve(__dirname, '../..');

describe('npm start', function () {
  this.timeout(240_000);

  it('serves a VS Code with the extension on the sample, and ends with all it started at Ctrl-C', async () => {
    const child = spawn(process.execPath, ['scripts/start.mjs', '--seconds', '200', '--no-open'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const exit = once(child, 'exit');
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
    let workbench: Workbench | undefined;
    try {
      const url = await until(
        'an address',
        () => {
          if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}:\n${said}`);
          return /VS Code is at (http:\/\/127\.0\.0\.1:\S+)/.exec(said)?.[1];
        },
        180_000,
      );
      workbench = await Workbench.open(url);
      await workbench.openContainer('Neuron Deletion');
      const rows = await workbench.treeRows('Models');
      assert.deepEqual(
        rows.map((row) => row.split(' ')[0]),
        ['generalizes', 'memorizes'],
      );
      const family = descendants(child.pid ?? 0, '');
      assert.ok(family.length > 2);
      child.kill('SIGINT');
      assert.deepEqual(await exit, [0, null]);
      await until('all its processes to be gone', () => family.every((pid) => !alive(pid)));
    } finally {
      await workbench?.close();
      child.kill('SIGKILL');
    }
  });
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

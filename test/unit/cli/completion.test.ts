import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { completionScript } from '../../../src/cli/completion';
import { buildProgram, type Commands } from '../../../src/cli/program';
import { recorder } from '../../support/recorder';

const program = buildProgram('1.0.0', {} as Commands, recorder());

/** What bash offers for a line whose last word is being typed. */
function offered(...words: readonly string[]): string[] {
  const script = [
    completionScript(program, 'bash'),
    `COMP_WORDS=(neuron-deletion ${words.map((word) => `'${word}'`).join(' ')})`,
    `COMP_CWORD=${words.length}`,
    '_neuron_deletion',
    'printf "%s\\n" "${COMPREPLY[@]}"',
  ].join('\n');
  const { stdout, stderr, status } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return stdout.trim().split('\n');
}

describe('shell completion', () => {
  it('offers commands, flags of the command, values of a flag, and files, in bash', () => {
    assert.deepEqual(offered('ana'), ['analyze']);
    assert.deepEqual(offered('analyze', '--lab'), ['--labels', '--label-column', '--label-pattern']);
    assert.deepEqual(offered('evaluate', '--fail'), [''], 'evaluate has no such flag');
    assert.deepEqual(offered('analyze', 'model.json', '--operator', ''), [
      'zero',
      'mean',
      'resample',
      'optimal',
    ]);
    assert.deepEqual(offered('analyze', __filename.slice(0, -3)), [__filename]);
  });

  it('knows every command and flag in each shell, hidden ones left out', () => {
    for (const shell of ['bash', 'zsh', 'fish'] as const) {
      const script = completionScript(program, shell);
      for (const command of program.commands) {
        assert.ok(script.includes(command.name()), `${shell}: ${command.name()}`);
        for (const { long, hidden } of command.options) {
          const name = shell === 'fish' ? `-l ${(long ?? '').slice(2)} ` : ` ${long ?? ''} `;
          const has = script.replaceAll('"', ' ').replaceAll('\n', ' ').includes(name);
          assert.equal(has, !hidden, `${shell}: ${command.name()} ${long ?? ''}`);
        }
      }
    }
  });

  it('is a script that bash reads without complaint', () => {
    const { status, stderr } = spawnSync('bash', ['-n'], {
      input: completionScript(program, 'bash'),
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
  });
});

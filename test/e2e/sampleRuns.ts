import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { fillWithSample } from './fixture';

const cli = path.resolve(__dirname, '../../dist/cli.js');

/**
 * Fills a workspace with the sample and with runs of its two networks, made by the command line as VS Code would leave
 * them: each on the labels it learned, the generalizing one with curves and once more on fewer samples.
 */
export function fillWithRuns(workspace: string): void {
  fillWithSample(workspace);
  const run = (name: string, command: string, model: string, ...more: readonly string[]): void => {
    const train = path.join(workspace, 'train.npz');
    const labels = `${train}#${model === 'memorizes' ? 'y_shuffled' : 'y'}`;
    const out = path.join(workspace, '.neuron-deletion/runs', name);
    const file = path.join(workspace, model, 'model.json');
    const data = ['--data', `${train}#x`, '--labels', labels, '--out', out];
    execFileSync(process.execPath, [cli, command, file, ...data, ...more], { stdio: 'pipe' });
  };
  run('20260101-000000-generalizes', 'analyze', 'generalizes', '--samples', '1000');
  run('20260101-000001-memorizes', 'analyze', 'memorizes', '--samples', '1000');
  run('20260101-000002-generalizes', 'analyze', 'generalizes', '--samples', '400');
  const few = ['--order', 'random', '--orders', '3', '--points', '5', '--samples', '1000'];
  run('20260101-000003-generalizes', 'curves', 'generalizes', ...few);
}

// Everything set up, the sample analysed on the command line, and what it shows.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fail, prepare, repository, run } from './setup.mjs';

const cli = path.join(repository, 'dist', 'cli.js');
const folder = path.join(repository, 'dist', 'demo');

async function main() {
  await prepare({ native: true, build: true, sample: true });
  fs.rmSync(folder, { recursive: true, force: true });

  const shown = [];
  for (const network of ['generalizes', 'memorizes']) {
    const out = path.join(folder, network);
    const report = path.join(folder, `${network}.html`);
    console.log(`\n━━━ ${network} ${'━'.repeat(75 - network.length)}\n`);
    await run(process.execPath, [
      cli,
      'analyze',
      path.join('dist', 'sample', network, 'model.json'),
      '--out',
      out,
    ]);
    // It prints the path, which is said at the end.
    execFileSync(process.execPath, [cli, 'export', out, '--format', 'html', '--out', report], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const record = JSON.parse(fs.readFileSync(path.join(out, 'run.json'), 'utf8'));
    shown.push({ network, worst: record.headline.worst, report });
  }
  console.log(`\n${'━'.repeat(80)}\n\n${comparison(...shown)}\n`);
  for (const { network, report } of shown) console.log(`Report on ${network}: ${report}`);
}

/** The worst unit of each, as run.json has it: chosen on one half of the images and measured on the other. */
function comparison(generalizes, memorizes) {
  const cost = ({ worst }) => (worst?.accuracy_drop ?? 0) * 100;
  const part = (one) =>
    one.worst === null
      ? `${one.network} has no single neuron that stands out from noise`
      : `${one.network} loses ${cost(one).toFixed(2)} points without its worst neuron (${one.worst.site} #${one.worst.unit})`;
  const sentence = `${part(generalizes)},\n${part(memorizes)}`;
  const ratio = cost(memorizes) / cost(generalizes);
  if (cost(generalizes) > 0 && ratio > 1) {
    return `${sentence}:\n${ratio.toFixed(1)} times as much where the labels were learned by heart.`;
  }
  if (cost(memorizes) > cost(generalizes))
    return `${sentence}:\nmore where the labels were learned by heart.`;
  return `${sentence}:\nno more where the labels were learned by heart, which is not what was expected.`;
}

main().catch(fail);

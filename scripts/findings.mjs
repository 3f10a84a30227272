// `npm run findings`: the paper's experiments on the sample digits, and docs/findings.md with what they found.
//   --quick       few images and small networks, into .cache/findings-quick: shows that it works
//   --only a,b    these experiments only; what has been run before stays on the page
//   --seeds N     networks a setting
// Goes on where an earlier run stopped (.cache/findings).
import { build } from 'esbuild';
import fs from 'node:fs';
import path from 'node:path';
import { fail, prepare, repository, run } from './setup.mjs';

/** Beside the kernels that it loads; the package leaves it out. */
const bundle = path.join(repository, 'dist', 'findings.cjs');

async function main() {
  await prepare({ native: true, build: true, sample: true });
  const { version } = JSON.parse(fs.readFileSync(path.join(repository, 'package.json'), 'utf8'));
  await build({
    absWorkingDir: repository,
    entryPoints: ['scripts/findings.ts'],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    alias: { '@tensorflow/tfjs': './src/engine/tfjsUnion.ts' },
    define: { VERSION: JSON.stringify(version) },
    logLevel: 'warning',
  });
  await run(process.execPath, [bundle, repository, ...process.argv.slice(2)], {
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' },
  });
}

main().catch(fail);

// `npm run bench`: puts in place what the benchmark needs, then runs it (main.ts).
import process from 'node:process';
import { fail, prepare, run } from '../scripts/setup.mjs';

prepare({ native: true, build: true })
  .then(() => run(process.execPath, ['--import=tsx', 'bench/main.ts', ...process.argv.slice(2)]))
  .catch(fail);

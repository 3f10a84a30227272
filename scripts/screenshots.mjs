// `npm run screenshots`: the pictures of README and walkthrough, taken in a real VS Code on the sample, into
// media/screenshots.
import path from 'node:path';
import { fail, prepare, run } from './setup.mjs';

async function main() {
  await prepare({ native: true, build: true, sample: true });
  await run(process.execPath, ['--import=tsx', path.join('scripts', 'takeScreenshots.ts')]);
}

main().catch(fail);

// `npm start`: a real VS Code in the browser, on a copy of the sample, with the extension installed from its VSIX.
//   --seconds N   end by itself after N seconds (otherwise at Ctrl-C)
//   --port N      listen there instead of on a free port
//   --no-open     do not open the browser
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { vscodeServer } from '../test/e2e/setup.mjs';
import { fail, prepare, repository, run, SetupError } from './setup.mjs';

/** As long as a timer can be told to wait, nearly. */
const FOR_DAYS = 20 * 24 * 3600;

function options() {
  try {
    const { values } = parseArgs({
      options: { seconds: { type: 'string' }, port: { type: 'string' }, 'no-open': { type: 'boolean' } },
    });
    const number = (name) => {
      const value = values[name] === undefined ? undefined : Number(values[name]);
      if (value !== undefined && !(value > 0)) throw new Error(`--${name} takes a number above 0.`);
      return value;
    };
    return { seconds: number('seconds'), port: number('port'), open: values['no-open'] !== true };
  } catch (error) {
    throw new SetupError(error.message, { cause: error });
  }
}

/** Opens the address in the user's browser, if there is a screen to show it on. */
function openBrowser(url) {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', url]
        : ['xdg-open', url];
  if (command === 'xdg-open' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return;
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}

async function main() {
  const { seconds, port, open } = options();
  const { native } = await prepare({ native: true, build: true, sample: true });
  const cache = path.join(repository, '.cache');
  const vsix = path.join(cache, 'neuron-deletion.vsix');
  await run(process.execPath, [path.join('scripts', 'package.mjs'), '--out', vsix]);
  const workspace = path.join(cache, 'sample-workspace');
  if (!fs.existsSync(workspace)) {
    fs.cpSync(path.join(repository, 'dist/sample'), workspace, { recursive: true });
  }
  const server = await vscodeServer({
    profile: path.join(cache, 'vscode-profile'),
    workspace,
    vsix,
    seconds: seconds ?? FOR_DAYS,
    settings: native
      ? { 'neuronDeletion.tfjsNodePath': path.join(repository, 'node_modules/@tensorflow/tfjs-node') }
      : {},
    ...(port === undefined ? {} : { port }),
    log: (line) => console.error(line),
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void server.stop());
  console.log(`\nVS Code is at ${server.url}`);
  console.log('Right-click generalizes/model.json → Analyze Neurons…   (Ctrl-C here ends it)');
  if (open) openBrowser(server.url);
  await server.ended;
}

main().catch(fail);

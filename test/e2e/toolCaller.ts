import fs from 'node:fs';
import path from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { until } from './until';

/** Runs in the extension host: carries out each `<n>.json` in the folder, and leaves its outcome in `<n>.done`. */
const SOURCE = `
const fs = require('node:fs');
const path = require('node:path');
const vscode = require('vscode');
const folder = process.env.NEURON_DELETION_TOOL_CALLS;
const sources = new Map();

async function carryOut(id, { name, input }) {
  if (name === 'tools') return vscode.lm.tools.map(({ name, description, inputSchema, tags }) => ({ name, description, inputSchema, tags }));
  const source = new vscode.CancellationTokenSource();
  sources.set(id, source);
  const result = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined }, source.token);
  return result.content.map((part) => part.value).join('');
}

async function take(file) {
  const id = path.basename(file, '.json');
  const call = JSON.parse(fs.readFileSync(file, 'utf8'));
  fs.rmSync(file);
  if (call.cancel !== undefined) { sources.get(call.cancel).cancel(); return; }
  const outcome = await carryOut(id, call).then((value) => ({ value }), (error) => ({ error: error.message, name: error.name }));
  fs.writeFileSync(path.join(folder, id + '.part'), JSON.stringify(outcome));
  fs.renameSync(path.join(folder, id + '.part'), path.join(folder, id + '.done'));
}

exports.activate = (context) => {
  const timer = setInterval(() => {
    for (const name of fs.readdirSync(folder)) if (name.endsWith('.json')) void take(path.join(folder, name));
  }, 50);
  context.subscriptions.push({ dispose: () => clearInterval(timer) });
};
`;

/** How a call ended: with what the tool said, or with an error. */
export type CallOutcome =
  | { readonly value: unknown; readonly error?: undefined; readonly name?: undefined }
  | { readonly error: string; readonly name: string; readonly value?: undefined };

/** A small extension that calls tools for language models as a chat agent does, but without a chat. */
export class ToolCaller {
  /** The extension, to be installed. */
  readonly vsix: string;
  private readonly calls: string;
  private last = 0;

  /** @param folder where it is made, and where calls and outcomes are exchanged */
  constructor(folder: string) {
    this.calls = path.join(folder, 'calls');
    fs.mkdirSync(this.calls, { recursive: true });
    this.vsix = path.join(folder, 'tool-caller.vsix');
    const manifest = {
      name: 'tool-caller',
      publisher: 'test',
      version: '1.0.0',
      engines: { vscode: '^1.100.0' },
      main: './main.js',
      activationEvents: ['onStartupFinished'],
      extensionKind: ['workspace'],
    };
    const identity = '<Identity Language="en-US" Id="tool-caller" Version="1.0.0" Publisher="test"/>';
    const asset = '<Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json"/>';
    const files = {
      'extension/package.json': JSON.stringify(manifest),
      'extension/main.js': SOURCE,
      'extension.vsixmanifest': `<?xml version="1.0" encoding="utf-8"?><PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011"><Metadata>${identity}<DisplayName>Tool caller</DisplayName></Metadata><Installation><InstallationTarget Id="Microsoft.VisualStudio.Code"/></Installation><Dependencies/><Assets>${asset}</Assets></PackageManifest>`,
      '[Content_Types].xml':
        '<?xml version="1.0" encoding="utf-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension=".json" ContentType="application/json"/><Default Extension=".js" ContentType="application/javascript"/><Default Extension=".vsixmanifest" ContentType="text/xml"/></Types>',
    };
    const zipped = zipSync(
      Object.fromEntries(Object.entries(files).map(([name, content]) => [name, strToU8(content)])),
    );
    fs.writeFileSync(this.vsix, zipped);
  }

  /** What the extension host has to know. */
  get env(): Readonly<Record<string, string>> {
    return { NEURON_DELETION_TOOL_CALLS: this.calls };
  }

  /** Starts a call; gives its number. */
  start(name: string, input: unknown = {}): string {
    return this.send({ name, input });
  }

  cancel(id: string): void {
    this.send({ cancel: id });
  }

  /** How a call ended. */
  async outcome(id: string, timeout = 60_000): Promise<CallOutcome> {
    const file = path.join(this.calls, `${id}.done`);
    return until(
      `the outcome of call ${id}`,
      () => (fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as CallOutcome) : null),
      timeout,
    );
  }

  /** Calls a tool of ours and reads its answer. */
  async answer<T>(name: string, input: unknown = {}): Promise<T> {
    const { value, error } = await this.outcome(this.start(`neuron-deletion_${name}`, input));
    if (error !== undefined) throw new Error(`${name}: ${error}`);
    return JSON.parse(value as string) as T;
  }

  /** Calls a tool of ours that is to refuse; gives its sentence. */
  async refusal(name: string, input: unknown): Promise<string> {
    const { value, error } = await this.outcome(this.start(`neuron-deletion_${name}`, input));
    if (error === undefined) throw new Error(`${name} answered ${String(value)}`);
    return error;
  }

  private send(call: unknown): string {
    const id = String(++this.last);
    const file = path.join(this.calls, id);
    fs.writeFileSync(`${file}.new`, JSON.stringify(call));
    fs.renameSync(`${file}.new`, `${file}.json`);
    return id;
  }
}

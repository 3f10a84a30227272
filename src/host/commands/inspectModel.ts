import * as vscode from 'vscode';
import type { ModelInfo, OutputInfo } from '../../protocol/study';
import { DisposableStore } from '../disposableStore';
import type { EngineProcess } from '../engineProcess';
import { modelName, shapeText } from '../names';

const SCHEME = 'neuron-deletion-model';

/** Read-only documents that say what is in a model. */
export class ModelReports extends DisposableStore implements vscode.TextDocumentContentProvider {
  private readonly texts = new Map<string, string>();
  private readonly changed = this.own(new vscode.EventEmitter<vscode.Uri>());
  readonly onDidChange = this.changed.event;

  constructor(private readonly engine: EngineProcess) {
    super();
    this.own(vscode.workspace.registerTextDocumentContentProvider(SCHEME, this));
    this.own(vscode.workspace.onDidCloseTextDocument(({ uri }) => this.texts.delete(uri.toString())));
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return (
      this.texts.get(uri.toString()) ?? vscode.l10n.t('Run “Neuron Deletion: Inspect Model” again to see it.')
    );
  }

  /** Reads a model and shows what is in it. */
  async show(model: string): Promise<void> {
    const options = { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Reading the model…') };
    const info = await vscode.window.withProgress(options, () =>
      this.engine.request('inspectModel', { path: model }),
    );
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${modelName(model)}.md`, query: model });
    this.texts.set(uri.toString(), modelReport(info));
    this.changed.fire(uri);
    await vscode.window.showTextDocument(uri, { preview: true });
  }
}

function inputText({ input, inputs }: ModelInfo): string {
  if (inputs.length === 1) return vscode.l10n.t('Input: {0}', shapeText(input));
  const list = inputs.map(({ name, shape }) => `${name} (${shapeText(shape)})`).join(', ');
  return vscode.l10n.t('Inputs: {0}', list);
}

function modelReport(model: ModelInfo): string {
  const { l10n } = vscode;
  const units = model.sites.reduce((sum, site) => sum + site.units, 0);
  const lines = [
    `# ${modelName(model.path)}`,
    '',
    `- ${l10n.t('File: {0}', model.path)}`,
    `- ${l10n.t('Format: {0}', model.format)}`,
    ...(model.producer === null ? [] : [`- ${l10n.t('Written by: {0}', model.producer)}`]),
    `- ${inputText(model)}`,
    `- ${l10n.t('Classes: {0}', model.classes)}`,
    ...(model.outputs.length > 1
      ? [`- ${l10n.t('Outputs: {0}', model.outputs.map(outputText).join(', '))}`]
      : []),
    `- ${l10n.t('Parameters: {0}', model.parameters.toLocaleString())}`,
    '',
    `## ${l10n.t('{0} units in {1} sites', units, model.sites.length)}`,
    '',
    `| ${l10n.t('site')} | ${l10n.t('units')} | ${l10n.t('kind')} | ${l10n.t('shape')} |`,
    '|---|---|---|---|',
    ...model.sites.map(
      (site) => `| ${site.name} | ${site.units} | ${site.kind} | ${shapeText(site.shape)} |`,
    ),
  ];
  if (model.excluded.length > 0) {
    lines.push('', `## ${l10n.t('Not deletable')}`, '');
    lines.push(...model.excluded.map((site) => `- ${site.name}: ${site.reason}`));
  }
  return `${lines.join('\n')}\n`;
}

function outputText({ name, classes, chosen }: OutputInfo): string {
  const { l10n } = vscode;
  const what = classes === null ? l10n.t('no class scores') : l10n.t('{0} classes', classes);
  return chosen ? `**${name}** (${what})` : `${name} (${what})`;
}

import path from 'node:path';
import { Failure } from '../protocol/failure';
import {
  isRefused,
  type InputInfo,
  type LayerInfo,
  type ModelInfo,
  type OutputInfo,
  type RefusedModel,
} from '../protocol/study';
import { count, plural, wrap } from './figures';
import { openSession } from './openSession';
import type { InspectOptions } from './program';
import { textTable } from './table';
import type { Terminal } from './terminal';

/**
 * `inspect <model>`: what the model is and which of its neurons can be deleted.
 * @throws Failure with the reason for a model that cannot be analysed, when what is known of it has been shown
 */
export async function inspect(model: string, options: InspectOptions, terminal: Terminal): Promise<void> {
  const session = openSession(options, terminal);
  const { output } = options;
  const info = await session.describeModel(path.resolve(terminal.cwd, model), { output });
  if (options.json) terminal.out(`${JSON.stringify(info)}\n`);
  else terminal.out(isRefused(info) ? refusedText(info, model) : modelText(info, model));
  if (isRefused(info)) throw new Failure(info.problem, { file: info.path });
}

/** A model, for people. */
export function modelText(info: ModelInfo, name: string): string {
  const lines = [
    ...headLines(info, name),
    `${inputText(info.inputs)}, ${count(info.classes)} classes, ${plural(info.parameters, 'parameter')}.`,
  ];
  if (info.outputs.length > 1) lines.push(outputLine(info.outputs));
  lines.push('', ...siteLines(info));
  if (info.excluded.length > 0) {
    lines.push(
      '',
      'Left out:',
      ...info.excluded.map(({ name: site, reason }) => wrap(`  ${site}: ${reason}`, '    ')),
    );
  }
  lines.push(...layerLines(info.layers));
  return `${lines.join('\n')}\n`;
}

/** What is known of a model that cannot be analysed; nothing where nothing is. */
function refusedText(info: RefusedModel, name: string): string {
  if (info.format === null) return '';
  const lines = headLines(info, name);
  if (info.inputs.length > 0) lines.push(`${inputText(info.inputs)}.`);
  if (info.outputs.length > 0) lines.push(outputLine(info.outputs));
  lines.push(...layerLines(info.layers));
  return `${lines.join('\n')}\n`;
}

function headLines({ format, producer }: ModelInfo | RefusedModel, name: string): string[] {
  return [name, `${format ?? ''}${producer === null ? '' : `, written by ${producer}`}`];
}

function shapeText(shape: readonly (number | null)[]): string {
  return shape.map((size) => size ?? 'any').join(' × ');
}

function inputText(inputs: readonly InputInfo[]): string {
  const [one, ...others] = inputs;
  if (one !== undefined && others.length === 0) return `Input ${shapeText(one.shape)}`;
  return `Inputs ${inputs.map(({ name, shape }) => `${name} (${shapeText(shape)})`).join(', ')}`;
}

function siteLines({ sites }: ModelInfo): string[] {
  if (sites.length === 0) return ['No neurons can be deleted in it.'];
  const units = sites.reduce((sum, site) => sum + site.units, 0);
  return [
    `${plural(units, 'neuron')} in ${plural(sites.length, 'site')}:`,
    '',
    textTable(
      [
        { head: 'site', align: 'left' },
        { head: 'neurons', align: 'right' },
        { head: 'kind', align: 'left' },
        { head: 'output', align: 'left' },
      ],
      sites.map((site) => [site.name, count(site.units), site.kind, shapeText(site.shape)]),
    ),
  ];
}

function layerLines(layers: readonly LayerInfo[]): string[] {
  if (layers.length === 0) return [];
  return [
    '',
    `${plural(layers.length, 'layer')}:`,
    '',
    textTable(
      [
        { head: 'layer', align: 'left' },
        { head: 'type', align: 'left' },
        { head: 'output', align: 'left' },
        { head: 'parameters', align: 'right' },
      ],
      layers.map(({ name, type, shape, parameters }) => [
        name,
        type,
        shape === null ? '' : shapeText(shape),
        parameters === null ? '' : count(parameters),
      ]),
    ),
  ];
}

function outputLine(outputs: readonly OutputInfo[]): string {
  return `Outputs: ${outputs.map(outputText).join(', ')}.`;
}

function outputText({ name, classes, chosen }: OutputInfo, index: number): string {
  const what = classes === null ? 'no class scores' : `${count(classes)} classes`;
  return `${name} (${String(index)}; ${what}${chosen ? ', analysed' : ''})`;
}

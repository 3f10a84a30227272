import path from 'node:path';
import type { InputInfo, ModelInfo, OutputInfo } from '../protocol/study';
import { count, plural, wrap } from './figures';
import { openSession } from './openSession';
import type { InspectOptions } from './program';
import { textTable } from './table';
import type { Terminal } from './terminal';

/** `inspect <model>`: what the model is and which of its neurons can be deleted. */
export async function inspect(model: string, options: InspectOptions, terminal: Terminal): Promise<void> {
  const session = openSession(options, terminal);
  const info = await session.inspectModel(path.resolve(terminal.cwd, model), options.output);
  terminal.out(options.json ? `${JSON.stringify(info)}\n` : modelText(info, model));
}

/** A model, for people. */
export function modelText(info: ModelInfo, name: string): string {
  const producer = info.producer === null ? '' : `, written by ${info.producer}`;
  const shapeOf = ({ shape }: InputInfo): string => shape.map((size) => size ?? 'any').join(' × ');
  const input =
    info.inputs.length === 1
      ? `Input ${info.inputs.map(shapeOf).join()}`
      : `Inputs ${info.inputs.map((one) => `${one.name} (${shapeOf(one)})`).join(', ')}`;
  const units = info.sites.reduce((sum, site) => sum + site.units, 0);
  const lines = [
    name,
    `${info.format}${producer}`,
    `${input}, ${count(info.classes)} classes, ${plural(info.parameters, 'parameter')}.`,
  ];
  if (info.outputs.length > 1) lines.push(`Outputs: ${info.outputs.map(outputText).join(', ')}.`);
  lines.push('');
  if (info.sites.length === 0) {
    lines.push('No neurons can be deleted in it.');
  } else {
    lines.push(
      `${plural(units, 'neuron')} in ${plural(info.sites.length, 'site')}:`,
      '',
      textTable(
        [
          { head: 'site', align: 'left' },
          { head: 'neurons', align: 'right' },
          { head: 'kind', align: 'left' },
          { head: 'output', align: 'left' },
        ],
        info.sites.map((site) => [site.name, count(site.units), site.kind, site.shape.join(' × ')]),
      ),
    );
  }
  if (info.excluded.length > 0) {
    lines.push(
      '',
      'Left out:',
      ...info.excluded.map(({ name: site, reason }) => wrap(`  ${site}: ${reason}`, '    ')),
    );
  }
  return `${lines.join('\n')}\n`;
}

function outputText({ name, classes, chosen }: OutputInfo, index: number): string {
  const what = classes === null ? 'no class scores' : `${count(classes)} classes`;
  return `${name} (${String(index)}; ${what}${chosen ? ', analysed' : ''})`;
}

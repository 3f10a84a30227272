import { t } from '@vscode/l10n';
import type { VNode } from 'preact';
import { isRefused, type InputInfo, type ModelDescription, type OutputInfo } from '../../src/protocol/study';
import { count } from '../shared/format';

/** What is known of a model as a whole; nothing where nothing is. */
export function ModelFacts({ model }: { readonly model: ModelDescription }): VNode | null {
  const { format, producer, inputs, outputs, parameters } = model;
  if (format === null) return null;
  return (
    <dl class="facts">
      <Fact name={t('Format')}>
        <Value text={format} />
        {producer !== null && <Note text={t('written by {0}', producer)} />}
      </Fact>
      {inputs.length > 0 && (
        <Fact name={t(inputs.length === 1 ? 'Input' : 'Inputs')}>
          <Inputs inputs={inputs} />
        </Fact>
      )}
      {!isRefused(model) && (
        <Fact name={t('Classes')}>
          <Value text={count(model.classes)} />
          {model.class_names !== undefined && <Note text={someOf(model.class_names)} />}
        </Fact>
      )}
      {(outputs.length > 1 || isRefused(model)) && outputs.length > 0 && (
        <Fact name={t(outputs.length === 1 ? 'Output' : 'Outputs')}>
          <Outputs outputs={outputs} />
        </Fact>
      )}
      {parameters !== null && (
        <Fact name={t('Parameters')}>
          <Value text={count(parameters)} />
        </Fact>
      )}
    </dl>
  );
}

/** `28 × 28`, with “any” for a size that is free. */
export function shapeText(shape: readonly (number | null)[]): string {
  if (shape.length === 0) return t('one number');
  return shape.map((size) => (size === null ? t('any') : count(size))).join(' × ');
}

/** Names that are shown. */
const MOST_NAMES = 3;

function someOf(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).join(', ');
  return names.length > MOST_NAMES ? `${shown}, …` : shown;
}

function Inputs({ inputs }: { readonly inputs: readonly InputInfo[] }): VNode {
  return (
    <ul>
      {inputs.map(({ name, shape }) => (
        <li key={name} class="fact-line">
          <Value text={shapeText(shape)} />
          <Note text={name} />
        </li>
      ))}
    </ul>
  );
}

function Outputs({ outputs }: { readonly outputs: readonly OutputInfo[] }): VNode {
  return (
    <ul>
      {outputs.map(({ name, classes, chosen }) => (
        <li key={name} class="fact-line">
          <Value text={name} />
          <Note text={outputNote(classes, chosen)} />
        </li>
      ))}
    </ul>
  );
}

function outputNote(classes: number | null, chosen: boolean): string {
  if (classes === null) return chosen ? t('no class scores, analyzed') : t('no class scores');
  return chosen ? t('{0} classes, analyzed', count(classes)) : t('{0} classes', count(classes));
}

function Fact({
  name,
  children,
}: {
  readonly name: string;
  readonly children: (VNode | false)[] | VNode;
}): VNode {
  return (
    <div class="fact">
      <dt>{name}</dt>
      <dd class="fact-line">{children}</dd>
    </div>
  );
}

function Value({ text }: { readonly text: string }): VNode {
  return <span class="fact-value">{text}</span>;
}

function Note({ text }: { readonly text: string }): VNode {
  return <span class="fact-note">{text}</span>;
}

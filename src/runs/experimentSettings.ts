import { dropoutSetting } from '../core/findings/dropout';
import type { TrainingExperiment } from '../protocol/training';

/** A setting as it is called in pictures and tables. */
export function settingText(experiment: TrainingExperiment, name: string): string {
  if (experiment === 'memorization') {
    const percent = Math.round(100 * Number(name));
    return percent === 0 ? 'true labels' : `${String(percent)} % corrupted`;
  }
  if (experiment === 'dropout') {
    const { rate, random } = dropoutSetting(name);
    return `${rate === 0 ? 'no dropout' : `dropout ${String(rate)}`}, ${random ? 'random' : 'true'} labels`;
  }
  if (experiment === 'batchnorm') return `${name} batch norm`;
  return experiment === 'early-stopping' ? `epoch ${name}` : name;
}

/** How the line of a setting is drawn: of dropout, rates are told by colour and labels by dash. */
export function settingStyle(
  experiment: TrainingExperiment,
  name: string,
  index: number,
): { readonly colour: number; readonly dash: number } {
  // The sixth colour is close to the first.
  if (experiment !== 'dropout') return { colour: index, dash: index < 5 ? 0 : 1 };
  const { rate, random } = dropoutSetting(name);
  return { colour: Math.round(10 * rate), dash: random ? 1 : 0 };
}

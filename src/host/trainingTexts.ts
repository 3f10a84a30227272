import * as vscode from 'vscode';
import type { TrainingEstimate, TrainingExperiment } from '../protocol/training';
import { integer } from './numberText';

/** What people call an experiment. */
export function experimentTitle(experiment: TrainingExperiment): string {
  const { l10n } = vscode;
  switch (experiment) {
    case 'memorization':
      return l10n.t('Memorization');
    case 'dropout':
      return l10n.t('Dropout');
    case 'batchnorm':
      return l10n.t('Batch Norm');
    case 'early-stopping':
      return l10n.t('Early Stopping');
    case 'selectivity':
      return l10n.t('Selectivity');
    case 'operators':
      return l10n.t('Operators');
  }
}

/** What it shows, in a line. */
export function experimentPurpose(experiment: TrainingExperiment): string {
  const { l10n } = vscode;
  switch (experiment) {
    case 'memorization':
      return l10n.t('Do networks that learned wrong labels by heart break sooner when neurons are deleted?');
    case 'dropout':
      return l10n.t(
        'How far does dropout in training protect against deletion, on true and on random labels?',
      );
    case 'batchnorm':
      return l10n.t('Does batch norm make a network robust, and its neurons less selective?');
    case 'early-stopping':
      return l10n.t('Does robustness begin to fall when the loss on new data begins to rise?');
    case 'selectivity':
      return l10n.t('Do selective neurons matter more than others? What else tells which ones matter?');
    case 'operators':
      return l10n.t('Is a neuron set to zero missed less than one set to its mean, or to another sample’s?');
  }
}

/** `18 networks, about 12 minutes here`. */
export function estimateText({ networks, seconds }: TrainingEstimate): string {
  const { l10n } = vscode;
  const count = networks === 1 ? l10n.t('1 network') : l10n.t('{0} networks', integer(networks));
  return l10n.t('{0}, {1} on this machine', count, aboutText(seconds));
}

function aboutText(seconds: number): string {
  const { l10n } = vscode;
  const minutes = Math.round(seconds / 60);
  if (seconds < 90) return l10n.t('about {0} s', Math.max(1, Math.round(seconds)));
  if (minutes < 90) return l10n.t('about {0} min', minutes);
  return l10n.t('about {0} h {1} min', Math.floor(minutes / 60), minutes % 60);
}

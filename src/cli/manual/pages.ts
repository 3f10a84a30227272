import { BASELINE, HEADLINE, MODEL, PRUNED } from './fields';
import type { Page } from './page';

/** Fields that all commands with a run directory print. */
const HEAD = {
  directory: 'the run directory',
  status: 'complete',
  backend: 'what computed',
  baseline: `the network as it is: ${Object.keys(BASELINE).join(', ')}`,
  preprocessing:
    'chosen, by (auto or user), and each candidate tried: scale, correct, samples, accuracy, loss',
  seconds: 'seconds of computing',
};

const KEPT = 'what is finished is kept, and the same command with --out goes on from there';
const RECORD = 'the study, hashes, versions, seed, baseline and state';

/** The manual's page of each command. */
export const PAGES: Readonly<Record<string, Page>> = {
  analyze: {
    group: 'measure',
    about:
      'Each is set to 0 (or as --operator says) on all samples while the rest of the network runs as it is; the drop in accuracy is its importance, with a 95 % interval. Selectivity and further measures come with it. Rounds over disjoint samples sharpen all figures until every sample has been used.',
    files: {
      'run.json': RECORD,
      'units.csv': 'one row a neuron with all its measures; units.arrow holds the same',
      'class_means.csv': 'mean activation of each neuron on each class; class_means.arrow likewise',
      'correlations.json': 'how the measures relate, site by site',
      'pieces.arrows': 'the journal that a resume goes on from',
    },
    json: {
      ...HEAD,
      notes: 'what one should know of labels and classes, a sentence each',
      headline: `the result in short: ${Object.keys(HEADLINE).join(', ')}`,
      top: 'the ten most important neurons',
      layers:
        'of each site: site, kind, units, measured, dead, within_noise, worst, median_drop, median_selectivity',
      estimate: 'seconds the sweep was expected to take',
    },
    interrupted: KEPT,
    seeAlso: ['evaluate', 'curves', 'export', 'agreement'],
  },
  evaluate: {
    group: 'measure',
    about:
      'Gives accuracy, loss, confusion matrix and flips before and after, on all samples. Nothing of the model is changed; prune saves it without the neurons.',
    files: {
      'evaluate.json': 'what --json prints, with --out',
      'outputs.csv':
        'with --outputs: label, predictions and class probabilities of each sample, before and after',
    },
    json: {
      correct: 'samples classified right without the neurons',
      samples: 'samples in all',
      accuracy: 'correct / samples',
      loss: 'mean cross-entropy, nats',
      confusion: 'counts, rows true classes, columns predicted ones',
      flips_to_wrong: 'samples that turn wrong',
      flips_to_right: 'samples that turn right',
      recalls: 'recall of each class; null for a class without samples',
      before: 'the network as it is: correct, accuracy, loss, recalls, confusion',
      classes: 'names of the classes',
      deleted: 'the neurons: site, unit',
      operator: 'what they were set to',
      model: 'path of the model',
      data: 'path of the data',
      labels: 'path of the labels, or null',
      seed: 'the seed',
      scale: 'how stored values became inputs',
      backend: 'what computed',
      directory: 'where the files are, or null',
    },
    interrupted: 'nothing is written',
    seeAlso: ['analyze', 'prune', 'pairs'],
  },
  curves: {
    group: 'measure',
    about:
      'Neurons are deleted one after another, in random or ranked orders, and accuracy and loss measured on the way: the area under the curve says how far a network leans on single directions.',
    files: {
      'run.json': RECORD,
      'curves.csv': 'one row a point; curves.arrow holds the same',
    },
    json: { ...HEAD, curves: 'what was asked for and the figures of each kind of curve' },
    interrupted: KEPT,
    seeAlso: ['noise', 'compare', 'export'],
  },
  noise: {
    group: 'measure',
    about:
      'Normal noise goes into every element of every neuron, in 15 sizes from 0.03 to 10 standard deviations of the neuron itself.',
    files: { 'run.json': RECORD, 'noise.csv': 'one row a size and repeat' },
    json: { ...HEAD, noise: 'what was asked for and the means of each size' },
    interrupted: KEPT,
    seeAlso: ['curves', 'compare'],
  },
  pairs: {
    group: 'measure',
    about:
      'Two that are worse together than the sum of each alone stand in for each other; the difference of the loss is their synergy.',
    files: { 'run.json': RECORD, 'pairs.csv': 'one row a pair' },
    json: {
      ...HEAD,
      pairs: 'the neurons, and the accuracy lost without each pair',
      rows: 'one object a pair, as in pairs.csv',
    },
    interrupted: KEPT,
    seeAlso: ['analyze', 'evaluate'],
  },
  prune: {
    group: 'measure',
    about:
      'Rows and columns of the weights go where the graph allows; elsewhere a neuron is folded into the next bias as a constant, or its outgoing weights are set to 0, and which is said. The saved model’s outputs are held against the deleted network’s before anything is written, and a model that stands there is replaced only with --replace.',
    files: {
      'model.json': 'the model, with its weights beside it',
      'prune.json': 'what --json prints',
      'prune.csv': 'with --keep-accuracy: one row a step of the search',
    },
    json: { ...PRUNED, file: 'path of the saved model' },
    interrupted: 'nothing is written',
    seeAlso: ['evaluate', 'analyze'],
  },
  compare: {
    group: 'several',
    about:
      'Curves, noise and single deletions of each are measured on the same data, or each on its own labels; a table and a verdict in plain words follow, with their evidence. A folder of checkpoints gives robustness against the step of training.',
    files: {
      'compare.csv': 'one row a model',
      'compare.json': 'what --json prints',
      'compare.html': 'the report, in one file',
      '<model>/curves, noise, units': 'the runs',
    },
    json: {
      directory: 'where everything is',
      models:
        'one object a model: the columns of compare.csv, orderings (relative AUC of each), step and train_accuracy (or null)',
      verdict: 'which withstands deletion better',
      falls_from_step: 'of checkpoints: the step from which on robustness falls, or null',
    },
    interrupted: KEPT,
    seeAlso: ['curves', 'noise', 'experiment'],
  },
  experiment: {
    group: 'several',
    about:
      'Networks are trained from fixed seeds on the sample digits or on your own labelled data, then measured; the report holds what came out against what the paper leads one to expect. What it will take is printed first.',
    files: {
      'experiment.json': 'options, hashes, versions, networks and findings',
      'experiment.html': 'the report, in one file',
      'networks.csv': 'one row a network',
      'curves.csv': 'the curves of all networks',
      'noise.csv': 'their noise curves, where they were measured',
      'networks/, data/, runs/': 'the networks, what they learned, and a run directory of each measurement',
    },
    json: {
      directory: 'where everything is',
      status: 'complete',
      seconds: 'seconds of computing',
      networks: 'one object a network',
      findings: 'one object a claim of the paper',
    },
    interrupted: KEPT,
    seeAlso: ['compare', 'curves'],
  },
  agreement: {
    group: 'results',
    about:
      'Spearman’s rank correlation of importance and of loss increase over the neurons of each site, with 95 % bootstrap intervals, for every two operators. Writes nothing.',
    json: {
      agreement:
        'of each site and two operators: site, operators, accuracy_drop and loss_increase (rho, low, high, pairs)',
    },
    seeAlso: ['analyze'],
  },
  export: {
    group: 'results',
    about:
      'csv is the table of the run, json everything in one object, html a report in one file that needs nothing else, svg a picture as in the report. Pictures as PNG are saved from the panel in VS Code, which has what turns them into pixels.',
    files: { '<file>': 'what --out names' },
    json: { file: 'the file', format: 'what it is' },
    seeAlso: ['analyze', 'curves', 'noise'],
  },
  inspect: {
    group: 'machine',
    about:
      'Lists inputs, outputs, layers and sites with their neurons, and what is left out and why. A model that cannot be analysed is described as far as it can be read, with the reason. Writes nothing.',
    json: MODEL,
    seeAlso: ['analyze', 'doctor'],
  },
  doctor: {
    group: 'machine',
    about: 'Loads the backend and measures it, which takes about two seconds. Writes nothing.',
    json: {
      node: 'version of Node',
      tfjs: 'version of TensorFlow.js',
      platform: 'system and processor architecture',
      processor: 'name and number of processors',
      backend: 'what computes',
      matmul_gflops: '10⁹ operations a second in float32 products of matrices',
      tools: 'what was looked for: name, found (or null), advice',
      missing: 'what is missing and how to get it, a sentence each',
    },
    seeAlso: ['inspect'],
  },
  completion: {
    group: 'machine',
    about: 'It knows all commands, their options, and the values of options that have a few.',
    seeAlso: ['doctor'],
  },
};

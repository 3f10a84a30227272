/** What the name of an array, a file or a column says about it. */
export interface NameParts {
  /** Null where the name does not tell. */
  readonly role: 'samples' | 'labels' | null;
  /** The name without the words of its role: equal for two that belong together (`x_test`, `y_test`). */
  readonly stem: string;
  /** Null where the name does not tell. */
  readonly split: 'train' | 'test' | 'validation' | null;
}

const LABEL_WORDS = new Set(
  'y label labels lbl target targets class classes classname species category categories'.split(' '),
);
const SAMPLE_WORDS = new Set(
  'x image images img imgs data feature features input inputs sample samples pixels'.split(' '),
);

const SPLITS: Readonly<Record<string, NameParts['split']>> = {
  train: 'train',
  training: 'train',
  test: 'test',
  testing: 'test',
  val: 'validation',
  valid: 'validation',
  validation: 'validation',
  dev: 'validation',
};

/** Reads a name: `x_test`, `trainLabels`, `t10k-images-idx3-ubyte.gz`, … */
export function readName(name: string): NameParts {
  const words = name
    .replace(/\.gz$/i, '')
    .replace(/\.(npy|csv|tsv|txt)$/i, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/^([xy])(?=train|test|val)/, '$1_')
    .replace(/(?<=train|test|val)([xy])$/, '_$1')
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '' && !/^idx\d+$/.test(word));
  const isLabel = words.some((word) => LABEL_WORDS.has(word));
  const isSample = words.some((word) => SAMPLE_WORDS.has(word));
  return {
    role: isLabel ? 'labels' : isSample ? 'samples' : null,
    stem: words.filter((word) => !LABEL_WORDS.has(word) && !SAMPLE_WORDS.has(word)).join(' '),
    split: words.map((word) => SPLITS[word] ?? null).find((split) => split !== null) ?? null,
  };
}

/** Whether a column's whole name is a word for labels. */
export function isLabelWord(name: string): boolean {
  const word = name.trim().toLowerCase();
  return LABEL_WORDS.has(word) || word === 'digit';
}

/**
 * How well labels go with samples by their names: 0 made for each other, 1 labels, 2 perhaps labels;
 * null for labels of another split (`x_train` with `y_test`).
 */
export function pairRank(samples: NameParts, labels: NameParts): 0 | 1 | 2 | null {
  if (samples.split !== null && labels.split !== null && samples.split !== labels.split) return null;
  if (labels.role !== 'labels') return 2;
  return labels.stem === samples.stem ? 0 : 1;
}

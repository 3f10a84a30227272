import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { mutualInformation } from '../../../src/core/measures/mutualInformation';
import { rankCorrelation, spearman } from '../../../src/core/measures/rankCorrelation';
import { pythonJson, pythonWith } from '../../support/python';
import { normals, uniforms } from '../../support/seeded';
import { temporaryFolder } from '../../support/temporaryFolder';

const SCRIPT = `
import json, sys
import numpy as np
from scipy.stats import bootstrap, entropy, spearmanr
given = json.load(open(sys.argv[1]))
a, b = np.array(given['a']), np.array(given['b'])
missing = np.array([np.nan if v is None else v for v in given['missing']])
interval = bootstrap((a, b), lambda x, y: spearmanr(x, y).statistic, paired=True, vectorized=False,
                     n_resamples=2000, method='percentile', rng=1).confidence_interval
values, labels = np.array(given['values'], dtype=np.float32), np.array(given['labels'])
filled = np.sort(values[values != 0])
edges = filled[(np.arange(1, 16) * len(filled)) // 16]
bins = np.where(values == 0, 0, 1 + np.searchsorted(edges, values, side='right'))
counts = np.zeros((17, labels.max() + 1))
np.add.at(counts, (bins, labels), 1)
bits = lambda table: entropy(table.ravel(), base=2)
mm = lambda table: bits(table) + (np.count_nonzero(table) - 1) / (2 * len(values) * np.log(2))
information = lambda h: h(counts.sum(1)) + h(counts.sum(0)) - h(counts)
print(json.dumps({
    'rho': spearmanr(a, b).statistic, 'missing': spearmanr(a, missing, nan_policy='omit').statistic,
    'low': interval.low, 'high': interval.high,
    'raw': information(bits), 'corrected': information(mm),
}))
`;

interface Expected {
  readonly rho: number;
  readonly missing: number;
  readonly low: number;
  readonly high: number;
  readonly raw: number;
  readonly corrected: number;
}

describe('measures against SciPy and NumPy', function () {
  this.timeout(300_000);
  const folder = temporaryFolder();

  it('rank correlation with ties and gaps, its bootstrap interval, and mutual information', async () => {
    const a = Float64Array.from(normals(80, 1), (value) => Math.round(3 * value));
    const b = Float64Array.from(normals(80, 2), (value, i) => value + 0.4 * a[i]!);
    const missing = b.map((value, i) => (i % 7 === 3 ? NaN : value));
    const labels = Int32Array.from(uniforms(700, 3), (value) => Math.floor(5 * value));
    const values = normals(700, 4).map((value, n) =>
      Math.max(0, Math.round(8 * (value + labels[n]! / 4)) / 8),
    );
    const file = folder.path('given.json');
    const listed = { a: [...a], b: [...b], missing: [...missing], values: [...values], labels: [...labels] };
    await writeFile(file, JSON.stringify(listed));
    const python = await pythonWith(['scipy']);
    const expected = (await pythonJson(python, SCRIPT, [file])) as Expected;
    const close = (actual: number, wanted: number, within: number): void => {
      assert.ok(Math.abs(actual - wanted) <= within, `${String(actual)} is not ${String(wanted)}`);
    };
    const found = rankCorrelation(a, b, 9, 2000);
    close(found.rho, expected.rho, 1e-12);
    close(spearman(a, missing), expected.missing, 1e-12);
    // Other draws of the same distribution.
    close(found.low, expected.low, 0.03);
    close(found.high, expected.high, 0.03);
    const information = mutualInformation(values, labels, 1, 5);
    close(information.raw[0]!, expected.raw, 1e-9);
    close(information.corrected[0]!, expected.corrected, 1e-9);
  });
});

import assert from 'node:assert/strict';
import { relationsOf, type Relation } from '../../../src/pictures/relation';
import type { RunCorrelations } from '../../../src/protocol/correlations';

/** What is said of importance and selectivity, of two measures with this ρ, interval and reliability. */
function judged(rho: number | null, low: number | null, high: number | null, reliable = true): Relation {
  const square = (value: number | null): (number | null)[][] => [
    [1, value],
    [value, 1],
  ];
  const correlations: RunCorrelations = {
    format: 'neuron-deletion-correlations',
    version: 1,
    seed: 1,
    sites: [
      {
        site: 'conv2d_1',
        units: 40,
        measures: ['accuracy_drop', 'selectivity'],
        rho: square(rho),
        low: square(low),
        high: square(high),
        pairs: [
          [40, 38],
          [38, 38],
        ],
        resamples: 100,
        reliability: {
          accuracy_drop: {
            halves: 0.2,
            full: reliable ? 0.8 : 0.31,
            low: 0.1,
            high: 0.9,
            verdict: reliable ? 'reliable' : 'too few samples',
          },
        },
      },
    ],
  };
  return relationsOf(correlations, 'selectivity', 'accuracy_drop')[0]!;
}

describe('what a rank correlation says', () => {
  it('names the direction where the interval leaves out 0, and the strength by the size of ρ', () => {
    const { kind, strength, pairs } = judged(0.2, 0.05, 0.34);
    assert.deepEqual([kind, strength, pairs], ['together', 'weak', 38]);
    assert.deepEqual(
      [judged(-0.3, -0.5, -0.1).kind, judged(-0.3, -0.5, -0.1).strength],
      ['opposed', 'clear'],
    );
    assert.equal(judged(0.5, 0.3, 0.7).strength, 'strong');
    assert.equal(judged(0.499, 0.3, 0.7).strength, 'clear');
  });

  it('says hardly only where the interval is narrow round 0, or ρ itself is next to nothing', () => {
    assert.equal(judged(0.08, -0.12, 0.27).kind, 'hardly');
    assert.equal(judged(0.08, -0.32, 0.47).kind, 'open');
    assert.equal(judged(0.05, 0.01, 0.09).kind, 'hardly');
    assert.equal(judged(0.25, -0.04, 0.5).kind, 'open');
  });

  it('does not take noise for the absence of a relation', () => {
    assert.equal(judged(0.08, -0.12, 0.27, false).kind, 'unreliable');
    assert.deepEqual(judged(0.08, -0.12, 0.27, false).doubtful, {
      measure: 'accuracy_drop',
      reliability: 0.31,
    });
    // A relation that is seen in spite of the noise stands; its reliability is told beside it.
    assert.equal(judged(0.4, 0.2, 0.6, false).kind, 'together');
    assert.equal(judged(0.4, 0.2, 0.6, false).doubtful?.reliability, 0.31);
    assert.equal(judged(0.4, 0.2, 0.6).doubtful, null);
  });

  it('tells what is not known from what was not compared', () => {
    assert.equal(judged(null, null, null).kind, 'unknown');
    assert.equal(
      relationsOf({ format: 'neuron-deletion-correlations', version: 1, seed: 1, sites: [] }, 'a', 'b')
        .length,
      0,
    );
    const site = { site: 'a', units: 3, measures: [], rho: [], low: [], high: [], pairs: [] };
    const sites = [{ ...site, resamples: 0, reliability: {} }];
    const all = relationsOf(
      { format: 'neuron-deletion-correlations', version: 1, seed: 1, sites },
      'n',
      'l1',
    );
    assert.deepEqual([all[0]?.kind, all[0]?.pairs], ['uncompared', 0]);
  });
});

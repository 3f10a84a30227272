import assert from 'node:assert/strict';
import { operatorAgreement, type OperatorRun } from '../../../../src/core/measures/agreement';
import { rankCorrelation } from '../../../../src/core/measures/rankCorrelation';
import { runCorrelations } from '../../../../src/core/measures/relations';
import { judgeRelation, splitHalfReliability } from '../../../../src/core/measures/reliability';
import { Failure } from '../../../../src/protocol/failure';
import type { Operator, SiteInfo } from '../../../../src/protocol/study';
import { emptyUnitTable } from '../../../../src/protocol/units';
import { normals } from '../../../support/seeded';

const close = (actual: number | null, expected: number, within = 1e-12): void => {
  assert.ok(
    actual !== null && Math.abs(actual - expected) <= within,
    `${String(actual)} is not ${String(expected)}`,
  );
};
const numbers = (...values: number[]): Float64Array => Float64Array.from(values);
const site = (name: string, units: number): SiteInfo => ({ name, units, shape: [units], kind: 'dense' });

describe('split-half reliability', () => {
  it('is the halves’ rank correlation stepped up to all samples, worked by hand', () => {
    const found = splitHalfReliability(numbers(1, 2, 3, 4, 5), numbers(10, 30, 20, 50, 40), 1);
    close(found.halves, 0.8);
    close(found.full, 1.6 / 1.8);
    assert.equal(found.verdict, 'reliable');
    assert.ok(found.low! < found.full! && found.full! <= found.high!);
  });

  it('says where there are too few samples, and where nothing is known', () => {
    const poor = splitHalfReliability(numbers(1, 2, 3, 4), numbers(1, 4, 3, 2), 1);
    close(poor.halves, 0.2);
    close(poor.full, 0.4 / 1.2);
    assert.equal(poor.verdict, 'too few samples');
    const opposite = splitHalfReliability(numbers(1, 2, 3), numbers(3, 2, 1), 1);
    close(opposite.full, -1);
    assert.equal(opposite.verdict, 'too few samples');
    const still = splitHalfReliability(numbers(0, 0, 0), numbers(0, 1, 2), 1);
    assert.deepEqual(still, { halves: null, full: null, low: null, high: null, verdict: 'unknown' });
  });

  it('of noisy halves comes close to the correlation with another measurement of all samples', () => {
    const units = 1500;
    const truth = normals(units, 1);
    const half = (seed: number): Float64Array =>
      Float64Array.from(normals(units, seed), (noise, u) => truth[u]! + noise);
    const whole = (one: number, other: number): Float64Array => {
      const b = half(other);
      return half(one).map((value, u) => (value + b[u]!) / 2);
    };
    const { full } = splitHalfReliability(half(2), half(3), 4);
    close(full, rankCorrelation(whole(2, 3), whole(5, 6), 1).rho, 0.04);
  });
});

describe('verdict on a relation with importance', () => {
  it('goes by the interval, and calls nothing “none” that could not have been seen', () => {
    assert.equal(judgeRelation(0.1, 0.4, { verdict: 'too few samples' }), 'positive');
    assert.equal(judgeRelation(-0.4, -0.1, { verdict: 'reliable' }), 'negative');
    assert.equal(judgeRelation(-0.1, 0.2, { verdict: 'reliable' }), 'none');
    assert.equal(judgeRelation(-0.1, 0.2, { verdict: 'too few samples' }), 'too few samples');
    assert.equal(judgeRelation(-0.1, 0.2, { verdict: 'unknown' }), 'too few samples');
    assert.equal(judgeRelation(null, null, { verdict: 'reliable' }), 'unknown');
  });
});

describe('relations of a run', () => {
  it('are told site by site, without selectivity where it has no meaning', () => {
    const sites = [site('a', 20), site('b', 30)];
    const table = emptyUnitTable(50, 2);
    const { columns } = table;
    columns.accuracy_drop.set(normals(50, 1));
    columns.selectivity.set(normals(50, 2));
    columns.selectivity_valid.fill(1).fill(0, 0, 15);
    const found = runCorrelations(sites, table, { accuracy_drop: (row, half) => row * (half + 1) }, 3);
    assert.deepEqual(
      found.sites.map(({ site: name, units }) => [name, units]),
      [
        ['a', 20],
        ['b', 30],
      ],
    );
    const at = found.sites[0]!.measures.indexOf('selectivity');
    assert.equal(found.sites[0]!.pairs[0]![at], 5);
    assert.equal(found.sites[1]!.pairs[0]![at], 30);
    const own = rankCorrelation(columns.accuracy_drop.slice(20), columns.selectivity.slice(20), 1);
    close(found.sites[1]!.rho[0]![at]!, own.rho);
    close(found.sites[1]!.reliability['accuracy_drop']!.full, 1);
    assert.deepEqual(JSON.parse(JSON.stringify(found)), found);
  });
});

describe('agreement of operators', () => {
  const run = (operator: Operator, seed: number, units = 12): OperatorRun => {
    const table = emptyUnitTable(8 + units, 2);
    table.columns.accuracy_drop.set(normals(8 + units, seed));
    table.columns.loss_increase.set(normals(8 + units, seed % 2));
    return { operator, sites: [site('a', 8), site('b', units)], table };
  };

  it('is given for each site and pair of operators', () => {
    const [zero, mean, optimal] = [run('zero', 1), run('mean', 2), run('optimal', 3)];
    const found = operatorAgreement([zero, mean, optimal], 7);
    assert.deepEqual(
      found.map((one) => `${one.site} ${one.operators.join()}`),
      ['a zero,mean', 'a zero,optimal', 'a mean,optimal', 'b zero,mean', 'b zero,optimal', 'b mean,optimal'],
    );
    const [a, b] = [zero, mean].map(({ table }) => table.columns.accuracy_drop.slice(8));
    close(found[3]!.accuracy_drop.rho, rankCorrelation(a!, b!, 1).rho);
    close(found[4]!.loss_increase.rho, 1);
    assert.equal(found[4]!.loss_increase.pairs, 12);
    assert.deepEqual(operatorAgreement([], 1), []);
  });

  it('refuses runs of other units', () => {
    assert.throws(() => operatorAgreement([run('zero', 1), run('mean', 2, 13)], 1), Failure);
  });
});

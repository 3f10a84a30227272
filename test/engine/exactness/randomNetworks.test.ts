import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { resampleClamp } from '../../../src/core/ablation/operators/resample';
import type { Session } from '../../../src/engine/session';
import type { RunRecord } from '../../../src/protocol/run';
import { OPERATORS, type Operator } from '../../../src/protocol/study';
import type { RandomSite } from '../../support/randomNetworks';
import { requireNative } from '../../support/requirements';
import { Oracle } from '../oracle/client';
import type { Outcome, Replacement } from '../oracle/maskOracle';
import type { RandomFixture } from '../oracle/messages';
import { assertActivity, assertBaseline, assertReplaced, type Truth } from './againstOracle';
import { analyze, newSession, siteList, study } from './engineRun';

/** The first network's seed, and how many there are; the environment may ask for others. */
const FIRST = Number(process.env['ND_RANDOM_SEED'] ?? 1);
const NETWORKS = Number(process.env['ND_RANDOM_NETWORKS'] ?? 18);

const CHOSEN = (process.env['ND_RANDOM_OPERATORS']?.split(',') ?? OPERATORS) as readonly Operator[];

const SAMPLES = 150;
const DRAWS = 2;

describe('the sweep against brute force, on random networks', function () {
  this.timeout(60_000);
  let oracle: Oracle;
  let folder: string | null = null;
  let doing = '';

  before(async function () {
    requireNative(this);
    oracle = new Oracle();
    folder = await mkdtemp(path.join(tmpdir(), 'random-'));
  });
  after(async () => {
    if (folder === null) return;
    await oracle.close();
    await rm(folder, { recursive: true });
  });

  /** Every operator, every unit. */
  async function compareAll(fixture: RandomFixture, directory: string): Promise<void> {
    const session = newSession();
    const whole = { ...(await oracle.ask('open', fixture)), labels: fixture.labels };
    for (const operator of CHOSEN) {
      doing = operator;
      const run = await analyze(
        session,
        study(fixture.model, fixture.data, { operator, draws: DRAWS }),
        path.join(directory, operator),
      );
      assert.deepEqual(
        Object.entries(siteList(run)).sort(),
        fixture.sites.map(({ site, units }) => [site, units] as const).sort(),
      );
      assert.deepEqual(run.record.excluded, []);
      const { clamp } = run.record;
      const measured = clamp?.operator === 'optimal' ? without(fixture, clamp.fitted_on) : fixture;
      const truth =
        measured === fixture ? whole : { ...(await oracle.ask('open', measured)), labels: measured.labels };
      assertBaseline(run, truth);
      for (const place of fixture.sites) {
        await assertReplaced(run, oracle, truth, place, replacements(operator, run.record, place.site));
        if (operator === 'zero') await assertActivity(run, oracle, place.site, place.at);
      }
      await compareSet(session, run.record, fixture, truth);
    }
    session.dispose();
  }

  /** Some units of up to three sites, deleted together. */
  async function compareSet(
    session: Session,
    record: RunRecord,
    { sites }: RandomFixture,
    { baseline, labels }: Truth,
  ): Promise<void> {
    // One direction of a bidirectional layer at a time: the oracle has no place for both.
    const candidates = sites.filter(({ at }) => !at.endsWith('/backward'));
    const chosen = candidates.filter((_, k) => k % Math.ceil(candidates.length / 3) === 0);
    const units = ({ units: count }: RandomSite): number[] => [0, count - 1];
    const deleted = chosen.flatMap((place) => units(place).map((unit) => ({ site: place.site, unit })));
    const evaluation = await session.evaluate({ record, deleted }, new AbortController().signal);
    const bySite = chosen.map(({ site }) => replacements(record.spec.operator, record, site));
    const draws = (bySite[0] as Replacement[]).length;
    const drawn: Outcome[] = [];
    for (let draw = 0; draw < draws; draw++) {
      const places = chosen.map((place, k) => ({
        at: place.at,
        units: units(place),
        replacement: bySite[k]?.[draw] as Replacement,
      }));
      drawn.push(await oracle.ask('run', places));
    }
    const mean = (count: (outcome: Outcome) => number): number =>
      drawn.reduce((sum, outcome) => sum + count(outcome), 0) / draws;
    const flips = (wasRight: boolean): number =>
      mean(({ predictions }) =>
        labels.reduce((sum, label, n) => {
          const before = baseline.predictions[n] === label;
          return sum + Number(before === wasRight && (predictions[n] === label) !== wasRight);
        }, 0),
      );
    assert.deepEqual(
      [evaluation.correct, evaluation.flips_to_wrong, evaluation.flips_to_right, evaluation.samples],
      [mean(({ correct }) => correct), flips(true), flips(false), labels.length],
      `${JSON.stringify(deleted)} together`,
    );
    const loss = mean((outcome) => outcome.loss);
    const within = 1e-5 * Math.max(1, loss) + mean(({ loss_rounding }) => loss_rounding);
    assert.ok(Math.abs(evaluation.loss - loss) <= within, `${evaluation.loss}, the oracle has ${loss}`);
  }

  for (let seed = FIRST; seed < FIRST + NETWORKS; seed++) {
    it(`network ${seed}`, async () => {
      const directory = path.join(folder as string, String(seed));
      const fixture = await oracle.ask('random', { seed, directory, samples: SAMPLES });
      try {
        await compareAll(fixture, directory);
      } catch (error) {
        console.error(
          `    ND_RANDOM_SEED=${seed} ND_RANDOM_NETWORKS=1 makes it again (${doing}): ${fixture.description}`,
        );
        throw error;
      }
    });
  }
});

/** What the oracle shall put in the place of a site's units, a draw each. */
function replacements(operator: Operator, { clamp, seed, baseline }: RunRecord, site: string): Replacement[] {
  if (clamp?.operator === 'optimal') {
    return [{ kind: 'constants', values: Float32Array.from(clamp.constants[site] ?? []) }];
  }
  if (clamp?.operator !== 'resample') return [{ kind: operator === 'mean' ? 'mean' : 'zero' }];
  const samples = Int32Array.from({ length: baseline.samples }, (_, n) => n);
  const donors = resampleClamp(samples, seed, clamp.draws);
  assert.equal(donors.kind, 'donors');
  return Array.from({ length: clamp.draws }, (_, draw) => ({
    kind: 'donors' as const,
    donors: donors.donors(samples, draw),
  }));
}

/** All samples but some. */
function without(fixture: RandomFixture, left: readonly number[]): RandomFixture {
  const out = new Set(left);
  const kept = [...fixture.labels.keys()].filter((n) => !out.has(n));
  const size = fixture.x.length / fixture.labels.length;
  const x = new Float32Array(kept.length * size);
  kept.forEach((n, k) => x.set(fixture.x.subarray(n * size, (n + 1) * size), k * size));
  return { ...fixture, x, labels: Int32Array.from(kept, (n) => fixture.labels[n] as number) };
}

import assert from 'node:assert/strict';
import type { ExperimentJob, Job } from '../../../src/host/analyses';
import { measuredSpec, Measurements } from '../../../src/host/measurements';
import { Study } from '../../../src/host/study';
import { exampleRecord, exampleTable } from '../../support/exampleRun';
import { curveRun } from '../../webview/syntheticCurves';

const record = exampleRecord();
const OWNER = '/runs/analysis';
const RUN = '/runs/that-is-not-there-yet';
const experiment: ExperimentJob & { readonly name: 'curves' } = {
  name: 'curves',
  options: curveRun().record.curves!.options,
};
const progress = { phase: 'measuring', fraction: 0.5, round: 3, rounds: 6, seconds_left: 9 } as const;

describe('measuring for a study', () => {
  let studies: Map<string, Study>;
  let jobs: Job[];
  let shown: string[];
  let done: number;
  let measurements: Measurements;
  let owner: Study;

  const create = (directory: string, title: string): Study => {
    const study = new Study(directory, title);
    studies.set(directory, study);
    return study;
  };
  /** Lets what was posted arrive, and what waits for that. */
  const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 150));
  const child = (): Study => jobs[0]!.study;

  beforeEach(async () => {
    studies = new Map();
    jobs = [];
    shown = [];
    done = 0;
    measurements = new Measurements(
      {
        find: (directory) => studies.get(directory),
        create,
        open: (directory) => Promise.resolve(studies.get(directory) ?? create(directory, 'opened')),
        release: (study) => {
          studies.delete(study.directory);
          study.dispose();
        },
      },
      {
        start: (job) => {
          jobs.push(job);
          job.study.begin({ severity: 'info', text: 'Waits until the other is done.' });
        },
        cancel: (study) => study.end(null, { severity: 'info', text: 'Cancelled.' }),
      },
      (directory) => shown.includes(directory),
      () => done++,
    );
    owner = create(OWNER, 'generalizes · test.npz');
    owner.load({ record, table: exampleTable(record) });
    await measurements.start(OWNER, measuredSpec(record), experiment, RUN);
  });
  afterEach(() => {
    measurements.dispose();
    for (const study of studies.values()) study.dispose();
  });

  it('is a run of its own in the queue, with the preprocessing that was chosen', () => {
    assert.equal(jobs.length, 1);
    assert.equal(jobs[0]!.experiment, experiment);
    assert.equal(jobs[0]!.acceptChance, true);
    assert.equal(jobs[0]!.spec.scale, record.preprocessing.chosen);
    assert.equal(child().directory, RUN);
    assert.ok(measurements.isMeasuring(OWNER));
  });

  it('is not begun twice', async () => {
    await measurements.start(OWNER, measuredSpec(record), experiment, '/runs/another');
    assert.equal(jobs.length, 1);
  });

  it('shows the study that it waits, how far it is, and that it is over', async () => {
    assert.equal(owner.state.curves.problem, 'Waits until the other is done.');
    child().begin(null);
    child().apply({ event: 'progress', progress });
    await settle();
    assert.deepEqual(owner.state.curves.measuring, { experiment: 'curves', progress });
    assert.equal(owner.state.curves.problem, null);
    child().end({ ...curveRun().record }, null);
    await settle();
    assert.deepEqual(owner.state.curves, { runs: [], measuring: null, problem: null });
    assert.equal(done, 1);
    assert.ok(!measurements.isMeasuring(OWNER));
    assert.equal(studies.has(RUN), false, 'nobody looks at it: it is let go of');
  });

  it('keeps the run where it has a panel', async () => {
    shown.push(RUN);
    child().end(curveRun().record, null);
    await settle();
    assert.ok(studies.has(RUN));
  });

  it('says why it failed; that it was cancelled is no problem', async () => {
    child().end(null, { severity: 'error', text: 'The data file is gone.' });
    await settle();
    assert.equal(owner.state.curves.problem, 'The data file is gone.');
    await measurements.start(OWNER, measuredSpec(record), experiment, '/runs/second');
    measurements.cancel(OWNER);
    await settle();
    assert.deepEqual(owner.state.curves, { runs: [], measuring: null, problem: null });
  });

  it('goes on without its study, and is shown again in the next one of that run', async () => {
    studies.delete(OWNER);
    owner.dispose();
    child().apply({ event: 'progress', progress });
    await settle();
    const again = create(OWNER, 'again');
    child().apply({ event: 'progress', progress: { ...progress, round: 4 } });
    await settle();
    assert.equal(again.state.curves.measuring?.progress.round, 4);
  });
});

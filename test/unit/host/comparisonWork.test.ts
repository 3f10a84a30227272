import assert from 'node:assert/strict';
import type { Job } from '../../../src/host/analyses';
import { ComparisonWork, type ComparisonTask, type NextTask } from '../../../src/host/comparisonWork';
import { Study } from '../../../src/host/study';
import { exampleRecord } from '../../support/exampleRun';

const record = exampleRecord();
const progress = { phase: 'sweep', fraction: 0.5, round: 0, rounds: 2, seconds_left: 3 } as const;

function task(name: string): ComparisonTask {
  return { name, kind: 'units', spec: record.spec, directory: `/not-there-yet/${name}` };
}

describe('measuring what a comparison lacks', () => {
  let studies: Map<string, Study>;
  let jobs: Job[];
  let work: ComparisonWork;
  let measured: number;
  let left: string[];

  const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 150));
  const next: NextTask = () => {
    const [name] = left;
    return Promise.resolve(name === undefined ? null : { task: task(name), left: left.length });
  };
  const finish = async (): Promise<void> => {
    left.shift();
    jobs.at(-1)?.study.end(record, null);
    await settle();
  };

  beforeEach(() => {
    studies = new Map();
    jobs = [];
    measured = 0;
    left = ['a', 'b'];
    const create = (directory: string, title: string): Study => {
      const study = new Study(directory, title);
      studies.set(directory, study);
      return study;
    };
    work = new ComparisonWork(
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
        cancel: (study) =>
          study.end({ ...record, status: 'cancelled' }, { severity: 'info', text: 'Cancelled.' }),
      },
      () => false,
      String,
    );
    work.onDidMeasure(() => measured++);
  });
  afterEach(() => {
    work.dispose();
    for (const study of studies.values()) study.dispose();
  });

  it('goes through the runs one after another and says how far it is', async () => {
    const whole = work.measure(next);
    await settle();
    assert.equal(jobs.length, 1);
    assert.equal(jobs[0]?.acceptChance, true);
    assert.equal(work.measuring?.waits, 'Waits until the other is done.');
    jobs[0].study.begin(null);
    jobs[0].study.apply({ event: 'progress', progress });
    await settle();
    assert.deepEqual(work.measuring, { name: 'a', kind: 'units', done: 0, runs: 2, progress, waits: null });
    await finish();
    assert.equal(jobs.length, 2);
    const { name, done, runs } = work.measuring;
    assert.deepEqual([name, done, runs], ['b', 1, 2]);
    assert.equal(studies.has('/not-there-yet/a'), false, 'nobody looks at it: it is let go of');
    await finish();
    await whole;
    assert.deepEqual([work.measuring, work.problem, measured], [null, null, 2]);
  });

  it('stops where it is cancelled, and goes on from there', async () => {
    const whole = work.measure(next);
    await settle();
    work.cancel();
    await whole;
    assert.deepEqual([jobs.length, work.measuring, work.problem], [1, null, null]);
    void work.measure(next);
    await settle();
    assert.equal(jobs.length, 2);
    assert.equal(jobs[1]?.study.directory, jobs[0]?.study.directory);
  });

  it('does not begin what is cancelled while it looks for the next run', async () => {
    const whole = work.measure(() => {
      work.cancel();
      return next();
    });
    await whole;
    assert.equal(jobs.length, 0);
  });

  it('says why a run failed, and begins no other', async () => {
    const whole = work.measure(next);
    await settle();
    jobs[0]?.study.end(null, { severity: 'error', text: 'The data file is gone.' });
    await whole;
    assert.deepEqual([jobs.length, work.problem], [1, 'The data file is gone.']);
    assert.equal(work.measuring, null);
  });

  it('does not measure for ever what stays missing, and is not begun twice', async () => {
    const whole = work.measure(next);
    void work.measure(next);
    await settle();
    assert.equal(jobs.length, 1);
    jobs[0]?.study.end(record, null);
    await whole;
    assert.equal(jobs.length, 1);
  });
});

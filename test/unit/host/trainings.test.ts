import assert from 'node:assert/strict';
import { Trainings } from '../../../src/host/trainings';
import type { RequestOptions } from '../../../src/host/engineProcess';
import { Cancelled } from '../../../src/protocol/failure';
import type { Progress } from '../../../src/protocol/run';
import type { TrainingParams, TrainingResult } from '../../../src/protocol/training';

const params: TrainingParams = {
  directory: '/work/.neuron-deletion/runs/20260101-000000-dropout',
  options: {
    experiment: 'dropout',
    train: { data: '/work/train.npz#x' },
    test: null,
    hidden: null,
    seeds: 1,
    seed: 0,
    quick: true,
  },
};
const progress: Progress = {
  phase: 'training',
  network: 'dropout 0.2, seed 0',
  fraction: 0.5,
  round: 0,
  rounds: 0,
  seconds_left: 9,
};

describe('experiments that are carried out', () => {
  let trainings: Trainings;
  let asked: { params: unknown; options: RequestOptions }[];
  let answer: (result: TrainingResult) => void;
  let fail: (error: Error) => void;

  beforeEach(() => {
    asked = [];
    trainings = new Trainings({
      request: (method, params, options) => {
        assert.equal(method, 'train');
        asked.push({ params, options: options ?? {} });
        return new Promise((resolve, reject) => {
          answer = resolve;
          fail = reject;
        });
      },
    });
  });
  afterEach(() => trainings.dispose());

  const complete = { kind: 'complete', record: {} } as TrainingResult;

  it('are known while they run, with how far they are', async () => {
    let changes = 0;
    trainings.onDidChange(() => changes++);
    const told: Progress[] = [];
    const running = trainings.start(params, {
      on: (event) => event.event === 'progress' && told.push(event.progress),
    });
    assert.equal(asked[0]!.params, params);
    assert.equal(trainings.running?.directory, params.directory);
    assert.equal(trainings.running.progress.fraction, 0);
    asked[0]!.options.on?.({ event: 'progress', progress });
    assert.deepEqual(trainings.running, { directory: params.directory, experiment: 'dropout', progress });
    assert.deepEqual(told, [progress]);
    answer(complete);
    assert.equal(await running, complete);
    assert.equal(trainings.running, null);
    assert.equal(changes, 3);
  });

  it('run one at a time', async () => {
    const running = trainings.start(params, {});
    await assert.rejects(trainings.start({ ...params, directory: '/other' }, {}), /running already/);
    assert.equal(trainings.running?.directory, params.directory);
    answer(complete);
    await running;
    const next = trainings.start({ ...params, directory: '/other' }, {});
    assert.equal(asked.length, 2);
    answer(complete);
    await next;
  });

  for (const [by, cancel] of [
    ['here', () => trainings.cancel()],
    ['by who asked for it', (controller: AbortController) => controller.abort()],
  ] as const) {
    it(`are cancelled ${by}`, async () => {
      const controller = new AbortController();
      const running = trainings.start(params, { signal: controller.signal });
      assert.equal(asked[0]!.options.signal?.aborted, false);
      cancel(controller);
      assert.equal(asked[0]!.options.signal.aborted, true);
      // The engine did not answer in time and was killed.
      fail(new Cancelled());
      assert.equal(await running, null);
      assert.equal(trainings.running, null);
    });
  }

  it('are over when they fail, and tell why', async () => {
    const running = trainings.start(params, {});
    fail(new Error('Every network was left out.'));
    await assert.rejects(running, /left out/);
    assert.equal(trainings.running, null);
  });
});

import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { barView, jsonView, lineView } from '../../../src/cli/progress';
import type { AnalyzeEvent } from '../../../src/protocol/engine';
import { exampleRecord } from '../../support/exampleRun';

const at = (fraction: number, round = 0): AnalyzeEvent => ({
  event: 'progress',
  progress: { phase: 'sweep', fraction, round, rounds: 3, seconds_left: null },
});
const done = (rounds: number): AnalyzeEvent => ({
  event: 'record',
  record: exampleRecord({ rounds: { samples: [60, 120, 120], done: rounds } }),
});

describe('progress on stderr', () => {
  it('is a line a finished round where nobody watches', () => {
    let text = '';
    const view = lineView((line) => (text += line));
    for (const event of [at(0), done(0), at(0.1), done(1), done(1), at(0.5), done(3)]) view.show(event);
    assert.equal(
      text,
      'This will take about 12 s.\nRound 1 of 3: 60 of 300 samples.\nRound 3 of 3: 300 of 300 samples.\n',
    );
  });

  it('is JSON lines for programs, one for each hundredth of the way', () => {
    const lines: string[] = [];
    const view = jsonView((line) => lines.push(line));
    for (let i = 0; i <= 1000; i++) view.show(at(i / 1000));
    assert.equal(lines.length, 101);
    assert.deepEqual(JSON.parse(lines[0]!), {
      event: 'progress',
      phase: 'sweep',
      fraction: 0,
      round: 0,
      rounds: 3,
      seconds_left: null,
    });
  });

  it('is a bar on a terminal, which leaves SIGINT to the program', () => {
    const listeners = process.listenerCount('SIGINT');
    const view = barView(new PassThrough());
    view.show(at(0.5, 1));
    assert.equal(process.listenerCount('SIGINT'), listeners);
    view.stop();
  });
});

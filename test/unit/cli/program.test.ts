import assert from 'node:assert/strict';
import { CommanderError } from 'commander';
import { buildProgram, type Commands } from '../../../src/cli/program';
import { SCALES } from '../../../src/protocol/study';
import { run } from '../../../src/cli/run';
import { Ended, UsageError } from '../../../src/cli/terminal';
import { Cancelled, Failure } from '../../../src/protocol/failure';
import { recorder } from '../../support/recorder';

/** Commands that keep what they are called with, or end as they are told. */
function commands(end?: Error): Commands & { calls: unknown[][] } {
  const calls: unknown[][] = [];
  const called =
    (name: string) =>
    (...args: unknown[]): Promise<void> => {
      calls.push([name, ...args.slice(0, -1)]);
      return end === undefined ? Promise.resolve() : Promise.reject(end);
    };
  return {
    calls,
    analyze: called('analyze'),
    curves: called('curves'),
    noise: called('noise'),
    pairs: called('pairs'),
    evaluate: called('evaluate'),
    compare: called('compare'),
    experiment: called('experiment'),
    prune: called('prune'),
    agreement: called('agreement'),
    inspect: called('inspect'),
    doctor: called('doctor'),
    exportRun: called('export'),
  };
}

async function parse(...args: string[]): Promise<unknown[]> {
  const called = commands();
  await buildProgram('1.2.3', called, recorder()).parseAsync(args, { from: 'user' });
  return called.calls[0]!;
}

const common = { json: false, verbose: false };

describe('the command line’s grammar', () => {
  it('reads every flag of analyze', async () => {
    const flags =
      '--data a.npz#x --labels b.npz#y --label-column digit --sites dense_1,conv@2 --operator zero --scale -1..1 ' +
      '--samples 500 --draws 3 --measures l1_norm,duplicates --memory-limit 1.5 --seed 7 ' +
      '--label-pattern ([a-z]+)_ --class-names c.txt --resize pad --input a=x.npz#a=b --input b=y.npy --topology t.json ' +
      '--out run --json --backend wasm --spec s.json --accept-chance --verbose --fail-if max_drop>0.05 --fail-if accuracy<=1e-1';
    assert.deepEqual(await parse('analyze', 'model.json', ...flags.split(' ')), [
      'analyze',
      'model.json',
      {
        data: 'a.npz#x',
        labels: 'b.npz#y',
        labelColumn: 'digit',
        labelPattern: '([a-z]+)_',
        classNames: 'c.txt',
        resize: 'pad',
        input: [
          { name: 'a', data: 'x.npz#a=b' },
          { name: 'b', data: 'y.npy' },
        ],
        topology: 't.json',
        sites: ['dense_1', 'conv@2'],
        operator: 'zero',
        scale: '-1..1',
        samples: 500,
        draws: 3,
        measures: ['l1_norm', 'duplicates'],
        memoryLimit: 1.5 * 2 ** 30,
        seed: 7,
        out: 'run',
        json: true,
        backend: 'wasm',
        spec: 's.json',
        acceptChance: true,
        verbose: true,
        failIf: [
          { figure: 'max_drop', comparison: '>', bound: 0.05 },
          { figure: 'accuracy', comparison: '<=', bound: 0.1 },
        ],
      },
    ]);
  });

  it('reads every --delete of evaluate', async () => {
    const flags = '--data a.npz --delete conv:1,4-6 --delete dense_1:all --operator mean --out e --outputs';
    assert.deepEqual(await parse('evaluate', 'model.json', ...flags.split(' ')), [
      'evaluate',
      'model.json',
      {
        ...common,
        backend: 'auto',
        data: 'a.npz',
        operator: 'mean',
        out: 'e',
        outputs: true,
        delete: [
          {
            site: 'conv',
            units: [
              [1, 1],
              [4, 6],
            ],
          },
          { site: 'dense_1', units: 'all' },
        ],
      },
    ]);
  });

  it('reads every scale there is', async () => {
    for (const scale of ['auto', ...SCALES]) {
      const [, , options] = await parse('analyze', 'model.json', '--scale', scale);
      assert.equal((options as { scale: string }).scale, scale);
    }
  });

  it('leaves what is not given to the spec file', async () => {
    const [, , options] = await parse('analyze', 'model.json');
    assert.deepEqual(options, { ...common, backend: 'auto', acceptChance: false, failIf: [] });
  });

  it('trains with the experiment’s own seeds and width unless they are given', async () => {
    const own = { ...common, backend: 'auto', seed: 1, net: 'mlp', quick: false };
    assert.deepEqual(await parse('experiment', 'dropout'), ['experiment', 'dropout', own]);
    const flags =
      '--data x.npz#x --labels x.npz#y --test-data t.npz --seeds 5 --seed 0 --net convnet --width 512,64 --quick --out d';
    assert.deepEqual(await parse('experiment', 'early-stopping', ...flags.split(' ')), [
      'experiment',
      'early-stopping',
      {
        ...own,
        data: 'x.npz#x',
        labels: 'x.npz#y',
        testData: 't.npz',
        seeds: 5,
        seed: 0,
        net: 'convnet',
        width: [512, 64],
        quick: true,
        out: 'd',
      },
    ]);
  });

  it('compares with labels once, or once a model', async () => {
    const args = ['compare', 'a.json', 'b.json', '--labels', 'x', '--labels', 'y', '--orders', '3'];
    assert.deepEqual(await parse(...args), [
      'compare',
      ['a.json', 'b.json'],
      { ...common, backend: 'auto', labels: ['x', 'y'], orders: 3, points: 20 },
    ]);
  });

  it('knows inspect, doctor and export', async () => {
    assert.deepEqual(await parse('inspect', 'm.json'), ['inspect', 'm.json', { ...common, backend: 'auto' }]);
    assert.deepEqual(await parse('doctor', '--json'), [
      'doctor',
      { json: true, verbose: false, backend: 'auto' },
    ]);
    const options = { ...common, format: 'html', out: 'r.html' };
    assert.deepEqual(await parse('export', 'run', '--format', 'html', '--out', 'r.html'), [
      'export',
      'run',
      options,
    ]);
  });

  const wrong = [
    'analyze',
    'analyze m.json --seed -1',
    'analyze m.json --seed 1.5',
    'analyze m.json --samples 0',
    'analyze m.json --samples many',
    'analyze m.json --sites a,,b',
    'analyze m.json --operator median',
    'analyze m.json --scale 0..2',
    'analyze m.json --scale bgr:caffe',
    'analyze m.json --label-pattern [a-z]',
    'analyze m.json --label-pattern (a',
    'analyze m.json --resize squeeze',
    'analyze m.json --input a',
    'analyze m.json --input =x.npy',
    'analyze m.json --input a=x.npy --input a=y.npy',
    'analyze m.json --backend gpu',
    'analyze m.json --nonsense',
    'analyze m.json --fail-if speed>3',
    'compare',
    'experiment',
    'experiment nothing',
    'experiment dropout --width 512,0',
    'experiment dropout --seeds 0',
    'analyze m.json n.json',
    'export run --format xml --out x',
    'export run --format csv',
    'export run --out x',
    'nonsense',
  ];
  for (const line of wrong) {
    it(`refuses: ${line}`, async () => {
      await assert.rejects(parse(...line.split(' ')), CommanderError);
      const terminal = recorder();
      assert.equal(await run(line.split(' '), '1', commands(), terminal), 2);
      assert.match(terminal.stderr, /^error: .+/);
      assert.equal(terminal.stdout, '');
    });
  }
});

describe('exit codes', () => {
  const ended = async (error: Error | undefined, ...flags: string[]) => {
    const terminal = recorder();
    const code = await run(['doctor', ...flags], '1.2.3', commands(error), terminal);
    return { code, err: terminal.stderr };
  };

  it('0 when all went well, and for help and version', async () => {
    assert.deepEqual(await ended(undefined), { code: 0, err: '' });
    const terminal = recorder();
    assert.equal(await run(['--version'], '1.2.3', commands(), terminal), 0);
    assert.equal(terminal.stdout, '1.2.3\n');
    assert.equal(await run(['analyze', '--help'], '1.2.3', commands(), terminal), 0);
    assert.match(terminal.stdout, /--accept-chance/);
  });

  it('1 and the sentence, no stack, for a failure', async () => {
    assert.deepEqual(await ended(new Failure('x is no model.')), { code: 1, err: 'x is no model.\n' });
  });

  it('1 and how to see more for a defect; the stack with --verbose', async () => {
    const quiet = await ended(new TypeError('a is undefined'));
    assert.equal(quiet.code, 1);
    assert.match(quiet.err, /^This is a defect in Neuron Deletion: a is undefined\. .*--verbose.*\n$/);
    const verbose = await ended(new TypeError('a is undefined', { cause: new Error('below') }), '--verbose');
    assert.match(verbose.err, /program\.test\.ts/);
    assert.match(verbose.err, /caused by: Error: below/);
  });

  it('2 for wrong use, also when nothing at all is asked', async () => {
    assert.deepEqual(await ended(new UsageError('No data.')), { code: 2, err: 'No data.\n' });
    const terminal = recorder();
    assert.equal(await run([], '1', commands(), terminal), 2);
    assert.match(terminal.stderr, /Usage: neuron-deletion/);
  });

  it('130 when cancelled, and what a command asks for', async () => {
    assert.equal((await ended(new Cancelled())).code, 130);
    assert.deepEqual(await ended(new Ended('Kept.', 130)), { code: 130, err: 'Kept.\n' });
  });

  it('with --json problems are JSON lines too', async () => {
    const { err } = await ended(new Failure('x is "no" model.'), '--json');
    assert.deepEqual(JSON.parse(err), { event: 'error', message: 'x is "no" model.' });
  });
});

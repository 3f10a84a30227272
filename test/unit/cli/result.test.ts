import assert from 'node:assert/strict';
import { backendText, decimals, percent, plural, points, wrap } from '../../../src/cli/figures';
import { resultJson, resultText } from '../../../src/cli/result';
import { textTable } from '../../../src/cli/table';
import { exampleRecord, exampleTable } from '../../support/exampleRun';

describe('a table on a terminal', () => {
  const columns = [
    { head: 'site', align: 'left' },
    { head: 'n', align: 'right' },
  ] as const;

  it('aligns its columns and leaves no trailing blanks', () => {
    assert.equal(
      textTable(columns, [
        ['dense_1', '7'],
        ['é', '1,234'],
      ]),
      ['site         n', '───────  ─────', 'dense_1      7', 'é        1,234'].join('\n'),
    );
  });

  it('keeps within the width by taking the middle out of long names', () => {
    const long = `block_1/${'very_'.repeat(20)}deep/relu`;
    const lines = textTable(
      columns,
      [
        [long, '12'],
        ['b', '3'],
      ],
      40,
    ).split('\n');
    for (const line of lines) assert.ok([...line].length <= 40, line);
    assert.match(lines[2]!, /^block_1\/very_ve.*….*deep\/relu +12$/);
    assert.match(lines[3]!, /^b +3$/);
  });
});

describe('figures', () => {
  it('are rounded, with a real minus sign, and a dash where nothing was computed', () => {
    assert.equal(percent(0.9929), '99.29 %');
    assert.equal(points(0.00714), '0.71');
    assert.equal(points(-0.002), '−0.20');
    assert.equal(points(-0.000001), '0.00');
    assert.equal(points(NaN), '–');
    assert.equal(decimals(0.12345, 4), '0.1235');
    assert.equal(plural(1, 'neuron'), '1 neuron');
    assert.equal(plural(8000, 'neuron'), '8,000 neurons');
  });

  it('name the backend, and why it is not native', () => {
    const native = {
      name: 'tfjs-node',
      tensorflow: '2.21.0',
      threads: 2,
      onednn: true,
      fallback: null,
    } as const;
    assert.equal(backendText(native), 'tfjs-node (TensorFlow 2.21.0, 2 threads, oneDNN on)');
    const wasm = {
      name: 'wasm',
      tensorflow: null,
      threads: 1,
      onednn: null,
      fallback: 'No addon here.',
    } as const;
    assert.equal(backendText(wasm), 'WASM (1 thread). No addon here.');
  });

  it('stand in lines that are broken between words', () => {
    assert.equal(wrap('one two three', '  ', 8), 'one two\n  three');
    assert.equal(wrap('unbreakable', '', 4), 'unbreakable');
  });
});

describe('the result of an analysis', () => {
  const record = exampleRecord();
  const run = { record, table: exampleTable(record) };

  it('is readable at 80 columns', () => {
    for (const line of resultText(run, '/runs/one').split('\n')) assert.ok([...line].length <= 80, line);
  });

  it('names backend, baseline, scales, the ten most important neurons, the layers and the headline', () => {
    const text = resultText(run, '/runs/one');
    assert.match(text, /Backend {3}tfjs-node \(TensorFlow 2\.21\.0/);
    assert.match(text, /Baseline: 97\.00 % right \(291 of 300\), balanced 96\.80 %, loss 0\.0900 nats\./);
    assert.match(text, /Preprocessing: 0\.\.1 \(x \/ 255\), chosen automatically\. On 300 samples:/);
    assert.match(text, /^-1\.\.1 +40\.00 % +2\.4000$/m);
    assert.equal(text.match(/#\d+ +−?\d+\.\d\d\*? +/g)?.length, 10 + record.sites.length);
    assert.match(text, /Deleting the worst single neuron, conv_1 #3/);
  });

  it('says what one should know of labels and classes, and on how many samples each scale was tried', () => {
    const { candidates } = record.preprocessing;
    const fewer = [...candidates.slice(0, 2), { ...candidates[2]!, scale: 'bgr:none', samples: 64 } as const];
    const preprocessing = { ...record.preprocessing, candidates: fewer };
    const notes = ['The labels run from 1 to 3; they were counted from 0, as the model’s outputs are.'];
    const text = resultText({ ...run, record: { ...record, preprocessing, notes } }, '/runs/a');
    assert.match(text, /nats\.\nThe labels run from 1 to 3; they were counted from 0/);
    assert.match(text, /chosen automatically\. Tried:/);
    assert.match(text, /^bgr:none .* 64$/m);
    assert.ok(text.split('\n').every((line) => [...line].length <= 80));
    assert.deepEqual(resultJson({ ...run, record: { ...record, notes } }, '/runs/a')['notes'], notes);
  });

  it('is, as JSON, one object with the same figures', () => {
    const json = JSON.parse(JSON.stringify(resultJson(run, '/runs/one'))) as {
      directory: string;
      top: { site: string; unit: number; accuracy_drop: number; flips_to_wrong: number }[];
      layers: { site: string; units: number }[];
    };
    assert.equal(json.directory, '/runs/one');
    assert.equal(json.top.length, 10);
    const drops = json.top.map((unit) => unit.accuracy_drop);
    assert.deepEqual(
      drops,
      [...drops].sort((a, b) => b - a),
    );
    assert.deepEqual(
      json.layers.map((layer) => [layer.site, layer.units]),
      record.sites.map((site) => [site.name, site.units]),
    );
  });
});

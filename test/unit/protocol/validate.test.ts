import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isFromCompare, isToCompare } from '../../../src/protocol/validateCompare';
import {
  isFromInspector,
  isFromModelPage,
  isFromStudy,
  MOST_PICTURE,
  namesKnownUnits,
} from '../../../src/protocol/validateFromWebview';
import { isToInspector, isToModelPage, isToStudy } from '../../../src/protocol/validateToWebview';
import type { FromStudy, ToStudy } from '../../../src/protocol/webview';
import { syntheticDetails, syntheticInspector, syntheticStudy } from '../../webview/syntheticStudy';

const unit = { site: 'dense_1', unit: 3 };
const GUARDS = {
  isFromCompare,
  isToCompare,
  isFromStudy,
  isFromInspector,
  isFromModelPage,
  isToStudy,
  isToInspector,
  isToModelPage,
} as const;

/** Every message of a study panel. */
const FROM_STUDY: readonly FromStudy[] = [
  { type: 'ready' },
  { type: 'select', unit },
  { type: 'select', unit: null },
  { type: 'delete', unit, deleted: true },
  { type: 'setDeletion', units: [unit, { site: 'conv2d_1', unit: 0 }] },
  { type: 'restoreAll' },
  { type: 'undo' },
  { type: 'redo' },
  { type: 'saveSet', name: 'the worst ten' },
  { type: 'removeSet', name: 'the worst ten' },
  { type: 'saveWithout' },
  { type: 'hover', unit: null },
  { type: 'measure', experiment: 'noise' },
  { type: 'cancelMeasuring' },
  { type: 'addCurves' },
  { type: 'removeCurves', directory: '/runs/one' },
  { type: 'exportRun', format: 'html' },
  { type: 'savePicture', name: 'Importance', format: 'png', content: new Uint8Array(8) },
  { type: 'cancel' },
  { type: 'resume' },
  { type: 'setUpNative' },
  { type: 'showLog' },
];

describe('messages of webviews', () => {
  it('are taken as the views post them', () => {
    for (const message of FROM_STUDY) assert.ok(isFromStudy(message), message.type);
    assert.ok(isFromInspector({ type: 'delete', unit, deleted: false }));
    assert.ok(isFromModelPage({ type: 'analyze' }));
    assert.ok(isFromCompare({ type: 'openRun', directory: '/runs/one' }));
    assert.ok(isFromCompare({ type: 'measureMissing' }));
    assert.ok(isFromCompare({ type: 'exportComparison', format: 'csv' }));
    assert.equal(isFromCompare({ type: 'exportComparison', format: 'exe' }), false);
  });

  it('are refused with a field that is missing, of another kind or out of bounds', () => {
    const refused: readonly unknown[] = [
      null,
      'ready',
      {},
      { type: 'unknown' },
      { type: 'constructor' },
      { type: ['ready'] },
      { type: 'select' },
      { type: 'select', unit: { site: 'dense_1' } },
      { type: 'select', unit: { site: 'dense_1', unit: -1 } },
      { type: 'select', unit: { site: 'dense_1', unit: 0.5 } },
      { type: 'delete', unit, deleted: 'yes' },
      { type: 'delete', unit: null, deleted: true },
      { type: 'setDeletion', units: unit },
      { type: 'setDeletion', units: [unit, null] },
      { type: 'saveSet', name: '' },
      { type: 'saveSet', name: '   ' },
      { type: 'saveSet', name: 'x'.repeat(201) },
      { type: 'measure', experiment: 'pairs' },
      { type: 'removeCurves', directory: 7 },
      { type: 'exportRun', format: 'exe' },
      { type: 'savePicture', name: 'a', format: 'png', content: [137, 80] },
      { type: 'savePicture', name: 'a', format: 'gif', content: new Uint8Array(8) },
    ];
    for (const message of refused) assert.equal(isFromStudy(message), false, JSON.stringify(message));
  });

  it('are refused with a picture that is too large', () => {
    const content = new Uint8Array(8);
    Object.defineProperty(content, 'byteLength', { value: MOST_PICTURE + 1 });
    assert.equal(isFromStudy({ type: 'savePicture', name: 'a', format: 'png', content }), false);
  });

  it('may name only units that the run has', () => {
    const { sites } = syntheticStudy().record;
    const last = { site: 'dense_2', unit: 63 };
    const beyond = { site: 'dense_2', unit: 64 };
    assert.ok(namesKnownUnits({ type: 'select', unit: last }, sites));
    assert.ok(namesKnownUnits({ type: 'select', unit: null }, undefined));
    assert.ok(namesKnownUnits({ type: 'ready' }, undefined));
    assert.equal(namesKnownUnits({ type: 'select', unit: last }, undefined), false);
    assert.equal(namesKnownUnits({ type: 'hover', unit: beyond }, sites), false);
    assert.equal(namesKnownUnits({ type: 'delete', unit: beyond, deleted: true }, sites), false);
    assert.equal(namesKnownUnits({ type: 'setDeletion', units: [last, beyond] }, sites), false);
    assert.equal(namesKnownUnits({ type: 'select', unit: { site: 'constructor', unit: 0 } }, sites), false);
  });
});

describe('messages to webviews', () => {
  const state = syntheticStudy();
  const shown = syntheticInspector(state, 30, true);

  it('are taken as the host sends them', () => {
    const messages: readonly ToStudy[] = [
      { type: 'snapshot', state },
      { type: 'snapshot', state: { ...state, record: null, table: null } },
      { type: 'change', change: { selection: unit, deletion: shown.deletion, stale: 'Another file.' } },
      { type: 'change', change: { unit: { unit, details: syntheticDetails(state, 30), problem: null } } },
      { type: 'units', from: 4, rows: state.table },
      { type: 'hover', unit },
    ];
    for (const message of messages) assert.ok(isToStudy(message), message.type);
    assert.ok(isToInspector({ type: 'state', state: shown }));
    assert.ok(isToInspector({ type: 'state', state: null }));
    const nothing = { verdict: null, measuring: null, problem: 'One is gone.' };
    assert.ok(isToCompare({ type: 'comparison', state: { parts: null, ...nothing } }));
    const { record, table } = state;
    const none = { curves: null, noise: null };
    const run = { directory: '/runs/one', title: 'one', record, columns: table.columns, ...none };
    const part = { name: 'one', missing: ['noise'], begun: true, line: null, step: 3, train_accuracy: null };
    const two = {
      parts: [
        { ...part, run },
        { ...part, run: null },
      ],
      ...nothing,
    };
    assert.ok(isToCompare({ type: 'comparison', state: two }));
    assert.ok(isToCompare({ type: 'comparison', state: { ...two, falls: null } }));
    const progress = { phase: 'sweep', fraction: 0, round: 0, rounds: 2, seconds_left: null };
    const measuring = { name: 'one', kind: 'noise', done: 0, runs: 4, progress, waits: null };
    assert.ok(isToCompare({ type: 'measuring', measuring, problem: null }));
    assert.ok(isToCompare({ type: 'measuring', measuring: null, problem: 'It is gone.' }));
    assert.equal(isToCompare({ type: 'measuring', measuring: { name: 'one' }, problem: null }), false);
    assert.ok(isToModelPage({ type: 'model', state: { name: 'm', place: 'p', model: null } }));
  });

  it('are refused where a field that is drawn is of another kind', () => {
    const { table } = state;
    const refused: readonly unknown[] = [
      { type: 'snapshot', state: { ...state, title: undefined } },
      { type: 'snapshot', state: { ...state, deletion: null } },
      { type: 'snapshot', state: { ...state, record: { ...state.record, sites: 'all' } } },
      { type: 'snapshot', state: { ...state, table: { ...table, rows: table.rows + 1 } } },
      { type: 'snapshot', state: { ...state, table: { ...table, class_drop: [1, 2] } } },
      { type: 'change', change: { sets: [{ name: 'a' }] } },
      { type: 'change', change: { selection: 'dense_1' } },
      { type: 'units', from: -1, rows: table },
      { type: 'units', from: 0, rows: { ...table, columns: { ...table.columns, dead: null } } },
    ];
    refused.forEach((message, index) => assert.equal(isToStudy(message), false, `message ${index}`));
    assert.equal(isToInspector({ type: 'state', state: { ...shown, classes: [1] } }), false);
    assert.equal(isToCompare({ type: 'comparison', state: { parts: [1], problem: null } }), false);
    assert.equal(isToModelPage({ type: 'model', state: { name: 'm', place: 'p' } }), false);
  });
});

describe('guards of messages', () => {
  it('never throw, whatever arrives', () => {
    const types = [...FROM_STUDY.map(({ type }) => type), 'snapshot', 'change', 'units', 'state', 'model'];
    const fields = [
      ...['unit', 'units', 'deleted', 'name', 'format', 'content', 'directory', 'experiment'],
      ...['state', 'change', 'rows', 'from'],
    ];
    const near = fc
      .tuple(fc.constantFrom(...types), fc.dictionary(fc.constantFrom(...fields), fc.anything()))
      .map(([type, rest]) => ({ ...rest, type }));
    fc.assert(
      fc.property(fc.oneof(near, fc.anything({ withTypedArray: true, withNullPrototype: true })), (data) => {
        for (const guard of Object.values(GUARDS)) assert.equal(typeof guard(data), 'boolean');
      }),
      { numRuns: 2000 },
    );
  });

  it('refuse a state with any one field broken, or take it as harmless, and never throw', () => {
    const state = syntheticStudy({ sites: [{ name: 'a', units: 2, shape: [2], kind: 'dense' }] });
    const keys = Object.keys(state).filter((key) => key !== 'stale') as (keyof typeof state)[];
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.anything(), (key, value) => {
        const taken = isToStudy({ type: 'snapshot', state: { ...state, [key]: value } });
        if (typeof value === 'number' || typeof value === 'boolean') assert.equal(taken, false, key);
      }),
      { numRuns: 1000 },
    );
  });
});

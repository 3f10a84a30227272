import assert from 'node:assert/strict';
import { CurveRuns, sameStudy, type RunSource } from '../../../src/host/curveRuns';
import { Emitter } from '../../../src/host/emitter';
import { Study } from '../../../src/host/study';
import type { StoredExperiment, StoredRun } from '../../../src/protocol/engine';
import type { RunRecord } from '../../../src/protocol/run';
import { emptyUnitTable } from '../../../src/protocol/units';
import type { RunEntry } from '../../../src/runs/runRecord';
import { exampleRecord } from '../../support/exampleRun';
import { curveRun, noiseRun } from '../../webview/syntheticCurves';

const analysis = exampleRecord();
const { curves } = curveRun().record;
const { noise } = noiseRun().record;

/** A record of curves on the example's model and data. */
function curvesRecord(change: Partial<RunRecord> = {}): RunRecord {
  return exampleRecord({ curves: curves!, created: '2026-11-23T14:00:00.000Z', ...change });
}

/** A workspace in memory: records by directory, and how often each was read. */
class Workspace implements RunSource {
  readonly records = new Map<string, RunRecord>();
  readonly reads: string[] = [];
  broken = '';

  list(): Promise<readonly RunEntry[]> {
    return Promise.resolve(
      [...this.records].map(([directory, record]) => ({ directory, record, problem: null })),
    );
  }

  read(directory: string): Promise<StoredRun> {
    this.reads.push(directory);
    if (directory === this.broken) return Promise.reject(new Error('It is damaged.'));
    const record = this.records.get(directory)!;
    const experiment: StoredExperiment =
      record.curves === undefined ? { name: 'noise', rows: [] } : { name: 'curves', rows: [] };
    return Promise.resolve({ record, table: emptyUnitTable(0, 0), experiment });
  }

  explain(thrown: unknown): string {
    return thrown instanceof Error ? thrown.message : 'unknown';
  }
}

/** Waits until a study shows runs, told by their directories. */
async function shows(study: Study, directories: readonly string[]): Promise<void> {
  for (let turn = 0; turn < 300; turn++) {
    const now = study.state.curves.runs.map(({ directory }) => directory);
    if (JSON.stringify(now) === JSON.stringify(directories)) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.deepEqual(
    study.state.curves.runs.map(({ directory }) => directory),
    directories,
  );
}

describe('the curves beside a study', () => {
  let workspace: Workspace;
  let memory: Map<string, unknown>;
  let studies: Study[];
  let changes: Emitter<Study>;
  let finder: CurveRuns;

  /** Opens a study with that record, as the registry of studies does. */
  const open = (directory: string, record: RunRecord): Study => {
    const study = new Study(directory, 'a study');
    study.onDidPost(() => changes.fire(study));
    studies.push(study);
    study.load({ record, table: emptyUnitTable(17, 3) });
    return study;
  };
  const start = (): CurveRuns =>
    new CurveRuns({ all: () => studies, onDidChange: changes.event }, workspace, {
      get: (key) => memory.get(key),
      update: (key, value) => {
        memory.set(key, value);
        return Promise.resolve();
      },
    });

  beforeEach(() => {
    workspace = new Workspace();
    memory = new Map();
    studies = [];
    changes = new Emitter();
    finder = start();
  });
  afterEach(() => {
    finder.dispose();
    for (const study of studies) study.dispose();
  });

  it('are the runs of curves and noise of its own model and data, the oldest first', async () => {
    workspace.records
      .set('/runs/analysis', analysis)
      .set('/runs/noise', exampleRecord({ noise: noise!, created: '2026-11-23T15:00:00.000Z' }))
      .set('/runs/curves', curvesRecord())
      .set('/runs/other-model', curvesRecord({ model: { ...analysis.model, sha256: 'e'.repeat(64) } }))
      .set('/runs/other-labels', curvesRecord({ spec: { ...analysis.spec, labels: '/data/test.npz#z' } }));
    const study = open('/runs/analysis', analysis);
    await shows(study, ['/runs/curves', '/runs/noise']);
    assert.ok(study.state.curves.runs.every(({ own }) => own));
    assert.deepEqual(workspace.reads.sort(), ['/runs/curves', '/runs/noise'], 'nothing else is read');
  });

  it('come and grow as they are written, each read only when it changed', async () => {
    workspace.records.set('/runs/a', curvesRecord());
    const study = open('/runs/analysis', analysis);
    await shows(study, ['/runs/a']);
    workspace.records.set(
      '/runs/b',
      curvesRecord({ created: '2026-11-23T16:00:00.000Z', status: 'running' }),
    );
    finder.update();
    await shows(study, ['/runs/a', '/runs/b']);
    workspace.records.delete('/runs/a');
    finder.update();
    await shows(study, ['/runs/b']);
    const before = study.state.curves.runs[0]!.experiment;
    workspace.records.set('/runs/b', {
      ...curvesRecord({ created: '2026-11-23T16:00:00.000Z', status: 'complete' }),
      seconds: 99,
    });
    finder.update();
    for (let turn = 0; turn < 300 && study.state.curves.runs[0]!.experiment === before; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    assert.equal(study.state.curves.runs[0]!.record.status, 'complete');
    assert.deepEqual(workspace.reads, ['/runs/a', '/runs/b', '/runs/b']);
  });

  it('have others laid beside them, which are remembered and can be taken away', async () => {
    const other = curvesRecord({ model: { ...analysis.model, sha256: 'e'.repeat(64) } });
    workspace.records
      .set('/runs/other', other)
      .set('/runs/own', curvesRecord({ created: '2026-11-23T18:00:00.000Z' }));
    const study = open('/runs/analysis', analysis);
    await shows(study, ['/runs/own']);
    assert.deepEqual(
      (await finder.others(study)).map(({ directory }) => directory),
      ['/runs/other'],
    );
    finder.add(study, '/runs/other');
    await shows(study, ['/runs/other', '/runs/own']);
    assert.deepEqual(
      study.state.curves.runs.map(({ own }) => own),
      [false, true],
    );
    finder.dispose();
    study.dispose();
    studies = [];
    finder = start();
    const again = open('/runs/analysis', analysis);
    await shows(again, ['/runs/other', '/runs/own']);
    finder.remove(again, '/runs/other');
    await shows(again, ['/runs/own']);
  });

  it('of a run that is itself one of curves are itself', async () => {
    workspace.records.set('/runs/a', curvesRecord()).set('/runs/b', curvesRecord());
    const study = open('/runs/b', curvesRecord());
    await shows(study, ['/runs/b']);
  });

  it('say what went wrong in a sentence', async () => {
    workspace.records.set('/runs/a', curvesRecord());
    workspace.broken = '/runs/a';
    const study = open('/runs/analysis', analysis);
    for (let turn = 0; turn < 300 && study.state.curves.problem === null; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    assert.equal(study.state.curves.problem, 'It is damaged.');
  });

  it('are told by model, data and the arrays in it', () => {
    assert.ok(sameStudy(analysis, curvesRecord()));
    assert.ok(!sameStudy(analysis, curvesRecord({ data: { ...analysis.data, sha256: 'd'.repeat(64) } })));
    assert.ok(
      !sameStudy(analysis, curvesRecord({ spec: { ...analysis.spec, data: '/data/test.npz#other' } })),
    );
  });
});

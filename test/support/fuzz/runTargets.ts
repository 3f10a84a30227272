import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readRun } from '../../../src/runs/readRun';
import { RunWriter } from '../../../src/runs/runWriter';
import { writeReport } from '../../../src/runs/report';
import { examplePiece, exampleRecord, exampleTable } from '../exampleRun';
import type { Target } from './targets';

/** What is kept of runs: the record, the table of units and the journal. */
export const runTargets: readonly Target[] = [
  {
    name: 'run',
    parts: async (scratch) => {
      const folder = join(scratch, 'run');
      const writer = await RunWriter.create(folder, exampleRecord());
      for (const piece of [examplePiece(0, 0, 8, 0), examplePiece(1, 0, 5, 1)]) await writer.append(piece);
      await writer.writeUnits(exampleRecord(), exampleTable());
      await writer.close();
      const names = (await readdir(folder)).filter((name) => /\.(json|arrows?)$/.test(name));
      const files = names.map(async (name) => [`run/${name}`, await readFile(join(folder, name))] as const);
      return Object.fromEntries(await Promise.all(files));
    },
    read: [
      (folder) => readRun(join(folder, 'run')),
      (folder) => writeReport(join(folder, 'run'), join(folder, 'report.html')),
      async (folder) => {
        const { writer } = await RunWriter.resume(join(folder, 'run'));
        await writer.close();
      },
    ],
  },
];

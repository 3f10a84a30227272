import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import type { OracleAnswer, OracleMethod, OracleRequests } from './messages';

/** The oracle's process, as tests see it. */
export class Oracle {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, { resolve: (v: never) => void; reject: (e: Error) => void }>();
  private next = 1;

  constructor() {
    this.child = fork(path.join(__dirname, 'main.ts'), [], {
      execArgv: ['--import', 'tsx'],
      serialization: 'advanced',
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let errors = '';
    this.child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    this.child.on('message', (answer: OracleAnswer) => {
      const waiter = this.waiting.get(answer.id);
      this.waiting.delete(answer.id);
      if ('error' in answer) waiter?.reject(new Error(`The oracle failed: ${answer.error}`));
      else waiter?.resolve(answer.value as never);
    });
    this.child.on('exit', () => {
      for (const { reject } of this.waiting.values())
        reject(new Error(`The oracle's process ended: ${errors}`));
      this.waiting.clear();
    });
  }

  /** Asks one thing of the oracle. */
  ask<M extends OracleMethod>(
    method: M,
    params: OracleRequests[M]['params'],
  ): Promise<OracleRequests[M]['result']> {
    return new Promise((resolve, reject) => {
      const id = this.next++;
      this.waiting.set(id, { resolve, reject });
      this.child.send({ id, method, params }, (error) => {
        if (error !== null) reject(error);
      });
    });
  }

  /** Ends the process. */
  close(): Promise<void> {
    if (this.child.exitCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      this.child.once('exit', () => resolve());
      this.child.disconnect();
    });
  }
}

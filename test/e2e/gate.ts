import fs from 'node:fs';
import path from 'node:path';

/** More rounds than any study of the tests has. */
const ALL_ROUNDS = 64;

/** Lets a test hold the engine between two rounds (NEURON_DELETION_GATE); open unless held. */
export class Gate {
  constructor(readonly folder: string) {
    fs.mkdirSync(folder, { recursive: true });
    this.open();
  }

  /** From now on the engine waits after each round that is not let go. */
  hold(): void {
    for (const name of fs.readdirSync(this.folder)) fs.rmSync(path.join(this.folder, name));
  }

  /** Lets the engine go on after round `round` (counted from 1). */
  release(round: number): void {
    fs.writeFileSync(path.join(this.folder, `round-${round}`), '');
  }

  /** Nothing waits. */
  open(): void {
    for (let round = 1; round <= ALL_ROUNDS; round++) this.release(round);
  }
}

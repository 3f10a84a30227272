/** Where a command reads its surroundings and writes its answers; a real terminal, or a test's. */
export interface Terminal {
  /** Folder that relative paths are meant from. */
  readonly cwd: string;
  /** Results. */
  out(text: string): void;
  /** Progress and problems. */
  err(text: string): void;
  /** Where a progress bar can be drawn; null when stderr is no screen. */
  readonly screen: NodeJS.WritableStream | null;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
}

/** What every command takes. */
export interface CommonOptions {
  /** Machine-readable: JSON lines on stderr, one JSON object as the last line of stdout. */
  readonly json: boolean;
  /** The engine's log and the stack of an unexpected error on stderr. */
  readonly verbose: boolean;
}

/** Wrong use of the command line: exit code 2. `message` is one sentence. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** An end that is no error but must be seen by scripts: its exit code, after all is said. */
export class Ended extends Error {
  override readonly name = 'Ended';
  constructor(
    message: string,
    readonly code: number,
  ) {
    super(message);
  }
}

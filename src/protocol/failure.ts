/**
 * A failure whose cause is the user's to know: bad input, a missing file, a format not read yet.
 * `message` is one plain sentence: what is wrong, in which file, what to do. It is shown as it stands.
 * Anything thrown that is not a `Failure` is a defect of ours and is reported as such, with the log.
 */
export class Failure extends Error {
  override readonly name = 'Failure';

  /**
   * @param message one sentence for the user
   * @param options `file` the file it is about, `cause` the error behind it (for the log only)
   */
  constructor(message: string, options: { readonly file?: string; readonly cause?: unknown } = {}) {
    super(oneLine(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.file = options.file;
  }

  readonly file: string | undefined;
}

/** The longest sentence (characters). */
const LONGEST = 700;
/** Ends of lines and what else is not seen, marks that turn the direction of writing among it. */
const UNSEEN = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu;

/** Names that a sentence takes from a file may hold anything and be of any length: it stays one line of bounded length. */
function oneLine(message: string): string {
  const short =
    message.length <= LONGEST ? message : `${message.slice(0, LONGEST - 250)} … ${message.slice(-240)}`;
  return short.replace(UNSEEN, ' ');
}

/** Thrown when the user cancelled; never shown as an error. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
  constructor() {
    super('Cancelled.');
  }
}

/** A failure as it crosses a process boundary. `known` tells a {@link Failure} from a defect. */
export interface FailureData {
  readonly message: string;
  readonly known: boolean;
  readonly cancelled: boolean;
  readonly file?: string;
  /** For the log, never for the screen. */
  readonly stack?: string;
}

/** Packs anything thrown for the wire. */
export function packFailure(thrown: unknown): FailureData {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const stacks: string[] = [];
  for (let at: unknown = error; at instanceof Error; at = at.cause) stacks.push(at.stack ?? at.message);
  return {
    message: error.message,
    known: error instanceof Failure,
    cancelled: error instanceof Cancelled,
    ...(error instanceof Failure && error.file !== undefined ? { file: error.file } : {}),
    stack: stacks.join('\ncaused by: '),
  };
}

/** The inverse of {@link packFailure}. */
export function unpackFailure(data: FailureData): Error {
  if (data.cancelled) return new Cancelled();
  const error = data.known
    ? new Failure(data.message, data.file === undefined ? {} : { file: data.file })
    : new Error(data.message);
  if (data.stack !== undefined) error.stack = data.stack;
  return error;
}

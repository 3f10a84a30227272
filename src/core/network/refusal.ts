import { Failure } from '../../protocol/failure';
import type { NetworkOutput, Operation } from './network';

/** What was read of a model before it was clear that it cannot be analysed. */
export interface KnownOfModel {
  /** For people: `TensorFlow.js layers model`. */
  readonly format?: string;
  readonly producer?: string | null;
  /** A command for the terminal that makes of it a model that is read. */
  readonly command?: string;
  /** Those that its description lists. */
  readonly layers?: readonly { readonly name: string; readonly type: string }[];
  /** The whole network; its tensors may be gone. */
  readonly operations?: readonly Operation[];
  readonly outputs?: readonly NetworkOutput[];
}

/** Why a model cannot be analysed, with what is known of it all the same. */
export class Refusal extends Failure {
  constructor(
    failure: Failure,
    readonly known: KnownOfModel,
  ) {
    super(failure.message, {
      cause: failure.cause ?? failure,
      ...(failure.file === undefined ? {} : { file: failure.file }),
    });
  }
}

/** Adds what is known of a model to the failure to read it; anything else that was thrown stays as it is. */
export function withKnown(thrown: unknown, known: KnownOfModel): unknown {
  if (!(thrown instanceof Failure)) return thrown;
  return new Refusal(thrown, thrown instanceof Refusal ? { ...known, ...thrown.known } : known);
}

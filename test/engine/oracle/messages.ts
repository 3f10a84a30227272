import type { Fixture } from '../../support/models';
import type { FixtureName } from '../../support/architectures';
import type { RandomSite } from '../../support/randomNetworks';
import type { SeveralInputsName } from '../../support/severalInputs';
import type { InputKind } from '../../support/randomStages';
import type { OracleInput, Outcome, Place, UnitActivity, UnitOutcome } from './maskOracle';

/** A random network, saved, and what is known of it by construction. */
export interface RandomFixture extends Fixture {
  readonly sites: readonly RandomSite[];
  readonly description: string;
  /** Index of the output that holds the class scores. */
  readonly scores: number;
}

/** What can be asked of the oracle's process: parameters and answer. */
export interface OracleRequests {
  /** Builds and saves a fixture (see `saveFixture`). */
  fixture: {
    params: {
      name: FixtureName | SeveralInputsName;
      directory: string;
      samples?: number;
      seed?: number;
    };
    result: Fixture;
  };
  /** Builds and saves the random network of a seed. */
  random: {
    params: { seed: number; kind?: InputKind; directory: string; samples: number };
    result: RandomFixture;
  };
  /** RGB pixels of JPEG files of one size, `[files, height, width, 3]`. */
  decode: {
    params: readonly string[];
    result: { pixels: Uint8Array; shape: number[] };
  };
  /** Opens a model on data; everything below is about it, until the next `open`. */
  open: { params: OracleInput; result: { classes: number; baseline: Outcome } };
  stockScores: { params: null; result: Float32Array };
  maskedScores: {
    params: { at: string | null; units: readonly number[] };
    result: Float32Array;
  };
  run: { params: readonly Place[]; result: Outcome };
  units: { params: Place; result: UnitOutcome[] };
  values: { params: { at: string }; result: { values: Float32Array; shape: number[] } };
  activity: { params: { at: string }; result: UnitActivity[] };
  weights: {
    params: null;
    result: { name: string; shape: number[]; values: Float32Array }[];
  };
  tensors: { params: null; result: number };
}

export type OracleMethod = keyof OracleRequests;

/** Answer of the oracle's process to request `id`. */
export type OracleAnswer =
  { readonly id: number; readonly value: unknown } | { readonly id: number; readonly error: string };

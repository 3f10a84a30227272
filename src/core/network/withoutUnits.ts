import { add, mul, tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Algebra, Loop, Network, Operation } from './network';

/** Units of an operation that are gone for good. */
export interface LostUnits {
  /** Id of the operation. */
  readonly id: string;
  /** `[units]`: 1 where lost. */
  readonly mask: Float32Array;
  /** What they are clamped to: `[1, …shape]`, with axes of 1 where all along them is alike. */
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/**
 * A network in which some units are clamped for good, so that sites, sweeps and everything else work on what is left.
 * Behind each operation stands one more, `<id>/deleted`, that clamps its lost units; a recurrent operation clamps them
 * itself, at every step. Ids stay as they are. The new network runs as long as the old one's weights live.
 */
export function withoutUnits(network: Network, lost: readonly LostUnits[]): Network {
  const byId = new Map(lost.map((one) => [one.id, one]));
  const renamed = new Map<string, string>();
  const operations = network.operations.flatMap((operation): Operation[] => {
    const inputs = operation.inputs.map((id) => renamed.get(id) ?? id);
    const own = { ...operation, inputs, run: operation.run.bind(operation) };
    const gone = byId.get(operation.id);
    if (gone === undefined) return [own];
    if (operation.loop !== undefined) return [recurrent(own, operation.loop, gone)];
    const id = `${operation.id}/deleted`;
    renamed.set(operation.id, id);
    return [own, deletion(operation, id, gone)];
  });
  return { ...network, operations, dispose: () => undefined };
}

function deletion(operation: Operation, id: string, lost: LostUnits): Operation {
  return {
    id,
    name: id,
    type: 'Deleted',
    inputs: [operation.id],
    shape: operation.shape,
    algebra: algebraOf(lost),
    makes: null,
    hindrance: null,
    run: ([input]) => clamped(input!, lost, null),
  };
}

/** x · (1 − mask) + value · mask a channel; opaque where the value is not alike at all positions. */
function algebraOf({ mask, shape, values }: LostUnits): Algebra {
  if (shape.slice(1, -1).some((size) => size !== 1)) return { kind: 'opaque' };
  const scale = mask.map((one) => 1 - one);
  const offset = mask.map((one, unit) => one * values[values.length === 1 ? 0 : unit]!);
  return { kind: 'affine', scale, offset: offset.every((value) => value === 0) ? null : offset };
}

function recurrent(operation: Operation, loop: Loop, lost: LostUnits): Operation {
  const clampedLoop: Loop = (inputs, each) =>
    loop(inputs, (state, step) => clamped(each(state, step), lost, step));
  return {
    ...operation,
    loop: clampedLoop,
    run: (inputs) => loop(inputs, (state, step) => clamped(state, lost, step)),
  };
}

/** @param step of a state `[batch, units]`; null for the whole value */
function clamped(value: Tensor, { mask, shape, values }: LostUnits, step: number | null): Tensor {
  return tidy(() => {
    const spread = [...value.shape.slice(0, -1).map(() => 1), mask.length];
    const kept = mul(
      value,
      tensor(
        mask.map((one) => 1 - one),
        spread,
      ),
    );
    if (values.every((one) => one === 0)) return kept;
    return add(kept, mul(replacementAt(shape, values, step), tensor(mask, spread)));
  });
}

function replacementAt(shape: readonly number[], values: Float32Array, step: number | null): Tensor {
  if (step === null) return tensor(values, [...shape]);
  const [, steps = 1, units = 1] = shape;
  const at = steps === 1 ? 0 : step;
  return tensor(values.slice(at * units, (at + 1) * units), [1, units]);
}

import assert from 'node:assert/strict';
import { Failure } from '../../src/protocol/failure';

/** Asserts that a promise is rejected with a {@link Failure} whose sentence matches. */
export async function failsWith(promise: Promise<unknown>, sentence: RegExp): Promise<void> {
  const failure: unknown = await promise.then(
    () => assert.fail(`Succeeded instead of failing with ${String(sentence)}.`),
    (thrown: unknown) => thrown,
  );
  assert.ok(failure instanceof Failure, `Not a failure for people: ${String(failure)}`);
  assert.match(failure.message, sentence);
  assert.match(failure.message, /^[^\n]+\.$/);
}

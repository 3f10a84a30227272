import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { Failure } from '../../src/protocol/failure';

/** Asserts that something fails with one plain sentence that names the file. */
export async function saysWhatIsWrong(promise: Promise<unknown>, file: string, what: RegExp): Promise<void> {
  const thrown: unknown = await promise.then(
    () => assert.fail(`${file} was read`),
    (error: unknown) => error,
  );
  assert.ok(thrown instanceof Failure, thrown instanceof Error ? (thrown.stack ?? '') : String(thrown));
  const { message } = thrown;
  assert.match(message, what);
  assert.ok(message.includes(basename(file)), `does not name ${basename(file)}: ${message}`);
  assert.match(message, /^[^\n\r]+\.$/);
  assert.doesNotMatch(message, /undefined|\[object|Error:|    at /);
  assert.ok(message.length - file.length < 400, `${message.length} characters: ${message}`);
}

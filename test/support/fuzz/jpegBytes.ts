import { readFile } from 'node:fs/promises';
import createEncoder from '@jsquash/jpeg/codec/enc/mozjpeg_enc.js';
import { defaultOptions } from '@jsquash/jpeg/meta.js';

/** What we use of the encoder; its own types lean on global ones that the package does not give. */
interface Encoder {
  encode(rgba: Uint8ClampedArray, width: number, height: number, options: object): Uint8Array;
}
const makeEncoder = createEncoder as unknown as (options: object) => Promise<Encoder>;

/** A JPEG file of red, green, blue and alpha bytes. */
export async function jpegBytes(
  width: number,
  height: number,
  rgba: Uint8Array,
  progressive: boolean,
): Promise<Uint8Array> {
  const wasmBinary = await readFile(require.resolve('@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm'));
  const encoder = await makeEncoder({ noInitialRun: true, wasmBinary });
  const encoded = encoder.encode(Uint8ClampedArray.from(rgba), width, height, {
    ...defaultOptions,
    progressive,
  });
  return new Uint8Array(encoded);
}

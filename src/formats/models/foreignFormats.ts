import { basename } from 'node:path';
import { Refusal } from '../../core/network/refusal';
import { Failure } from '../../protocol/failure';
import { formatName } from './formatNames';
import { readVarint } from '../varint';
import type { ModelFormat } from './modelFormat';

/** Formats that are recognised and not read. */
type Foreign = Extract<
  ModelFormat,
  'saved-model' | 'frozen-graph' | 'tflite' | 'onnx' | 'pytorch' | 'pickle' | 'safetensors'
>;

/**
 * Tells a model format of others by a file's first bytes; null: none of them.
 * @param size of the whole file, in bytes
 */
export function foreignFormat(start: Uint8Array, size: number, name: string): Foreign | null {
  const text = Buffer.from(start).toString('latin1');
  if (text.slice(4, 8) === 'TFL3') return 'tflite';
  if (/^saved_model\.pb(txt)?$/.test(name)) return 'saved-model';
  if (/^\x80[\x02-\x05]/.test(text))
    return text.includes('\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.') ? 'pytorch' : 'pickle';
  if (isSafetensors(text, start, size)) return 'safetensors';
  if (isOnnx(start)) return 'onnx';
  // A GraphDef begins with a node, whose name comes first.
  const isGraph = start[0] === 0x0a && start[2] === 0x0a && /\x12.(Const|Placeholder|NoOp)/.test(text);
  return isGraph ? 'frozen-graph' : null;
}

/** Eight bytes of length, then that much JSON. */
function isSafetensors(text: string, start: Uint8Array, size: number): boolean {
  if (start.length < 10 || text[8] !== '{') return false;
  const length = new DataView(start.buffer, start.byteOffset).getBigUint64(0, true);
  return length > 1n && length + 8n <= BigInt(size) && /^\{\s*("|\})/.test(text.slice(8));
}

/** Fields of ONNX's ModelProto that are numbers, and those that are of a length that is told. */
const NUMBERS = new Set([1, 5]);
const WITH_LENGTH = new Set([2, 3, 4, 6, 7, 8, 14, 20, 25]);

/** Does the file begin like ONNX's ModelProto: a small `ir_version`, then fields it has, one of them the graph? */
function isOnnx(start: Uint8Array): boolean {
  if (start[0] !== 0x08) return false;
  const cursor = { at: 0 };
  try {
    for (let fields = 0; fields < 16; fields++) {
      const tag = readVarint(start, cursor);
      const field = Math.floor(tag / 8);
      const wire = tag % 8;
      const isKnown = wire === 0 ? NUMBERS.has(field) : wire === 2 && WITH_LENGTH.has(field);
      if (!isKnown) return false;
      const value = readVarint(start, cursor);
      if (field === 1 && value > 64) return false;
      if (field === 7) return fields > 0;
      if (wire === 2) cursor.at += value;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return false;
}

/** What a format is, what to do, and the command that makes of it a model that is read; `name` in quotes. */
const CONVERSIONS: Readonly<
  Record<Foreign, (name: string) => readonly [what: string, todo: string, command: string]>
> = {
  'saved-model': (name) => [
    'a TensorFlow SavedModel',
    'convert it with:',
    `tensorflowjs_converter --input_format=tf_saved_model --output_format=tfjs_graph_model ${name} web_model`,
  ],
  'frozen-graph': (name) => [
    'a frozen TensorFlow graph',
    'convert it with:',
    `tensorflowjs_converter --input_format=tf_frozen_model --output_node_names=OUTPUT ${name} web_model`,
  ],
  tflite: (name) => [
    'a TensorFlow Lite model',
    'open the Keras model or SavedModel it was made from, or convert it with:',
    `python -m tf2onnx.convert --tflite ${name} --output model.onnx && onnx2tf -i model.onnx -o saved_model && tensorflowjs_converter --input_format=tf_saved_model saved_model web_model`,
  ],
  onnx: (name) => [
    'an ONNX model',
    'convert it with:',
    `onnx2tf -i ${name} -o saved_model && tensorflowjs_converter --input_format=tf_saved_model saved_model web_model`,
  ],
  pytorch: () => [
    'a PyTorch model',
    'load it in Python and convert it with:',
    `python -c 'import torch; torch.onnx.export(model, example_input, "model.onnx")' && onnx2tf -i model.onnx -o saved_model && tensorflowjs_converter --input_format=tf_saved_model saved_model web_model`,
  ],
  pickle: () => [
    'a Python pickle, which is never loaded because that runs code',
    'save the model itself from Python, with Keras by:',
    'model.save("model.keras")',
  ],
  safetensors: () => [
    'weights in safetensors, without the model they belong to',
    'load them in Python and save the whole model, with Keras by:',
    'model.save("model.keras")',
  ],
};

/** A file's name for a command line, where nothing in it is to be run. */
function quoted(name: string): string {
  return /["$`\\!%]/.test(name) ? `'${name.replaceAll("'", `'\\''`)}'` : `"${name}"`;
}

/** Says what a file is that is not read, and the command that converts it; null for formats that are read. */
export function conversionAdvice(file: string, format: ModelFormat): Refusal | null {
  if (!(format in CONVERSIONS)) return null;
  const [what, todo, command] = CONVERSIONS[format as Foreign](quoted(basename(file)));
  const failure = new Failure(`${file} is ${what}, which is not read; ${todo} ${command}.`, { file });
  return new Refusal(failure, { format: formatName(format), command });
}

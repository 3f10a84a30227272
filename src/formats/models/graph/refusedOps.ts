import { Failure } from '../../../protocol/failure';
import type { GraphNode } from './graphDef';

/** Operations that make a graph impossible to analyse, and why: a sentence without a subject. */
const REFUSED: readonly (readonly [ops: RegExp, why: string])[] = [
  [
    /^(Switch|Merge|Enter|Exit|NextIteration|LoopCond|(Stateless)?(If|While)|TensorArray.*|TensorList.*|EmptyTensorList|(Stateful)?PartitionedCall)$/,
    'has loops or branches, which cannot be analysed; if they come from recurrent layers, use the Keras file or a layers model',
  ],
  [
    /^(NonMaxSuppression.*|Where|Unique.*|ListDiff|Sparse.*|Ragged.*|BooleanMask)$/,
    'makes values whose size depends on the data, which cannot be analysed',
  ],
  [
    /^(.*HashTable.*|.*LookupTable.*|InitializeTable.*|SimpleML.*)$/,
    'looks things up in a table, which cannot be analysed',
  ],
  [
    /^(.*String.*|.*Regex.*|DecodeBase64|EncodeBase64|DecodeJpeg|DecodePng)$/,
    'works on text or encoded images, which cannot be analysed',
  ],
  [
    /^(Random.*|StatelessRandom.*|Multinomial|TruncatedNormal|Stateless.*Normal)$/,
    'draws random numbers, which cannot be analysed',
  ],
  [
    /^(FFT|IFFT|RFFT|IRFFT|Complex|ComplexAbs|Real|Imag)$/,
    'computes with complex numbers, which cannot be analysed',
  ],
  [
    /^(VarHandleOp|ReadVariableOp|VariableV2|Variable|Assign.*)$/,
    'has weights that were not frozen; convert it again with tensorflowjs_converter',
  ],
];

/** @throws Failure if a graph with this node cannot be analysed */
export function refuseOperation({ op, name, attributes }: GraphNode, file: string): void {
  if (op.startsWith('FusedBatchNorm') && attributes.flag('is_training')) {
    throw new Failure(
      `${file} normalises with the statistics of the samples at hand, which TensorFlow.js cannot do (${op} in ${name}).`,
      { file },
    );
  }
  const why = REFUSED.find(([ops]) => ops.test(op))?.[1];
  if (why !== undefined) throw new Failure(`${file} ${why} (${op} in ${name}).`, { file });
}

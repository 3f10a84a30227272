import { tidy, type Tensor } from '@tensorflow/tfjs-core';
import { Failure } from '../../../protocol/failure';
import { firstSentence } from '../firstSentence';
import { claimedElements, MOST_ELEMENTS } from './claimedSize';
import type { GraphNode } from './graphDef';
import type { NodeRunner } from './nodeRunner';
import { BATCHES, sizeAt, type Value } from './values';

/** What is said when a node cannot be run. */
export interface TrialContext {
  readonly file: string;
  /** A batch size that an input of the file is fixed to; null where all are free. */
  readonly fixedBatch: number | null;
}

/** Which of a node's outputs is tried, and how. */
export interface Trial {
  readonly node: GraphNode;
  readonly runner: NodeRunner;
  readonly inputs: readonly Value[];
  readonly output: number;
}

/**
 * Runs a node on what is known of its inputs, unless it asks for too much memory.
 * @param index which of {@link BATCHES} the samples are
 * @returns a tensor of its own
 * @throws Failure if it cannot be run, or is too large
 */
export function tryNode(
  { node, runner, inputs, output }: Trial,
  index: number,
  context: TrialContext,
): Tensor {
  const { file } = context;
  try {
    return tidy(() => {
      const read = inputs.map((each) => {
        if (each.kind === 'data') return each.probes[index]!;
        return each.kind === 'constant' ? each.tensor : sizeAt(each, BATCHES[index]!);
      });
      const claimed = claimedElements(node, read);
      if (!(claimed <= MOST_ELEMENTS)) {
        throw new Failure(
          `${file} makes a value of ${claimed} numbers in ${node.title} (${node.op}), which is too large.`,
          { file },
        );
      }
      const made = runner.run(read, output);
      return read.includes(made) ? made.clone() : made;
    });
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw trialFailure(node, inputs, cause, context);
  }
}

function trialFailure(
  { title, op }: GraphNode,
  inputs: readonly Value[],
  cause: unknown,
  { file, fixedBatch }: TrialContext,
): Failure {
  const message = cause instanceof Error ? cause.message : String(cause);
  const target = inputs[1];
  const isBuiltIn =
    op === 'Reshape' && target?.kind === 'constant' && !target.tensor.dataSync<'float32'>().includes(-1);
  if (fixedBatch !== null || isBuiltIn) {
    return new Failure(
      `${file} has the number of samples built in (at ${title}), so that several cannot be run at once; convert it again with an input whose first size is None.`,
      { file, cause },
    );
  }
  if (/not registered for backend 'wasm'|^wasm backend /.test(message)) {
    return new Failure(
      `${file} uses the operation ${op} (${title}), which WebAssembly cannot run: run “Neuron Deletion: Set Up Native TensorFlow” (npm run setup in the repository).`,
      { file, cause },
    );
  }
  const what = /Unknown op|is not registered|not supported/i.test(message)
    ? `uses the operation ${op} (${title}), which TensorFlow.js cannot run here`
    : `is damaged or cannot be run (${op} in ${title})`;
  return new Failure(`${file} ${what}: ${firstSentence(message)}`, { file, cause });
}

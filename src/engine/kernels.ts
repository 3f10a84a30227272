import { availableParallelism } from 'node:os';
import { KernelPool } from '../core/kernels/kernelPool';
import type { BackendOptions } from './backend';
import { readKernels } from './kernelFile';

/** Starts the kernels on all cores; null, with a word in the log, where they cannot be had. */
export async function startKernels(log: BackendOptions['log']): Promise<KernelPool | null> {
  const bytes = readKernels();
  if (bytes === null) {
    log('warn', 'The WebAssembly kernels are missing: everything is computed by TensorFlow, more slowly.');
    return null;
  }
  try {
    return await KernelPool.start(bytes, availableParallelism());
  } catch (error) {
    log(
      'warn',
      `The WebAssembly kernels do not start (${(error as Error).message}): computing without them.`,
    );
    return null;
  }
}

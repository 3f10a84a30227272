/** The WebAssembly kernels, on a pool of threads with one shared memory. */
export interface KernelPool {
  readonly threads: number;
}

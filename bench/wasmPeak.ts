import { Control } from '../src/core/control';
import { KernelPool } from '../src/core/kernels/kernelPool';

/** Chunks of work, and rounds of multiplications in each. */
const CHUNKS = 64;
const ROUNDS = 2_000_000;
const ACCUMULATORS = 8;
const LANES = 4;
const TRIES = 3;

/** Multiplies and adds in registers alone, which is the most that a kernel with 128-bit vectors can reach. */
const SOURCE = `
export function peak(chunk: u32, scratch: usize, rounds: u32): void {
  const factor = f32x4.splat(<f32>0.5);
  ${each((k) => `let sum${k} = f32x4.splat(<f32>${k});`)}
  for (let round: u32 = 0; round < rounds; round++) {
    ${each((k) => `sum${k} = f32x4.add(f32x4.mul(sum${k}, factor), factor);`)}
  }
  ${each((k) => `v128.store(scratch + ${16 * k}, sum${k});`)}
}
`;

/** Rate of the WebAssembly kernels' kind of code at its best on a pool of threads, GFLOP/s. */
export async function wasmPeak(threads: number): Promise<number> {
  const pool = await KernelPool.start(await compiled(), threads);
  const control = new Control(new AbortController().signal);
  let seconds = Infinity;
  for (let at = 0; at < TRIES; at++) {
    const began = performance.now();
    const scratch = 16 * ACCUMULATORS;
    await pool.run({ kernel: 'peak', args: [ROUNDS], chunks: CHUNKS, scratch }, control);
    seconds = Math.min(seconds, (performance.now() - began) / 1000);
  }
  await pool.dispose();
  return (CHUNKS * ROUNDS * ACCUMULATORS * LANES * 2) / seconds / 1e9;
}

/** Compiled with the options of the kernels (scripts/kernels.mjs). */
async function compiled(): Promise<Uint8Array<ArrayBuffer>> {
  const { compile } = await import('../scripts/assemblyScript.mjs');
  const written: Uint8Array<ArrayBuffer>[] = [];
  const options = [
    ...['peak.ts', '--outFile', 'peak.wasm', '--runtime', 'stub', '-O3', '--noAssert'],
    ...['--enable', 'simd', '--enable', 'threads'],
    ...['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'],
  ];
  const { error } = await compile(options, {
    readFile: (name) => (name === 'peak.ts' ? SOURCE : null),
    writeFile: (_, contents) => {
      if (typeof contents !== 'string') written.push(new Uint8Array(contents));
    },
    listFiles: () => [],
  });
  const [binary] = written;
  if (error !== null || binary === undefined) {
    throw new Error('The kernel that measures the peak does not compile.', { cause: error });
  }
  return binary;
}

function each(line: (k: number) => string): string {
  return Array.from({ length: ACCUMULATORS }, (_, k) => line(k)).join('\n  ');
}

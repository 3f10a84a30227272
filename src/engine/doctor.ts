import { execFile } from 'node:child_process';
import { cpus } from 'node:os';
import { promisify } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import type { BackendInfo } from '../protocol/run';
import { loadBackend, type BackendOptions } from './backend';

/** Something outside this program that some of its parts use. */
export interface Tool {
  readonly name: string;
  /** Where or which version; null if it is not here. */
  readonly found: string | null;
  /** What it is for, and how to get it: shown where it is missing. */
  readonly advice: string;
}

/** What there is to compute with on this machine. */
export interface DoctorReport {
  readonly node: string;
  readonly tfjs: string;
  /** `linux-x64`, … */
  readonly platform: string;
  /** Name and number of processors. */
  readonly processor: string;
  readonly backend: BackendInfo;
  /** 10⁹ floating-point operations a second in float32 products of 1024 × 1024 matrices, best of five. */
  readonly matmul_gflops: number;
  readonly tools: readonly Tool[];
  /** What is missing and how to get it, one sentence each; empty when all is well. */
  readonly missing: readonly string[];
}

/**
 * Looks at the machine, loads the backend and measures it (about two seconds).
 * @throws Failure when `tfjs-node` is asked for and cannot be loaded
 */
export async function diagnose(options: BackendOptions): Promise<DoctorReport> {
  const backend = await loadBackend(options);
  const matmul_gflops = await measureMatMul();
  const tools = await findTools();
  const native = backend.name === 'tfjs-node';
  const missing = native || options.backend === 'wasm' ? [] : [`${backend.fallback ?? ''} ${SET_UP}`.trim()];
  for (const tool of tools) {
    // Python and a compiler serve only to get what a native backend has already.
    if (tool.found === null && !(native && tool.advice.includes('native'))) {
      missing.push(`${tool.name}: not found. ${tool.advice}`);
    }
  }
  return {
    node: process.versions.node,
    tfjs: tf.version_core,
    platform: `${process.platform}-${process.arch}`,
    processor: `${cpus()[0]?.model.trim() ?? 'unknown'} × ${cpus().length}`,
    backend,
    matmul_gflops,
    tools,
    missing,
  };
}

const SET_UP =
  'To compute natively, run “Neuron Deletion: Set Up Native TensorFlow” in VS Code, or npm run setup in the repository.';

/** The report as lines of text, without a newline at the end. */
export function renderDoctor(report: DoctorReport): string {
  const { backend } = report;
  const onednn = backend.onednn === null ? 'does not apply' : backend.onednn ? 'on' : 'off';
  const rows: (readonly [string, string])[] = [
    ['Node', report.node],
    ['TensorFlow.js', report.tfjs],
    ['platform', report.platform],
    ['processor', report.processor],
    ['backend', backend.name === 'tfjs-node' ? 'tfjs-node (native)' : 'WASM (WebAssembly)'],
    ['TensorFlow', backend.tensorflow ?? 'none'],
    ['threads', String(backend.threads)],
    ['oneDNN', onednn],
    ['matMul', `${report.matmul_gflops.toFixed(1)} GFLOP/s (float32, 1024 × 1024)`],
    ...report.tools.map((tool) => [tool.name, tool.found ?? 'not found'] as const),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
  if (report.missing.length === 0) return [...lines, '', 'Nothing is missing.'].join('\n');
  return [...lines, '', 'Missing:', ...report.missing.map((sentence) => `- ${sentence}`)].join('\n');
}

async function measureMatMul(): Promise<number> {
  const n = 1024;
  const a = tf.randomUniform([n, n], -1, 1, 'float32', 1);
  const b = tf.randomUniform([n, n], -1, 1, 'float32', 2);
  let best = Infinity;
  for (let repeat = 0; repeat < 6; repeat++) {
    const start = performance.now();
    const product = tf.matMul<tf.Tensor2D>(a, b);
    // Reading one element waits for the product without the cost of reading it all.
    const corner = tf.slice(product, [0, 0], [1, 1]);
    await corner.data();
    // The first product pays for the threads to start.
    if (repeat > 0) best = Math.min(best, performance.now() - start);
    tf.dispose([product, corner]);
  }
  tf.dispose([a, b]);
  return (2 * n ** 3) / best / 1e6;
}

async function findTools(): Promise<Tool[]> {
  const windows = process.platform === 'win32';
  const python = windows ? 'python' : 'python3';
  const [version, tensorflow, compiler, ...browsers] = await Promise.all([
    firstLine(python, ['--version']),
    firstLine(python, ['-c', TENSORFLOW]),
    firstLine(windows ? 'cl' : 'c++', windows ? [] : ['--version']),
    ...['chromium', 'chromium-browser', 'google-chrome'].map((name) => firstLine(name, ['--version'])),
  ]);
  return [
    {
      name: 'Python',
      found: version,
      advice: 'Set-up uses it to get native TensorFlow: apt-get install python3 python3-pip.',
    },
    {
      name: 'TensorFlow in Python',
      found: tensorflow,
      advice:
        'With it, set-up of native TensorFlow has nothing to download: python3 -m pip install tensorflow.',
    },
    {
      name: 'C++ compiler',
      found: compiler,
      advice: 'Set-up compiles the native addon where none came along: apt-get install build-essential.',
    },
    {
      name: 'Chromium',
      found: browsers.find((found) => found !== null) ?? null,
      advice: 'npm start and the tests of the repository drive it: apt-get install chromium.',
    },
  ];
}

const TENSORFLOW = `
import importlib.util as u, importlib.metadata as m
spec = u.find_spec('tensorflow')
if spec and spec.submodule_search_locations:
    names = ('tensorflow', 'tensorflow-cpu', 'tensorflow-intel', 'tf-nightly')
    found = [d.version for d in m.distributions() if (d.metadata['Name'] or '').lower().replace('_', '-') in names]
    print(found[0] if found else 'found', 'in', list(spec.submodule_search_locations)[0])
`;

/** The first line a command writes to stdout; null when it does not start, fails, or writes nothing. */
async function firstLine(command: string, args: readonly string[]): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)(command, args, { timeout: 20_000 });
    return /^\s*(\S.*?)\s*$/m.exec(stdout)?.[1] ?? null;
  } catch {
    return null;
  }
}

import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** What TensorFlow says at every start, whatever its log level. */
const TENSORFLOW_NOISE = /^(WARNING: All log messages before absl|I0000 |WARNING: Logging before flag)/;

/**
 * Runs a program of the benchmark in a process of its own: its task as JSON on stdin, its result as JSON in the
 * last line of stdout. What it says on stderr is passed on.
 * @throws Error if it fails
 */
export async function runProgram<Result>(name: string, task: unknown): Promise<Result> {
  return (await runChild(process.execPath, ['--import=tsx', path.join(__dirname, name)], task)) as Result;
}

/** The same for a Python program in `bench/python`. */
export async function runPython<Result>(python: string, name: string, task: unknown): Promise<Result> {
  return (await runChild(python, [path.join(__dirname, 'python', name)], task)) as Result;
}

function runChild(command: string, args: readonly string[], task: unknown): Promise<unknown> {
  const child = spawn(command, args, {
    cwd: path.join(__dirname, '..'),
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', PYTHONDONTWRITEBYTECODE: '1' },
  });
  const stop = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.once('SIGINT', stop).once('SIGTERM', stop);
  let last = '';
  createInterface({ input: child.stdout }).on('line', (line) => (last = line));
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (!TENSORFLOW_NOISE.test(line)) process.stderr.write(`${line}\n`);
  });
  child.stdin.end(JSON.stringify(task));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      if (code === 0) resolve(JSON.parse(last));
      else reject(new Error(`${path.basename(args.at(-1)!)} ended with ${signal ?? `code ${code}`}.`));
    });
  });
}

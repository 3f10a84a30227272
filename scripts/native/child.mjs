// Children that cannot outlive us: they are ended, with all their own children, when we are.
import { spawn } from 'node:child_process';

/** Thrown for a step that cannot be done here; `message` is the end of a sentence. */
export class StepFailure extends Error {}

/** Thrown for a step that is not for this machine or place. */
export class StepSkipped extends StepFailure {}

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/** Ends every child that is running, with everything it started. */
export function endChildren() {
  for (const child of running) end(child, 'SIGKILL');
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function end(child, signal) {
  try {
    if (process.platform === 'win32' || child.pid === undefined) child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It ended by itself meanwhile.
  }
}

/**
 * Runs a command to its end and returns what it wrote.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{
 *   cwd?: string, env?: NodeJS.ProcessEnv, shell?: boolean, seconds?: number,
 *   watch?: { every: number, check: () => string | null }, onOutput?: (text: string) => void,
 * }} [options] `seconds`: ended after that time; `watch`: `check` is called every so many seconds and ends the
 *   child by returning why
 * @returns {Promise<string>} stdout
 * @throws {StepFailure} when it does not start, fails, or is ended
 */
export function execute(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      shell: options.shell ?? false,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    });
    running.add(child);
    let out = '';
    let err = '';
    /** @type {string | null} */
    let ended = null;
    /** @param {string} why */
    const stop = (why) => {
      ended ??= why;
      end(child, 'SIGKILL');
    };
    const limit = options.seconds ?? 600;
    const timer = setTimeout(() => stop(`was given up after ${limit} s`), limit * 1000);
    const { watch } = options;
    const watcher = watch
      ? setInterval(() => {
          const why = watch.check();
          if (why !== null) stop(why);
        }, watch.every * 1000)
      : undefined;
    const finish = () => {
      clearTimeout(timer);
      clearInterval(watcher);
      running.delete(child);
    };
    child.stdout.setEncoding('utf8').on('data', (text) => {
      out += text;
      options.onOutput?.(text);
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      err += text;
    });
    child.once('error', (error) => {
      finish();
      reject(new StepFailure(`${command} does not start (${error.message})`));
    });
    child.once('close', (code, signal) => {
      finish();
      if (ended === null && code === 0) resolve(out);
      else if (ended !== null) reject(new StepFailure(ended));
      else reject(new StepFailure(gist(err || out) ?? `${command} ended with ${signal ?? `code ${code}`}`));
    });
  });
}

/**
 * The line of a failed command's output that says most.
 * @param {string} text
 */
function gist(text) {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(I\d{4} |WARNING: All log messages before absl)/.test(line));
  const line =
    lines.find((text) => /\b(fatal )?error: /i.test(text)) ??
    lines.findLast((text) => /^(\S*Error|ERROR|fatal)\b/.test(text)) ??
    lines.at(-1);
  return line === undefined ? null : line.replace(/^(npm error )?(Error: )?/i, '').slice(0, 300);
}

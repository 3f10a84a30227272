// Runs a command and ends it, with everything it started: when its time is up, when this process is told
// to stop, or when the parent goes (its end of our standard input closes). Start it as the leader of a process
// group (`detached`), so that nothing outlives it.
//   node guard.mjs <seconds> <command> [argument…]
import { spawn } from 'node:child_process';

const [seconds, command, ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
let ending = false;

function signalGroup(signal) {
  try {
    process.kill(-process.pid, signal);
  } catch {
    // The group is gone already.
  }
}

function end() {
  if (ending) return;
  ending = true;
  signalGroup('SIGTERM');
  setTimeout(() => signalGroup('SIGKILL'), 2000);
}

process.on('SIGTERM', end);
process.on('SIGINT', end);
process.stdin.on('end', end).on('error', end).resume();
setTimeout(end, Number(seconds) * 1000).unref();
child.on('error', end);
child.on('exit', end);

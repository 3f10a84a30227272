import { CommanderError } from 'commander';
import { Cancelled, Failure } from '../protocol/failure';
import { buildProgram, type Commands } from './program';
import { Ended, type Terminal, UsageError } from './terminal';

/** Exit codes of the command line. */
export const EXIT = { done: 0, error: 1, usage: 2, cancelled: 130 } as const;

/**
 * Runs one command and gives its exit code: 0, 1 (error: one sentence on stderr), 2 (wrong use) or
 * 130 (interrupted). Never throws.
 *
 * @param args without the node and script that precede them
 */
export async function run(
  args: readonly string[],
  version: string,
  commands: Commands,
  terminal: Terminal,
): Promise<number> {
  const json = args.includes('--json');
  const verbose = args.includes('--verbose');
  const say = (message: string) =>
    terminal.err(json ? `${JSON.stringify({ event: 'error', message })}\n` : `${message}\n`);
  try {
    const program = buildProgram(version, commands, terminal);
    if (args.length === 0) {
      terminal.err(program.helpInformation());
      return EXIT.usage;
    }
    await program.parseAsync([...args], { from: 'user' });
    return EXIT.done;
  } catch (error) {
    // commander has said it already
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (error instanceof Ended) {
      if (error.message !== '') say(error.message);
      return error.code;
    }
    if (error instanceof Cancelled) {
      say('Cancelled; nothing was written.');
      return EXIT.cancelled;
    }
    if (error instanceof UsageError) {
      say(error.message);
      return EXIT.usage;
    }
    const known = error instanceof Failure;
    const message = error instanceof Error ? error.message : String(error);
    say(known ? message : unexpected(message, verbose));
    if (verbose) terminal.err(`${stacks(error)}\n`);
    return EXIT.error;
  }
}

function unexpected(message: string, verbose: boolean): string {
  const sentence = `This is a defect in Neuron Deletion: ${message.replace(/[.\s]+$/, '')}.`;
  return verbose ? sentence : `${sentence} Run again with --verbose to see where.`;
}

function stacks(error: unknown): string {
  const lines: string[] = [];
  for (let at = error; at instanceof Error; at = at.cause) lines.push(at.stack ?? at.message);
  return lines.join('\ncaused by: ');
}

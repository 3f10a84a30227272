import * as vscode from 'vscode';
import { Cancelled } from '../../protocol/failure';
import { problemText } from '../problems';

/** One tool for language models: what is said before it, and its answer. */
export interface Answering {
  /** Said while it works. */
  readonly message: (input: unknown) => string;
  /** What the user has to agree to first; null for what only reads and is quick. What is thrown is said by `answer`. */
  readonly confirm?: (input: unknown) => Promise<vscode.LanguageModelToolConfirmationMessages | null>;
  /** @throws Failure with a sentence for the language model; Cancelled */
  readonly answer: (input: unknown, signal: AbortSignal) => Promise<unknown>;
}

/** The tool as VS Code takes it: answers as JSON text, problems as one sentence. */
export function answeringTool(
  { message, confirm, answer }: Answering,
  log: vscode.LogOutputChannel,
): vscode.LanguageModelTool<unknown> {
  return {
    async prepareInvocation({ input }) {
      const invocationMessage = message(input);
      // Input that is wrong is refused when the tool is called: there is nothing to agree to.
      const confirmationMessages = await confirm?.(input).catch(() => null);
      return { invocationMessage, ...(confirmationMessages == null ? {} : { confirmationMessages }) };
    },
    async invoke({ input }, token) {
      const controller = new AbortController();
      const cancelling = token.onCancellationRequested(() => controller.abort());
      if (token.isCancellationRequested) controller.abort();
      try {
        const value = await answer(input, controller.signal);
        return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(JSON.stringify(value))]);
      } catch (error) {
        if (error instanceof Cancelled) throw new vscode.CancellationError();
        log.warn(`A tool for language models failed: ${String(error)}`);
        throw new Error(problemText(error), { cause: error });
      } finally {
        cancelling.dispose();
      }
    },
  };
}

/** A text of an input that is not checked yet, for a sentence on the screen; empty where there is none. */
export function shownInput(input: unknown, name: string): string {
  const value = (input as Readonly<Record<string, unknown>> | null)?.[name];
  return typeof value === 'string' ? value.slice(0, 200) : '';
}

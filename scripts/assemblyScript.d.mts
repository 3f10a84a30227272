// In place of the compiler's own types, which change those of every array in a program that imports them.

/** Where the compiler finds its sources and leaves what it makes. */
interface CompilerHost {
  readFile(name: string): string | null;
  writeFile(name: string, contents: string | Uint8Array): void;
  listFiles(): string[];
}

/** Runs the AssemblyScript compiler with options as on its command line; `error` is null where it did compile. */
export function compile(
  options: readonly string[],
  host: CompilerHost,
): Promise<{ readonly error: Error | null }>;

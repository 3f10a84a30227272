import { Failure } from '../protocol/failure';

/** Turns an error of the file system into a sentence about the file; a {@link Failure} passes as it is. */
export function readingFailure(path: string, cause: unknown): Failure {
  if (cause instanceof Failure) return cause;
  const code = (cause as NodeJS.ErrnoException | null)?.code;
  return new Failure(sentence(path, code, cause), { file: path, cause });
}

function sentence(path: string, code: string | undefined, cause: unknown): string {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return `There is no file ${path}.`;
    case 'EACCES':
    case 'EPERM':
      return `${path} cannot be read: permission was denied.`;
    case 'EISDIR':
      return `${path} is a folder, not a file.`;
    default:
      return `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`;
  }
}

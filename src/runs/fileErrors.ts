import { Failure } from '../protocol/failure';

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** True where a file or folder does not exist. */
export function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

/** A {@link Failure} that says in a sentence why `path` could not be written, and what to do. */
export function writeFailure(error: unknown, path: string): Failure {
  if (error instanceof Failure) return error;
  return new Failure(writeSentence(codeOf(error), path), { file: path, cause: error });
}

function writeSentence(code: string | undefined, path: string): string {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return `The disk is full, ${path} could not be written: make room and run again, what is finished is kept.`;
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `${path} cannot be written, its folder or file does not allow it: choose another folder or change the permissions.`;
    case 'ENOTDIR':
    case 'EEXIST':
      return `${path} cannot be written, a file stands where a folder is needed: choose another folder.`;
    case 'EISDIR':
      return `${path} cannot be written, it is a folder: choose another name.`;
    case 'ENOENT':
      return `${path} cannot be written, its folder does not exist: create it or choose another one.`;
    default:
      return `${path} could not be written (${code ?? 'unknown reason'}): choose another folder or see the log.`;
  }
}

/** A {@link Failure} that says in a sentence why `path` could not be read. */
export function readFailure(error: unknown, path: string): Failure {
  if (error instanceof Failure) return error;
  const code = codeOf(error);
  const options = { file: path, cause: error };
  if (code === 'ENOENT') return new Failure(`${path} does not exist: check the path.`, options);
  if (code === 'EACCES' || code === 'EPERM')
    return new Failure(`${path} may not be read: change its permissions.`, options);
  return new Failure(`${path} could not be read (${code ?? 'unknown reason'}).`, options);
}

import { useRef } from 'preact/hooks';
import type { Evaluation } from '../../../src/protocol/run';
import type { StudyState } from '../../../src/protocol/webview';

/** A part of an evaluation as it is shown. */
export interface Shown<T> {
  /** Null until there was one. */
  readonly value: T | null;
  /** It belongs to an earlier set; the present one's is being measured. */
  readonly stale: boolean;
}

/** The latest of a part of the evaluation: kept, as stale, until the next one comes. */
export function useLatest<T>(
  state: StudyState,
  part: (evaluation: Evaluation) => T | null | undefined,
): Shown<T> {
  const { evaluation } = state.deletion;
  const value = evaluation === null ? null : (part(evaluation) ?? null);
  const last = useRef<T | null>(null);
  last.current = value ?? last.current;
  return { value: last.current, stale: value === null };
}

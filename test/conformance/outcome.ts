/** What became of a case. */
import { MillraceError, UnsupportedError } from '../../src/index.js';

export interface Outcome {
  /** `unsupported`: refused by a named error that says so. */
  readonly status: 'passed' | 'failed' | 'unsupported';
  /** Why it did not pass; the first line of an error. */
  readonly reason?: string;
}

export interface CaseResult extends Outcome {
  readonly id: string;
}

export const PASSED: Outcome = { status: 'passed' };

export function failed(reason: string): Outcome {
  return { status: 'failed', reason };
}

export function unsupported(reason: string): Outcome {
  return { status: 'unsupported', reason };
}

/** The outcome of a case whose expected answer is none of errors. */
export function ofError(error: unknown): Outcome {
  if (error instanceof UnsupportedError) return unsupported(firstLine(error));
  return failed(firstLine(error));
}

export function firstLine(error: unknown): string {
  if (error instanceof MillraceError) return error.message.split('\n')[0] ?? '';
  if (error instanceof Error) {
    return (error.stack ?? error.message).split('\n').slice(0, 2).join(' ');
  }
  return String(error);
}

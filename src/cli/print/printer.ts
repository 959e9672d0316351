/** How a statement's outcome reaches stdout. */
import type { TableResult } from '../../api/table-result.js';
import type { ScriptPlace } from '../error-text.js';

export interface Printer {
  /**
   * A statement that worked; its rows are read and printed here. `signal` cancels the run: what
   * has come so far may be printed then.
   */
  result(statement: string, result: TableResult, signal?: AbortSignal): Promise<void>;
  /** A statement that failed. True: the script goes on. */
  failure(failure: Failure): boolean;
}

export interface Failure {
  readonly statement: string;
  readonly error: unknown;
  /** Where the statement stands; without it positions count from its own start. */
  readonly place?: ScriptPlace;
}

/** Where lines go; resolves when there is room again. */
export type Write = (text: string) => Promise<void>;

/** How a statement's outcome reaches stdout. */
import type { TableResult } from '../../api/table-result.js';

export interface Printer {
  /** A statement that worked; its rows are read and printed here. */
  result(statement: string, result: TableResult): Promise<void>;
  /** A statement that failed. True: the script goes on. */
  failure(statement: string, error: unknown): boolean;
}

/** Where lines go; resolves when there is room again. */
export type Write = (text: string) => Promise<void>;

/** Writes to stdout and waits while it is full. */
export async function writeStdout(text: string): Promise<void> {
  if (process.stdout.write(text)) return;
  await new Promise<void>((resolve) => process.stdout.once('drain', () => resolve()));
}

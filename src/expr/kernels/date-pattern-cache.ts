/** The pattern of a call, compiled when it changes: once for a constant one. */
import type { Column } from '../../batch/column.js';
import { textAt } from '../../batch/strings.js';
import {
  parsePattern, PatternError, type PatternItem, type PatternKind,
} from '../../types/date-pattern.js';
import { KernelError } from '../kernel.js';

/** Runs what may find a fault in a pattern; the fault is an MR3006 of the row. */
export function guarded<T>(row: number, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof PatternError) throw new KernelError('MR3006', error.message, row);
    throw error;
  }
}

/** Keeps the items of the last pattern seen. */
export class PatternCache {
  #text: string | null = null;
  #items: readonly PatternItem[] = [];

  constructor(private readonly kind: PatternKind, private readonly fallback = '') {}

  /** The items of the pattern of a row; of the default pattern where there is no argument. */
  at(column: Column | undefined, row: number): readonly PatternItem[] {
    const text = column === undefined ? this.fallback : textAt(column, row);
    if (text !== this.#text) {
      this.#items = guarded(row, () => parsePattern(text, this.kind));
      this.#text = text;
    }
    return this.#items;
  }
}

/** The form that texts without a pattern have. */
export const DEFAULT_PATTERN = 'yyyy-MM-dd HH:mm:ss';

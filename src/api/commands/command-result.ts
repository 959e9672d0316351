/** What a statement without a job answers: nothing but success, or a small table. */
import type { Value } from '../../batch/values.js';
import type { RowField } from '../../types/data-type.js';

export interface CommandResult {
  readonly columns: readonly RowField[];
  readonly rows: readonly (readonly Value[])[];
  readonly style?: ResultStyle;
}

/** How Flink's client prints rows: in a table, or as the text they are, as of EXPLAIN. */
export type ResultStyle = 'table' | 'text';

/**
 * The changes that a join makes of a batch, in order: rows of the batch beside kept rows of the
 * other input, either of which may be absent (its columns are NULL).
 */
import type { Batch, RowKind } from '../batch/batch.js';
import type { Column } from '../batch/column.js';
import { ABSENT, retyped, takeOrNull, withNullsWhere } from '../batch/take-or-null.js';
import type { RowField } from '../types/data-type.js';
import type { Output } from './operator.js';
import { PendingChanges } from './pending-changes.js';
import type { RowStore } from './row-store.js';

export { ABSENT };

export class PairBuffer {
  private readonly changes: PendingChanges;

  /** `rightFrom`: index of the first output column that is one of the right input. */
  constructor(
    private readonly schema: readonly RowField[], private readonly rightFrom: number,
  ) {
    this.changes = new PendingChanges(schema);
  }

  add(kind: RowKind, row: number, id: number): void {
    this.changes.add(kind, row, id);
  }

  watermark(watermark: number): void {
    this.changes.watermark(watermark);
  }

  get isFull(): boolean {
    return this.changes.isFull;
  }

  /** `batch` is of input `input`, `other` keeps the rows of the other one. */
  flush(batch: Batch, input: number, other: RowStore, output: Output): void {
    this.changes.flush(output, (rows, numbers) => {
      const ids = Int32Array.from(numbers);
      return this.schema.map((field, i) => {
        const isRight = i >= this.rightFrom;
        const column = isRight ? i - this.rightFrom : i;
        return isRight === (input === 1)
          ? takeOrNull(batch.columns[column]!, rows, field.type)
          : gatherOrNull(other, column, ids, field);
      });
    });
  }
}

/** Kept rows of one column, NULL where the id is ABSENT. */
export function gatherOrNull(
  store: RowStore, column: number, ids: Int32Array, field: RowField,
): Column {
  const values = store.gather(column, ids);
  return retyped(withNullsWhere(values, ids.length, (i) => ids[i] === ABSENT), field.type);
}

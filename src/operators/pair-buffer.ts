/**
 * The changes that a join makes of a batch, in order: rows of the batch beside kept rows of the
 * other input, either of which may be absent (its columns are NULL).
 */
import type { Batch, RowKind } from '../batch/batch.js';
import { Column, fullValidity } from '../batch/column.js';
import { flattened, take } from '../batch/take.js';
import type { RowField } from '../types/data-type.js';
import type { Output } from './operator.js';
import { PendingChanges } from './pending-changes.js';
import type { RowStore } from './row-store.js';

export const ABSENT = -1;

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
          ? retyped(takeOrNull(batch.columns[column]!, rows, batch.rowCount), field)
          : gatherOrNull(other, column, ids, field);
      });
    });
  }
}

/** Kept rows of one column, NULL where the id is ABSENT. */
export function gatherOrNull(
  store: RowStore, column: number, ids: Int32Array, field: RowField,
): Column {
  return retyped(withNulls(store.gather(column, ids), ids), field);
}

function takeOrNull(column: Column, rows: Int32Array, rowCount: number): Column {
  if (!rows.includes(ABSENT)) return take(column, rows);
  return withNulls(take(flattened(column, rowCount), rows), rows);
}

/** Marks the values absent that were taken from nowhere. */
function withNulls(column: Column, from: Int32Array): Column {
  let validity = column.validity;
  for (let i = 0; i < from.length; i++) {
    if (from[i] !== ABSENT) continue;
    validity ??= fullValidity(from.length);
    validity[i >> 3]! &= ~(1 << (i & 7));
  }
  column.validity = validity;
  return column;
}

/** The same values under the type of the output. */
function retyped(column: Column, field: RowField): Column {
  return new Column(
    field.type, column.length, column.values, column.validity, column.starts, column.lengths,
    column.heap, column.children, column.constant,
  );
}

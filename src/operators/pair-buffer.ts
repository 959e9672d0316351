/**
 * The changes that a join makes of a batch, in order: rows of the batch beside kept rows of the
 * other input, either of which may be absent (its columns are NULL).
 */
import { Batch, type RowKind, type WatermarkRun, watermarkBatch } from '../batch/batch.js';
import { allocateColumn, Column, fullValidity } from '../batch/column.js';
import { flattened, take } from '../batch/take.js';
import type { RowField } from '../types/data-type.js';
import type { Output } from './operator.js';
import type { RowStore } from './row-store.js';

const MOST_ROWS = 16 * 1024;
export const ABSENT = -1;

export class PairBuffer {
  private count = 0;
  private rows = new Int32Array(256);
  private ids = new Int32Array(256);
  private kinds = new Uint8Array(256);
  private runs: WatermarkRun[] = [];

  /** `rightFrom`: index of the first output column that is one of the right input. */
  constructor(
    private readonly schema: readonly RowField[], private readonly rightFrom: number,
  ) {}

  add(kind: RowKind, row: number, id: number): void {
    if (this.count === this.rows.length) this.grow();
    this.rows[this.count] = row;
    this.ids[this.count] = id;
    this.kinds[this.count] = kind;
    this.count++;
  }

  watermark(watermark: number): void {
    if (this.runs.at(-1)?.row === this.count) this.runs.pop();
    this.runs.push({ row: this.count, watermark });
  }

  get isFull(): boolean {
    return this.count >= MOST_ROWS;
  }

  /** `batch` is of input `input`, `other` keeps the rows of the other one. */
  flush(batch: Batch, input: number, other: RowStore, output: Output): void {
    const { count, runs } = this;
    this.count = 0;
    this.runs = [];
    if (count === 0) {
      const last = runs.at(-1);
      if (last === undefined) return;
      const empty = this.schema.map((field) => allocateColumn(field.type, 0));
      output.emit(watermarkBatch(empty, last.watermark));
      return;
    }
    const rows = this.rows.subarray(0, count);
    const ids = this.ids.subarray(0, count);
    const columns = this.schema.map((field, i) => {
      const isRight = i >= this.rightFrom;
      const column = isRight ? i - this.rightFrom : i;
      return isRight === (input === 1)
        ? retyped(takeOrNull(batch.columns[column]!, rows, batch.rowCount), field)
        : gatherOrNull(other, column, ids, field);
    });
    const kinds = this.kinds.slice(0, count);
    const rowKinds = kinds.every((kind) => kind === 0) ? null : kinds;
    output.emit(new Batch(count, columns, null, rowKinds, runs));
  }

  private grow(): void {
    const capacity = this.rows.length * 2;
    const rows = new Int32Array(capacity);
    rows.set(this.rows);
    const ids = new Int32Array(capacity);
    ids.set(this.ids);
    const kinds = new Uint8Array(capacity);
    kinds.set(this.kinds);
    this.rows = rows;
    this.ids = ids;
    this.kinds = kinds;
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

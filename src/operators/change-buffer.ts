/**
 * The changes that an operator makes of a batch, in order, as ids of rows in a RowStore; written
 * out as columns at the end. Watermarks stand between the changes where the input had them.
 */
import { Batch, type RowKind, type WatermarkRun, watermarkBatch } from '../batch/batch.js';
import { allocateColumn, type Column, writeI64 } from '../batch/column.js';
import type { RowField } from '../types/data-type.js';
import type { Output } from './operator.js';
import type { RowStore } from './row-store.js';

const MOST_ROWS = 16 * 1024;

export class ChangeBuffer {
  private count = 0;
  private rows = new Int32Array(256);
  private kinds = new Uint8Array(256);
  private ranks = new Float64Array(256);
  private runs: WatermarkRun[] = [];

  /** Output columns: those of the store, then the rank where `withRank`. */
  constructor(
    private readonly schema: readonly RowField[],
    private readonly store: RowStore,
    private readonly withRank: boolean,
  ) {}

  add(kind: RowKind, row: number, rank: number): void {
    if (this.count === this.rows.length) this.grow();
    this.rows[this.count] = row;
    this.kinds[this.count] = kind;
    this.ranks[this.count] = rank;
    this.count++;
  }

  watermark(watermark: number): void {
    if (this.runs.at(-1)?.row === this.count) this.runs.pop();
    this.runs.push({ row: this.count, watermark });
  }

  /** Time to write out: one row may shift many. */
  get isFull(): boolean {
    return this.count >= MOST_ROWS;
  }

  flush(output: Output): void {
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
    const ids = this.rows.subarray(0, count);
    const stored = this.schema.length - (this.withRank ? 1 : 0);
    const columns = Array.from({ length: stored }, (_, i) => this.store.gather(i, ids));
    if (this.withRank) columns.push(this.rankColumn(count));
    const kinds = this.kinds.slice(0, count);
    const rowKinds = kinds.every((kind) => kind === 0) ? null : kinds;
    output.emit(new Batch(count, columns, null, rowKinds, runs));
  }

  private rankColumn(count: number): Column {
    const column = allocateColumn(this.schema.at(-1)!.type, count);
    const values = column.values as Int32Array;
    for (let i = 0; i < count; i++) writeI64(values, i, this.ranks[i]!);
    return column;
  }

  private grow(): void {
    const capacity = this.rows.length * 2;
    const rows = new Int32Array(capacity);
    rows.set(this.rows);
    const kinds = new Uint8Array(capacity);
    kinds.set(this.kinds);
    const ranks = new Float64Array(capacity);
    ranks.set(this.ranks);
    this.rows = rows;
    this.kinds = kinds;
    this.ranks = ranks;
  }
}

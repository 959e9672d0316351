/**
 * The changes that an operator makes of a batch, in order, as ids of rows in a RowStore; written
 * out as columns at the end.
 */
import type { RowKind } from '../batch/batch.js';
import { allocateColumn, type Column, writeI64 } from '../batch/column.js';
import type { RowField } from '../types/data-type.js';
import type { Output } from './operator.js';
import { PendingChanges } from './pending-changes.js';
import type { RowStore } from './row-store.js';

export class ChangeBuffer {
  private readonly changes: PendingChanges;

  /** Output columns: those of the store, then the rank where `withRank`. */
  constructor(
    private readonly schema: readonly RowField[],
    private readonly store: RowStore,
    private readonly withRank: boolean,
  ) {
    this.changes = new PendingChanges(schema);
  }

  add(kind: RowKind, row: number, rank: number): void {
    this.changes.add(kind, row, rank);
  }

  watermark(watermark: number): void {
    this.changes.watermark(watermark);
  }

  get isFull(): boolean {
    return this.changes.isFull;
  }

  flush(output: Output): void {
    this.changes.flush(output, (ids, ranks) => {
      const stored = this.schema.length - (this.withRank ? 1 : 0);
      const columns = Array.from({ length: stored }, (_, i) => this.store.gather(i, ids));
      if (this.withRank) columns.push(this.rankColumn(ranks));
      return columns;
    });
  }

  private rankColumn(ranks: Float64Array): Column {
    const column = allocateColumn(this.schema.at(-1)!.type, ranks.length);
    const values = column.values as Int32Array;
    for (let i = 0; i < ranks.length; i++) writeI64(values, i, ranks[i]!);
    return column;
  }
}

/**
 * What a join of kept rows puts out, in order: pairs of a left and a right row, either of which
 * may be absent (its columns are NULL), and the watermarks between them.
 */
import type { RowKind } from '../batch/batch.js';
import type { RowField } from '../types/data-type.js';
import type { Output } from './operator.js';
import { gatherOrNull } from './pair-buffer.js';
import { PendingChanges } from './pending-changes.js';
import type { RowStore } from './row-store.js';

export class KeptPairs {
  private readonly changes: PendingChanges;

  constructor(
    private readonly schema: readonly RowField[], private readonly left: RowStore,
    private readonly right: RowStore,
  ) {
    this.changes = new PendingChanges(schema);
  }

  add(kind: RowKind, left: number, right: number): void {
    this.changes.add(kind, left, right);
  }

  watermark(watermark: number): void {
    this.changes.watermark(watermark);
  }

  get isFull(): boolean {
    return this.changes.isFull;
  }

  flush(output: Output): void {
    const width = this.left.columns.length;
    this.changes.flush(output, (lefts, rights) => {
      const ids = [lefts, Int32Array.from(rights)] as const;
      return this.schema.map((field, i) => (i < width
        ? gatherOrNull(this.left, i, ids[0], field)
        : gatherOrNull(this.right, i - width, ids[1], field)));
    });
  }
}

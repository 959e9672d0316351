/**
 * A batch: columns of equal length, an optional selection, an optional row-kind column, and the
 * watermarks that were raised between its rows. Control rides in the stream: a batch of no rows
 * carries a watermark alone.
 */
import type { Column } from './column.js';

/** Flink's row kinds and their byte in a row-kind column. */
export const ROW_KIND = { INSERT: 0, UPDATE_BEFORE: 1, UPDATE_AFTER: 2, DELETE: 3 } as const;
export type RowKind = (typeof ROW_KIND)[keyof typeof ROW_KIND];
export const ROW_KIND_TEXT = ['+I', '-U', '+U', '-D'] as const;

/** Event time in ms: what Flink calls Long.MAX_VALUE, sent when a bounded input ends. */
export const MAX_WATERMARK = Number.POSITIVE_INFINITY;
/** Before the first watermark. */
export const MIN_WATERMARK = Number.NEGATIVE_INFINITY;

/**
 * `watermark` (ms since the epoch) holds for the rows at index `row` and after; `row` equal to
 * the row count means "after the last row". Rows are physical indexes, not positions in the
 * selection. Both fields rise strictly along the list.
 */
export interface WatermarkRun {
  readonly row: number;
  readonly watermark: number;
}

export const NO_RUNS: readonly WatermarkRun[] = Object.freeze([]);

export class Batch {
  constructor(
    /** Physical rows of every column that is not constant. */
    readonly rowCount: number,
    readonly columns: readonly Column[],
    /** Rising physical row indexes that are alive; null = all. */
    readonly selection: Int32Array | null = null,
    /** One ROW_KIND byte a physical row; null = all INSERT. */
    readonly rowKinds: Uint8Array | null = null,
    readonly watermarks: readonly WatermarkRun[] = NO_RUNS,
  ) {}

  /** Rows alive. */
  get activeCount(): number {
    return this.selection === null ? this.rowCount : this.selection.length;
  }
}

/** A batch of no rows that only raises the watermark. */
export function watermarkBatch(columns: readonly Column[], watermark: number): Batch {
  return new Batch(0, columns, null, null, [{ row: 0, watermark }]);
}

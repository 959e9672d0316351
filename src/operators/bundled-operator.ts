/**
 * An operator under table.exec.mini-batch: it takes rows into a bundle and emits what comes of
 * them at its end.
 *
 * A bundle ends by its number of rows, at a barrier, at the end, or when the task clock passes a
 * multiple of the latency; never at a batch's edge, unless a batch is a bundle of the operator
 * below. Watermarks wait for the bundle's end.
 */
import { Batch, MAX_WATERMARK, MIN_WATERMARK, NO_RUNS } from '../batch/batch.js';
import { allocateColumn, type Column } from '../batch/column.js';
import type { MiniBatch } from '../plan/physical/plan.js';
import type { RowField } from '../types/data-type.js';
import type { Operator, OperatorContext, Output, StateTable } from './operator.js';
import { rowNumbers } from './row-numbers.js';

/** What a bundle sends: rows of the operator's schema. */
export interface BundleRows {
  readonly rowCount: number;
  readonly columns: readonly Column[];
  /** null: inserts. */
  readonly kinds: Uint8Array | null;
}

export abstract class BundledOperator implements Operator {
  abstract readonly stateTables: readonly StateTable[];
  private bundledRows = 0;
  /** When the bundle must end by the task clock. */
  private endMs = Infinity;
  private watermark = MIN_WATERMARK;
  private sentWatermark = MIN_WATERMARK;

  constructor(
    private readonly schema: readonly RowField[], private readonly limits: MiniBatch,
    protected readonly context: OperatorContext,
  ) {}

  /** Takes physical rows of a batch into the bundle. */
  protected abstract fold(batch: Batch, rows: Int32Array): void;
  /** Ends the bundle; null where it has nothing to send. */
  protected abstract endBundle(): BundleRows | null;

  process(batch: Batch, _input: number, output: Output): void {
    this.onClock(this.context.nowMs(), output);
    const rows = rowNumbers(batch);
    for (let start = 0; start < rows.length;) {
      const end = Math.min(rows.length, start + this.limits.size - this.bundledRows);
      this.take(batch, rows.subarray(start, end));
      start = end;
      if (this.bundledRows >= this.limits.size) this.flush(output);
    }
    const run = batch.watermarks.at(-1);
    if (run !== undefined) this.watermark = run.watermark;
    const isOver = this.limits.endsWithBatch === true || this.bundledRows === 0;
    if (isOver || this.watermark === MAX_WATERMARK) this.flush(output);
  }

  prepareBarrier(output: Output): void {
    this.flush(output);
  }

  finish(output: Output): void {
    this.flush(output);
  }

  deadlineMs(): number {
    return this.bundledRows === 0 ? Infinity : this.endMs;
  }

  onClock(nowMs: number, output: Output): void {
    if (nowMs >= this.deadlineMs()) this.flush(output);
  }

  private take(batch: Batch, rows: Int32Array): void {
    const { latencyMs } = this.limits;
    if (this.bundledRows === 0 && latencyMs > 0) {
      const nowMs = this.context.nowMs();
      this.endMs = nowMs - (nowMs % latencyMs) + latencyMs;
    }
    this.bundledRows += rows.length;
    this.fold(batch, rows);
  }

  private flush(output: Output): void {
    const sent = this.bundledRows === 0 ? null : this.endBundle();
    this.bundledRows = 0;
    const raises = this.watermark > this.sentWatermark;
    this.sentWatermark = this.watermark;
    const rowCount = sent?.rowCount ?? 0;
    if (rowCount === 0 && !raises) return;
    const columns = sent?.columns ?? this.schema.map((field) => allocateColumn(field.type, 0));
    const runs = raises ? [{ row: rowCount, watermark: this.watermark }] : NO_RUNS;
    output.emit(new Batch(rowCount, columns, null, sent?.kinds ?? null, runs));
  }
}

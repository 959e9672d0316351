/**
 * The changes that an operator makes of a batch, in order: a row kind and two numbers each, whose
 * meaning is the owner's. Watermarks stand between the changes where the input had them.
 */
import { Batch, type RowKind, type WatermarkRun, watermarkBatch } from '../batch/batch.js';
import { allocateColumn, type Column } from '../batch/column.js';
import type { RowField } from '../types/data-type.js';
import type { Output } from './operator.js';

const MOST_ROWS = 16 * 1024;

export class PendingChanges {
  private count = 0;
  private firsts = new Int32Array(256);
  private seconds = new Float64Array(256);
  private kinds = new Uint8Array(256);
  private runs: WatermarkRun[] = [];

  constructor(private readonly schema: readonly RowField[]) {}

  add(kind: RowKind, first: number, second: number): void {
    if (this.count === this.firsts.length) this.grow();
    this.firsts[this.count] = first;
    this.seconds[this.count] = second;
    this.kinds[this.count] = kind;
    this.count++;
  }

  watermark(watermark: number): void {
    if (this.runs.at(-1)?.row === this.count) this.runs.pop();
    this.runs.push({ row: this.count, watermark });
  }

  /** Time to write out: one row may make many changes. */
  get isFull(): boolean {
    return this.count >= MOST_ROWS;
  }

  /** Writes out what there is, in the columns that are made of the two numbers of each change. */
  flush(
    output: Output, columnsOf: (firsts: Int32Array, seconds: Float64Array) => readonly Column[],
  ): void {
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
    const columns = columnsOf(this.firsts.subarray(0, count), this.seconds.subarray(0, count));
    const kinds = this.kinds.slice(0, count);
    const rowKinds = kinds.every((kind) => kind === 0) ? null : kinds;
    output.emit(new Batch(count, columns, null, rowKinds, runs));
  }

  private grow(): void {
    const capacity = this.firsts.length * 2;
    const firsts = new Int32Array(capacity);
    firsts.set(this.firsts);
    const seconds = new Float64Array(capacity);
    seconds.set(this.seconds);
    const kinds = new Uint8Array(capacity);
    kinds.set(this.kinds);
    this.firsts = firsts;
    this.seconds = seconds;
    this.kinds = kinds;
  }
}

/** Raises the watermark after each row whose expression exceeds all before it. */
import { Batch, MAX_WATERMARK, MIN_WATERMARK, type WatermarkRun } from '../batch/batch.js';
import { allocateColumn, type Column, readI64 } from '../batch/column.js';
import { compileExpression, type CompiledExpression, KernelError } from '../expr/evaluate.js';
import type { WatermarkAssignerNode } from '../plan/physical/plan.js';
import { BIGINT, notNull, type RowField } from '../types/data-type.js';
import type { Operator, OperatorContext, Output, StateTable } from './operator.js';
import { readWatermark, writeWatermark } from './watermark-state.js';

const WATERMARK: StateTable = {
  name: 'watermark', fields: [{ name: 'watermark', type: notNull(BIGINT) }], keyCount: 0,
};

class WatermarkAssigner implements Operator {
  readonly stateTables: readonly StateTable[] = [WATERMARK];
  private readonly expression: CompiledExpression;
  private current = MIN_WATERMARK;
  private restored = false;

  constructor(
    private readonly node: WatermarkAssignerNode, private readonly context: OperatorContext,
  ) {
    this.expression = compileExpression(node.watermark);
  }

  process(batch: Batch, _input: number, output: Output): void {
    const atEnd = batch.watermarks.at(-1)?.watermark === MAX_WATERMARK;
    const runs: WatermarkRun[] = [];
    if (this.restored) runs.push({ row: 0, watermark: this.current });
    this.restored = false;
    if (batch.activeCount > 0) this.assign(batch, runs);
    if (atEnd) {
      this.current = MAX_WATERMARK;
      runs.push({ row: batch.rowCount, watermark: MAX_WATERMARK });
    }
    if (batch.activeCount === 0 && runs.length === 0) return;
    output.emit(
      new Batch(batch.rowCount, batch.columns, batch.selection, batch.rowKinds, runs),
    );
  }

  snapshot(): Batch {
    const known = this.current !== MIN_WATERMARK;
    const column = allocateColumn(notNull(BIGINT), known ? 1 : 0);
    if (known) writeWatermark(column.values as Int32Array, 0, this.current);
    return new Batch(column.length, [column]);
  }

  /** The rows of several subtasks: the lowest counts. */
  restore(_table: StateTable, content: Batch): void {
    for (let row = 0; row < content.rowCount; row++) {
      const watermark = readWatermark(content.columns[0]!.values as Int32Array, row);
      this.current = this.restored ? Math.min(this.current, watermark) : watermark;
      this.restored = true;
    }
  }

  /** A row goes out before the watermark that it raises. */
  private assign(batch: Batch, runs: WatermarkRun[]): void {
    const { selection } = batch;
    const count = batch.activeCount;
    this.checkRowTimes(batch.columns[this.node.rowtime]!, selection, count);
    const evaluation = { nowMs: this.context.nowMs(), zone: this.context.zone };
    const column = this.expression.evaluate(batch, selection, count, evaluation);
    const values = column.values as Int32Array;
    const step = column.constant ? 0 : 1;
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      if (column.validity !== null && column.isNull(row)) continue;
      const watermark = readI64(values, row * step);
      if (watermark <= this.current) continue;
      this.current = watermark;
      runs.push({ row: row + 1, watermark });
    }
  }

  private checkRowTimes(rowtime: Column, selection: Int32Array | null, count: number): void {
    if (rowtime.validity === null && rowtime.physical !== 'null') return;
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      if (!rowtime.isNull(row)) continue;
      throw new KernelError('MR3004', this.node.schema[this.node.rowtime]!.name, row);
    }
  }
}

/** The watermark assigner of a plan node. */
export function makeWatermarkAssigner(
  node: WatermarkAssignerNode, _inputs: readonly (readonly RowField[])[],
  context: OperatorContext,
): Operator {
  return new WatermarkAssigner(node, context);
}

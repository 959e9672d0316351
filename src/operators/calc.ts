/** Projections over the rows that meet a condition. Drops rows by selection, without a copy. */
import { Batch, MIN_WATERMARK, watermarkBatch } from '../batch/batch.js';
import { allocateColumn, type Column, setNull, writeI64 } from '../batch/column.js';
import { materialized } from '../batch/take.js';
import {
  compileExpression, type CompiledExpression, type EvaluationContext, selectTrue,
} from '../expr/evaluate.js';
import type { CalcNode } from '../plan/physical/plan.js';
import type { DataType, RowField } from '../types/data-type.js';
import type { Operator, OperatorContext, Output, StateTable } from './operator.js';

class Calc implements Operator {
  readonly stateTables: readonly StateTable[] = [];
  private readonly condition: CompiledExpression | null;
  private readonly projections: readonly CompiledExpression[];
  private readonly emptyColumns: readonly Column[];
  private readonly watermarkType: DataType | undefined;
  private watermark = MIN_WATERMARK;

  constructor(node: CalcNode, private readonly context: OperatorContext) {
    this.condition = node.condition === null ? null : compileExpression(node.condition);
    this.projections = node.projections.map((projection) => compileExpression(projection));
    this.watermarkType = node.watermarkType;
    this.emptyColumns = node.schema.map((field) => allocateColumn(field.type, 0));
  }

  process(received: Batch, _input: number, output: Output): void {
    const input = this.watermarkType === undefined ? received
      : this.withWatermark(received, this.watermarkType);
    const evaluation = { nowMs: this.context.nowMs(), zone: this.context.zone };
    const selection = this.filter(input, evaluation);
    const count = selection === null ? input.rowCount : selection.length;
    if (count === 0) {
      const last = input.watermarks.at(-1);
      if (last !== undefined) output.emit(watermarkBatch(this.emptyColumns, last.watermark));
      return;
    }
    const columns = this.projections.map((projection) =>
      projection.evaluate(input, selection, count, evaluation));
    const batch = new Batch(input.rowCount, columns, selection, input.rowKinds, input.watermarks);
    output.emit(count < input.rowCount / 4 ? materialized(batch) : batch);
  }

  /** The batch with the watermark before each row behind its columns. */
  private withWatermark(batch: Batch, type: DataType): Batch {
    const column = allocateColumn(type, batch.rowCount);
    const values = column.values as Int32Array;
    const runs = batch.watermarks;
    let run = 0;
    for (let row = 0; row < batch.rowCount; row++) {
      for (; run < runs.length && runs[run]!.row <= row; run++) {
        this.watermark = runs[run]!.watermark;
      }
      if (this.watermark === MIN_WATERMARK) setNull(column, row);
      else writeI64(values, row, this.watermark);
    }
    this.watermark = runs.at(-1)?.watermark ?? this.watermark;
    const { rowCount, columns, selection, rowKinds, watermarks } = batch;
    return new Batch(rowCount, [...columns, column], selection, rowKinds, watermarks);
  }

  private filter(batch: Batch, evaluation: EvaluationContext): Int32Array | null {
    if (this.condition === null || batch.activeCount === 0) return batch.selection;
    const count = batch.activeCount;
    const truth = this.condition.evaluate(batch, batch.selection, count, evaluation);
    const rows = selectTrue(truth, batch.selection, count);
    return rows.length === count ? batch.selection : rows;
  }
}

/** The calc of a plan node. */
export function makeCalc(
  node: CalcNode, _inputs: readonly (readonly RowField[])[], context: OperatorContext,
): Operator {
  return new Calc(node, context);
}

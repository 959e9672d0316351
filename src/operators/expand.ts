/** Each row once a projection: the copies of a row stand beside each other. */
import { Batch, type WatermarkRun, watermarkBatch } from '../batch/batch.js';
import { allocateColumn, type Column } from '../batch/column.js';
import { concat, take } from '../batch/take.js';
import { compileExpression, type CompiledExpression } from '../expr/evaluate.js';
import type { ExpandNode } from '../plan/physical/plan.js';
import type { RowField } from '../types/data-type.js';
import type { Operator, OperatorContext, Output, StateTable } from './operator.js';
import { rowNumbers } from './row-numbers.js';

class Expand implements Operator {
  readonly stateTables: readonly StateTable[] = [];
  private readonly projects: readonly (readonly CompiledExpression[])[];

  constructor(private readonly node: ExpandNode, private readonly context: OperatorContext) {
    this.projects = node.projects.map((one) => one.map((part) => compileExpression(part)));
  }

  process(batch: Batch, _input: number, output: Output): void {
    const rows = rowNumbers(batch).slice();
    if (rows.length === 0) {
      const last = batch.watermarks.at(-1);
      const empty = this.node.schema.map((field) => allocateColumn(field.type, 0));
      if (last !== undefined) output.emit(watermarkBatch(empty, last.watermark));
      return;
    }
    const copies = this.projects.length;
    const order = Int32Array.from({ length: rows.length * copies }, (_, i) =>
      (i % copies) * rows.length + Math.floor(i / copies));
    const columns = this.node.schema.map((_, i) => take(this.values(batch, rows, i), order));
    const { rowKinds: kinds } = batch;
    const rowKinds = kinds === null ? null
      : Uint8Array.from(order, (at) => kinds[rows[at % rows.length]!]!);
    output.emit(new Batch(order.length, columns, null, rowKinds, this.moved(batch, rows)));
  }

  /** One column of all projections, one after the other. */
  private values(batch: Batch, rows: Int32Array, index: number): Column {
    const evaluation = { nowMs: this.context.nowMs(), zone: this.context.zone };
    const parts = this.projects.map((project) => {
      const value = project[index]!.evaluate(batch, batch.selection, rows.length, evaluation);
      return take(value, rows);
    });
    return concat(parts, parts.map(() => rows.length));
  }

  private moved(batch: Batch, rows: Int32Array): readonly WatermarkRun[] {
    const moved: WatermarkRun[] = [];
    let at = 0;
    for (const { row, watermark } of batch.watermarks) {
      while (at < rows.length && rows[at]! < row) at++;
      if (moved.at(-1)?.row === at * this.projects.length) moved.pop();
      moved.push({ row: at * this.projects.length, watermark });
    }
    return moved;
  }
}

/** The copies of a plan node. */
export function makeExpand(
  node: ExpandNode, _inputs: readonly (readonly RowField[])[], context: OperatorContext,
): Operator {
  return new Expand(node, context);
}

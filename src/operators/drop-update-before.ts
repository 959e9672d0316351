/** Drops the old rows of updates where nobody needs them. */
import { Batch, ROW_KIND, watermarkBatch } from '../batch/batch.js';
import { allocateColumn, type Column } from '../batch/column.js';
import type { DropUpdateBeforeNode } from '../plan/physical/plan.js';
import type { RowField } from '../types/data-type.js';
import type { Operator, Output, StateTable } from './operator.js';
import { rowNumbers } from './row-numbers.js';

class DropUpdateBefore implements Operator {
  readonly stateTables: readonly StateTable[] = [];
  private readonly emptyColumns: readonly Column[];

  constructor(node: DropUpdateBeforeNode) {
    this.emptyColumns = node.schema.map((field) => allocateColumn(field.type, 0));
  }

  process(batch: Batch, _input: number, output: Output): void {
    const { rowKinds: kinds, columns, watermarks } = batch;
    if (kinds === null) return output.emit(batch);
    const kept = rowNumbers(batch).filter((row) => kinds[row] !== ROW_KIND.UPDATE_BEFORE);
    if (kept.length > 0) {
      return output.emit(new Batch(batch.rowCount, columns, kept, kinds, watermarks));
    }
    const last = watermarks.at(-1);
    if (last !== undefined) output.emit(watermarkBatch(this.emptyColumns, last.watermark));
  }
}

/** The filter of a plan node. */
export function makeDropUpdateBefore(
  node: DropUpdateBeforeNode, _inputs: readonly (readonly RowField[])[],
): Operator {
  return new DropUpdateBefore(node);
}

/** Skips `offset` rows, then keeps `count` rows. Insert-only in and out. */
import { Batch, watermarkBatch } from '../batch/batch.js';
import { allocateColumn, type Column, readI64, writeI64 } from '../batch/column.js';
import { fail } from '../errors/index.js';
import type { LimitNode } from '../plan/physical/plan.js';
import { BIGINT, notNull, type RowField } from '../types/data-type.js';
import type { Operator, OperatorStats, Output, StateTable } from './operator.js';

const SEEN: StateTable = {
  name: 'seen', fields: [{ name: 'seen', type: notNull(BIGINT) }], keyCount: 0,
};

class Limit implements Operator {
  readonly stateTables: readonly StateTable[] = [SEEN];
  private seen = 0;
  private readonly emptyColumns: readonly Column[];

  constructor(private readonly node: LimitNode) {
    this.emptyColumns = node.schema.map((field) => allocateColumn(field.type, 0));
  }

  process(batch: Batch, _input: number, output: Output): void {
    if (batch.rowKinds !== null) {
      fail('MR2104', { engine: 'fallback', feature: 'LIMIT over an updating input' });
    }
    const count = batch.activeCount;
    const { offset } = this.node;
    const first = Math.min(Math.max(offset - this.seen, 0), count);
    const last = Math.min(Math.max(offset + this.node.count - this.seen, first), count);
    this.seen += count;
    if (first === 0 && last === count) {
      output.emit(batch);
    } else if (first < last) {
      const kept = new Int32Array(last - first);
      for (let i = 0; i < kept.length; i++) kept[i] = rowAt(batch, first + i);
      output.emit(new Batch(batch.rowCount, batch.columns, kept, null, batch.watermarks));
    } else {
      const run = batch.watermarks.at(-1);
      if (run !== undefined) output.emit(watermarkBatch(this.emptyColumns, run.watermark));
    }
  }

  snapshot(): Batch {
    const column = allocateColumn(notNull(BIGINT), 1);
    writeI64(column.values as Int32Array, 0, this.seen);
    return new Batch(1, [column]);
  }

  restore(_table: StateTable, content: Batch): void {
    const values = content.columns[0]!.values as Int32Array;
    for (let row = 0; row < content.rowCount; row++) this.seen += readI64(values, row);
  }

  stats(): OperatorStats {
    return { lateRows: 0, stateRows: 1, stateBytes: 8 };
  }
}

function rowAt(batch: Batch, position: number): number {
  return batch.selection === null ? position : batch.selection[position]!;
}

/** The limit of a plan node. */
export function makeLimit(node: LimitNode, _inputs: readonly (readonly RowField[])[]): Operator {
  return new Limit(node);
}

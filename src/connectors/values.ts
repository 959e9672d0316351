/** The rows of a VALUES list, from subtask 0. */
import { Batch } from '../batch/batch.js';
import { allocateColumn, type Column, readI64, writeI64 } from '../batch/column.js';
import { slice } from '../batch/take.js';
import { columnOf } from '../batch/values.js';
import { fail } from '../errors/index.js';
import type { LiteralValue, ValuesNode } from '../plan/physical/plan.js';
import type { StateTable } from '../operators/operator.js';
import { BIGINT, notNull } from '../types/data-type.js';
import type { Source, SourceContext, SourceStats } from './source.js';

const POSITION: StateTable = {
  name: 'position', fields: [{ name: 'position', type: notNull(BIGINT) }], keyCount: 0,
};

class Values implements Source {
  readonly stateTables: readonly StateTable[] = [POSITION];
  private readonly rowCount: number;
  private readonly columns: readonly Column[];
  private at = 0;

  constructor(node: ValuesNode, private readonly context: SourceContext) {
    const rows = context.subtask === 0 ? node.rows : [];
    this.rowCount = rows.length;
    this.columns = node.schema.map((field, i) =>
      columnOf(field.type, rows.map((row): LiteralValue => row[i]!)));
  }

  poll(): Batch | 'end' {
    if (this.at >= this.rowCount) return 'end';
    const end = Math.min(this.rowCount, this.at + this.context.batchRows);
    const columns = this.columns.map((column) => slice(column, this.at, end));
    const batch = new Batch(end - this.at, columns);
    this.at = end;
    return batch;
  }

  snapshot(): Batch {
    const column = allocateColumn(notNull(BIGINT), 1);
    writeI64(column.values as Int32Array, 0, this.at);
    return new Batch(1, [column]);
  }

  /** Only subtask 0 has moved; the others say 0. */
  restore(_table: StateTable, content: Batch): void {
    for (let row = 0; row < content.rowCount; row++) {
      const position = readI64(content.columns[0]!.values as Int32Array, row);
      if (position < 0) fail('MR5001', { detail: 'values: position is negative' });
      this.at = Math.max(this.at, Math.min(position, this.rowCount));
    }
  }

  stats(): SourceStats {
    return { badRecords: 0 };
  }

  close(): void {}
}

/** The source of a `values` node. */
export function makeValues(node: ValuesNode, context: SourceContext): Source {
  return new Values(node, context);
}

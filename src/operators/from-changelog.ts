/** FROM_CHANGELOG: inserts whose kind stands in a column as the changes that they tell of. */
import { Batch, watermarkBatch } from '../batch/batch.js';
import { allocateColumn, type Column } from '../batch/column.js';
import { KernelError } from '../expr/kernel.js';
import type { FromChangelogNode } from '../plan/physical/plan.js';
import type { RowField } from '../types/data-type.js';
import type { Operator, Output, StateTable } from './operator.js';
import { rowNumbers } from './row-numbers.js';

class FromChangelog implements Operator {
  readonly stateTables: readonly StateTable[] = [];
  private readonly codes: readonly Uint8Array[];

  constructor(private readonly node: FromChangelogNode) {
    this.codes = node.codes.map((code) => new TextEncoder().encode(code));
  }

  process(batch: Batch, _input: number, output: Output): void {
    const { opColumn, schema } = this.node;
    const { rowCount, selection, watermarks } = batch;
    if (batch.activeCount > 0) {
      const kinds = this.kindsOf(batch, batch.columns[opColumn]!);
      const columns = batch.columns.filter((_, i) => i !== opColumn);
      return output.emit(new Batch(rowCount, columns, selection, kinds, watermarks));
    }
    const last = watermarks.at(-1);
    const empty = schema.map((field) => allocateColumn(field.type, 0));
    if (last !== undefined) output.emit(watermarkBatch(empty, last.watermark));
  }

  private kindsOf(batch: Batch, op: Column): Uint8Array {
    const kinds = new Uint8Array(batch.rowCount);
    for (const row of rowNumbers(batch)) {
      if (op.isNull(row)) throw new KernelError('MR3006', 'NULL as op code', row);
      const at = op.constant ? 0 : row;
      const start = op.starts[at]!;
      const text = op.heap.subarray(start, start + op.lengths[at]!);
      const code = this.codes.findIndex((one) => isEqual(one, text));
      if (code < 0) {
        throw new KernelError('MR3006', `op code '${new TextDecoder().decode(text)}'`, row);
      }
      kinds[row] = this.node.kinds[code]!;
    }
    return kinds;
  }
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** The function of a plan node. */
export function makeFromChangelog(
  node: FromChangelogNode, _inputs: readonly (readonly RowField[])[],
): Operator {
  return new FromChangelog(node);
}

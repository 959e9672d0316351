/** TO_CHANGELOG: each change as an insert, with the code of its kind in front. */
import { Batch, watermarkBatch } from '../batch/batch.js';
import { allocateColumn, type Column } from '../batch/column.js';
import type { ToChangelogNode } from '../plan/physical/plan.js';
import type { RowField } from '../types/data-type.js';
import type { Operator, Output, StateTable } from './operator.js';
import { rowNumbers } from './row-numbers.js';

class ToChangelog implements Operator {
  readonly stateTables: readonly StateTable[] = [];
  /** The codes one after the other; those of a kind are a range of it. */
  private readonly heap: Uint8Array;
  private readonly starts = new Int32Array(4);
  private readonly lengths = new Int32Array(4);

  constructor(private readonly node: ToChangelogNode) {
    const texts = node.codes.map((code) => new TextEncoder().encode(code ?? ''));
    let end = 0;
    texts.forEach((text, kind) => {
      this.starts[kind] = end;
      this.lengths[kind] = text.length;
      end += text.length;
    });
    this.heap = new Uint8Array(Buffer.concat(texts));
  }

  process(batch: Batch, _input: number, output: Output): void {
    const { rowKinds: kinds, rowCount, watermarks } = batch;
    const { codes } = this.node;
    const rows = rowNumbers(batch).filter((row) => codes[kinds?.[row] ?? 0] !== null);
    if (rows.length > 0) {
      const columns = [this.codesOf(kinds, rowCount), ...batch.columns];
      return output.emit(new Batch(rowCount, columns, rows, null, watermarks));
    }
    const last = watermarks.at(-1);
    const empty = this.node.schema.map((field) => allocateColumn(field.type, 0));
    if (last !== undefined) output.emit(watermarkBatch(empty, last.watermark));
  }

  private codesOf(kinds: Uint8Array | null, rowCount: number): Column {
    const type = this.node.schema[0]!.type;
    const isConstant = kinds === null;
    const column = allocateColumn(type, isConstant ? 1 : rowCount);
    column.constant = isConstant;
    column.heap = this.heap;
    for (let row = 0; row < column.length; row++) {
      const kind = kinds?.[row] ?? 0;
      column.starts[row] = this.starts[kind]!;
      column.lengths[row] = this.lengths[kind]!;
    }
    return column;
  }
}

/** The function of a plan node. */
export function makeToChangelog(
  node: ToChangelogNode, _inputs: readonly (readonly RowField[])[],
): Operator {
  return new ToChangelog(node);
}

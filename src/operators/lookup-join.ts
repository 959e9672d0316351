/**
 * Each row beside the rows of a table that are looked up by its key. The table is read as a whole
 * before the first row, and again before a batch as its options say; its rows are the items of a
 * table function.
 */
import type { Batch } from '../batch/batch.js';
import { appendCell } from '../batch/cell.js';
import { allocateColumn, type Column } from '../batch/column.js';
import { HeapBuilder } from '../batch/strings.js';
import { concat, materialized } from '../batch/take.js';
import { takeOrNull } from '../batch/take-or-null.js';
import { fail } from '../errors/index.js';
import type { LookupJoinNode } from '../plan/physical/plan.js';
import type { DataType, RowField } from '../types/data-type.js';
import { correlateWith } from './correlate.js';
import type { Operator, OperatorContext } from './operator.js';
import type { ItemList, TableFunction } from './table-function.js';

/** Rows of one key; those of most keys are few. */
type RowList = number[];

class LookupTable implements TableFunction {
  private columns: readonly Column[] | null = null;
  private rowsByKey = new Map<string, RowList>();
  private firstMs = 0;
  private lastMs = 0;
  private keys: readonly Column[] = [];
  private heap = new HeapBuilder(1024);
  private rows: readonly number[] = [];
  private at = 0;

  constructor(
    private readonly node: LookupJoinNode, private readonly context: OperatorContext,
  ) {}

  beginBatch(values: readonly Column[]): void {
    const nowMs = this.context.nowMs();
    if (this.columns === null) this.firstMs = nowMs;
    if (this.columns === null || this.isStale(nowMs)) {
      this.columns = this.load();
      this.lastMs = nowMs;
    }
    this.keys = values;
    this.heap = new HeapBuilder(1024);
  }

  beginRow(row: number): void {
    const key = keyText(this.heap, this.keys, row);
    this.rows = key === null ? [] : this.rowsByKey.get(key) ?? [];
    this.at = 0;
  }

  next(most: number, items: ItemList): number {
    const count = Math.min(most, this.rows.length - this.at);
    for (let i = 0; i < count; i++) items.push(this.rows[this.at++]!);
    return count;
  }

  column(index: number, items: Int32Array, type: DataType): Column {
    return takeOrNull(this.columns![index]!, items, type);
  }

  /** A time at which the table is to be read lies behind the last reading. */
  private isStale(nowMs: number): boolean {
    const { reload } = this.node;
    if (reload === null) return false;
    const { everyMs, from } = reload;
    if (everyMs === 0) return true;
    const start = from === 'last' ? this.lastMs
      : from === 'first' ? this.firstMs : reload.offsetMs ?? 0;
    return Math.floor((nowMs - start) / everyMs) > Math.floor((this.lastMs - start) / everyMs);
  }

  private load(): readonly Column[] {
    this.rowsByKey = new Map();
    const batches = this.read();
    const counts = batches.map((batch) => batch.rowCount);
    const columns = this.node.table.schema.map((field, i) => (batches.length === 0
      ? allocateColumn(field.type, 0) : concat(batches.map((one) => one.columns[i]!), counts)));
    const keys = this.node.keys.map((index) => columns[index]!);
    const heap = new HeapBuilder(1024);
    const total = counts.reduce((sum, count) => sum + count, 0);
    for (let row = 0; row < total; row++) {
      const key = keyText(heap, keys, row);
      if (key === null) continue;
      const known = this.rowsByKey.get(key);
      if (known === undefined) this.rowsByKey.set(key, [row]);
      else known.push(row);
    }
    return columns;
  }

  private read(): readonly Batch[] {
    const reader = this.context.openTable?.(this.node.table);
    if (reader === undefined) return fail('MR9001', { detail: 'a lookup without tables' });
    const batches: Batch[] = [];
    const { mostRows, table } = this.node;
    let rowCount = 0;
    try {
      for (;;) {
        const polled = reader.poll();
        if (polled === 'end') return batches;
        if (polled === 'idle') {
          fail('MR2104', { engine: 'fallback', feature: 'lookup in a table that is not at hand' });
        }
        rowCount += polled.activeCount;
        if (rowCount > mostRows) {
          fail('MR3035', { detail: `${table.table} has more than ${mostRows} rows` });
        }
        if (polled.activeCount > 0) batches.push(materialized(polled));
      }
    } finally {
      reader.close();
    }
  }
}

/** Equal keys, equal texts; null where a part of the key is NULL. */
function keyText(heap: HeapBuilder, keys: readonly Column[], row: number): string | null {
  const start = heap.end;
  for (const key of keys) {
    if (key.isNull(row)) return null;
    appendCell(heap, key, row);
  }
  return Buffer.from(heap.bytes.buffer, heap.bytes.byteOffset + start, heap.end - start)
    .toString('latin1');
}

/** The lookup join of a plan node. */
export function makeLookupJoin(
  node: LookupJoinNode, inputs: readonly (readonly RowField[])[], context: OperatorContext,
): Operator {
  return correlateWith(new LookupTable(node, context), node, inputs[0] ?? [], context);
}

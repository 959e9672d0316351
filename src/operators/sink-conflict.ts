/**
 * ON CONFLICT DO NOTHING and DO ERROR: the changes of a primary key are held back until the
 * watermark rises, then they are added up on the row that the sink has. After Flink's
 * WatermarkCompactingSinkMaterializer:
 *
 *     none left      -D of the sink's row
 *     one            +I where the sink has none, +U where it differs
 *     more           nothing: +I of the first where the sink has none, else nothing is sent
 *                    error: MR3032
 *
 * State tables: "current" (the sink's rows), "waiting" (the changes, with their kind, in order);
 * both: the primary key, the other columns.
 */
import { Batch, ROW_KIND } from '../batch/batch.js';
import { allocateColumn, type Column } from '../batch/column.js';
import { fail } from '../errors/index.js';
import { KernelError } from '../expr/kernel.js';
import type { SinkConflictNode } from '../plan/physical/plan.js';
import { KeyLayout } from '../state/key-layout.js';
import { KeyedGroups, ResolvedRows, takesBack } from '../state/keyed-groups.js';
import { notNull, type RowField, TINYINT } from '../types/data-type.js';
import { ChangeBuffer } from './change-buffer.js';
import type { Operator, OperatorStats, Output, StateTable } from './operator.js';
import { rowNumbers } from './row-numbers.js';
import { RowStore } from './row-store.js';

const NONE = -1;
const KIND: RowField = { name: 'kind', type: notNull(TINYINT) };

class SinkConflict implements Operator {
  readonly stateTables: readonly StateTable[];
  private readonly groups: KeyedGroups;
  private readonly store: RowStore;
  private readonly changes: ChangeBuffer;
  private readonly resolved = new ResolvedRows();
  private readonly all: readonly number[];
  /** What makes two rows the same: the upsert key, or all columns. */
  private readonly identity: readonly number[];
  private readonly stateOrder: readonly number[];
  /** By group: the row that the sink has. */
  private current: number[] = [];
  /** By group: changes that wait. */
  private waiting: number[][] = [];
  /** Groups with changes that wait, in the order in which the first came. */
  private touched: number[] = [];
  /** By row id: the change takes its row back. */
  private readonly isBack: boolean[] = [];

  constructor(
    private readonly node: SinkConflictNode, private readonly input: readonly RowField[],
  ) {
    const { primaryKey, upsertKey } = node;
    this.all = input.map((_, i) => i);
    this.groups = new KeyedGroups(new KeyLayout(primaryKey.map((i) => input[i]!.type)));
    this.store = new RowStore(input);
    this.changes = new ChangeBuffer(node.schema, this.store, false);
    this.identity = upsertKey.length > 0 ? upsertKey : this.all;
    this.stateOrder = [...primaryKey, ...this.all.filter((i) => !primaryKey.includes(i))];
    const fields = this.stateOrder.map((i) => input[i]!);
    const keyCount = primaryKey.length;
    this.stateTables = [
      { name: 'current', fields, keyCount },
      { name: 'waiting', fields: [...fields, KIND], keyCount },
    ];
  }

  process(batch: Batch, _input: number, output: Output): void {
    const numbers = rowNumbers(batch);
    const { resolved } = this;
    this.groups.encode(this.node.primaryKey.map((i) => batch.columns[i]!), numbers, numbers.length);
    this.groups.resolveAdded(numbers, numbers.length, resolved);
    this.growToGroups();
    let run = 0;
    const runs = batch.watermarks;
    for (let i = 0; i < resolved.count; i++) {
      const row = resolved.rows[i]!;
      for (; run < runs.length && runs[run]!.row <= row; run++) this.raise(runs[run]!.watermark);
      const kind = batch.rowKinds?.[row] ?? 0;
      this.hold(batch.columns, row, resolved.groups[i]!, takesBack(kind));
    }
    for (; run < runs.length; run++) this.raise(runs[run]!.watermark);
    this.changes.flush(output);
    this.store.settle();
  }

  snapshot(table: StateTable): Batch {
    const isCurrent = table.name === 'current';
    const ids = Int32Array.from(isCurrent ? this.current.filter((id) => id !== NONE)
      : this.waiting.flat());
    const columns = this.stateOrder.map((column) => this.store.gather(column, ids));
    if (!isCurrent) {
      const kinds = allocateColumn(KIND.type, ids.length);
      ids.forEach((id, i) => {
        kinds.values[i] = this.isBack[id] === true ? ROW_KIND.DELETE : ROW_KIND.INSERT;
      });
      columns.push(kinds);
    }
    return new Batch(ids.length, columns);
  }

  restore(table: StateTable, content: Batch): void {
    if (content.columns.length !== table.fields.length) {
      fail('MR5002', { detail: `table ${table.name} has other columns` });
    }
    const columns: Column[] = [];
    this.stateOrder.forEach((column, i) => { columns[column] = content.columns[i]!; });
    const keys = this.node.primaryKey.map((i) => columns[i]!);
    const found = this.groups.restore(keys, content.rowCount);
    this.growToGroups();
    const kinds = content.columns.at(-1)!;
    for (let row = 0; row < content.rowCount; row++) {
      const group = found[row]!;
      if (table.name === 'current') this.current[group] = this.store.add(columns, row);
      else {
        this.hold(columns, row, group, takesBack(kinds.values[kinds.constant ? 0 : row]!));
      }
    }
  }

  stats(): OperatorStats {
    const stateBytes = this.groups.byteSize + this.store.byteSize + this.groups.size * 16;
    return { lateRows: 0, stateRows: this.store.count, stateBytes };
  }

  /** A change and one that undoes it go both. */
  private hold(columns: readonly Column[], row: number, group: number, isBack: boolean): void {
    const list = this.waiting[group]!;
    if (list.length === 0) this.touched.push(group);
    const at = list.findIndex((id) =>
      this.isBack[id] !== isBack && this.store.equals(id, this.all, columns, row));
    if (at >= 0) {
      this.store.release(list[at]!);
      list.splice(at, 1);
      return;
    }
    const id = this.store.add(columns, row);
    this.isBack[id] = isBack;
    list.push(id);
  }

  private raise(watermark: number): void {
    for (const group of this.touched) this.compact(group);
    this.touched = [];
    this.changes.watermark(watermark);
  }

  private compact(group: number): void {
    const changes = this.waiting[group]!;
    if (changes.length === 0) return;
    const before = this.current[group]!;
    const rows = before === NONE ? [] : [before];
    for (const id of changes) this.apply(rows, id);
    const after = this.outcome(before, rows);
    for (const id of changes) if (id !== after) this.store.release(id);
    if (before !== NONE && before !== after) this.store.release(before);
    this.current[group] = after;
    this.waiting[group] = [];
  }

  private apply(rows: number[], id: number): void {
    const isBack = this.isBack[id] === true;
    const at = isBack || this.node.upsertKey.length > 0
      ? rows.findIndex((one) => this.sameRow(one, id, this.identity)) : -1;
    if (isBack) {
      if (at >= 0) rows.splice(at, 1);
    } else if (at < 0) rows.push(id);
    else rows[at] = id;
  }

  /** Sends what changes for the sink; the row that it has then. */
  private outcome(before: number, rows: readonly number[]): number {
    const [first] = rows;
    if (first === undefined) {
      if (before !== NONE) this.changes.add(ROW_KIND.DELETE, before, 0);
      return NONE;
    }
    if (rows.length > 1) {
      if (this.node.onConflict === 'error') this.failConflict();
      if (before !== NONE) return before;
    }
    if (before === NONE) this.changes.add(ROW_KIND.INSERT, first, 0);
    else if (this.sameRow(before, first, this.all)) return before;
    else this.changes.add(ROW_KIND.UPDATE_AFTER, first, 0);
    return first;
  }

  private failConflict(): never {
    const names = this.node.primaryKey.map((index) => this.input[index]!.name);
    throw new KernelError('MR3032', names.join(', '), 0);
  }

  private sameRow(a: number, b: number, which: readonly number[]): boolean {
    return a === b || this.store.same(a, b, which);
  }

  private growToGroups(): void {
    for (let group = this.current.length; group < this.groups.size; group++) {
      this.current.push(NONE);
      this.waiting.push([]);
    }
  }
}

/** The wait of a plan node. */
export function makeSinkConflict(
  node: SinkConflictNode, inputs: readonly (readonly RowField[])[],
): Operator {
  return new SinkConflict(node, inputs[0]!);
}

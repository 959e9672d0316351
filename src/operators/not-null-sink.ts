/**
 * A sink behind a look at its NOT NULL columns, as Flink's ConstraintEnforcer has it: a row with a
 * NULL in one of them is dropped, or is an MR3004. Where it is asked for the fields of rows and the
 * elements of arrays and maps count too. Everything else is the sink's own matter.
 */
import { Batch } from '../batch/batch.js';
import type { Column } from '../batch/column.js';
import { KernelError } from '../expr/kernel.js';
import type { NotNullColumns, SinkNode } from '../plan/physical/plan.js';
import type { Operator, OperatorStats, Output, StateTable } from './operator.js';

class NotNullSink implements Operator {
  constructor(
    private readonly sink: Operator, private readonly check: NotNullColumns,
    private readonly names: readonly string[],
  ) {}

  get stateTables(): readonly StateTable[] {
    return this.sink.stateTables;
  }

  process(batch: Batch, input: number, output: Output): void {
    this.sink.process(this.checked(batch), input, output);
  }

  prepareBarrier(output: Output): void {
    this.sink.prepareBarrier?.(output);
  }

  finish(output: Output): void {
    this.sink.finish?.(output);
  }

  snapshot(table: StateTable): Batch {
    return this.sink.snapshot!(table);
  }

  restore(table: StateTable, content: Batch): void {
    this.sink.restore?.(table, content);
  }

  stats(): OperatorStats {
    return this.sink.stats?.() ?? { lateRows: 0, stateRows: 0, stateBytes: 0 };
  }

  deadlineMs(): number {
    return this.sink.deadlineMs?.() ?? Infinity;
  }

  onClock(nowMs: number, output: Output): void {
    this.sink.onClock?.(nowMs, output);
  }

  checkpointComplete(): void {
    this.sink.checkpointComplete?.();
  }

  close(): void {
    this.sink.close?.();
  }

  private checked(batch: Batch): Batch {
    const { columns, drops, nested } = this.check;
    const suspects = columns.filter((index) => {
      const column = batch.columns[index]!;
      return column.validity !== null || column.physical === 'null';
    });
    if (suspects.length === 0 && nested === undefined) return batch;
    const kept = new Int32Array(batch.activeCount);
    let keptCount = 0;
    for (let i = 0; i < batch.activeCount; i++) {
      const row = batch.selection === null ? i : batch.selection[i]!;
      const failing = this.firstNull(batch, row, suspects);
      if (failing === undefined) kept[keptCount++] = row;
      else if (!drops) throw new KernelError('MR3004', failing, row);
    }
    if (keptCount === batch.activeCount) return batch;
    return new Batch(batch.rowCount, batch.columns, kept.subarray(0, keptCount), batch.rowKinds,
      batch.watermarks);
  }

  /** The name of the column, or of what is inside it; undefined: none is NULL. */
  private firstNull(batch: Batch, row: number, suspects: readonly number[]): string | undefined {
    const failing = suspects.find((index) => batch.columns[index]!.isNull(row));
    if (failing !== undefined) return this.names[failing];
    const { nested } = this.check;
    if (nested === undefined) return undefined;
    for (const [i, column] of batch.columns.entries()) {
      const found = nullInside(column, row, this.names[i]!, nested === 'collections');
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** `row.field`, `array[0]`, `map[key]` of the first NULL that may not be. */
function nullInside(
  column: Column, row: number, name: string, withCollections: boolean,
): string | undefined {
  const { physical, type } = column;
  if (column.children.length === 0 || column.isNull(row)) return undefined;
  const at = column.constant ? 0 : row;
  if (physical === 'row') {
    for (const [i, child] of column.children.entries()) {
      const path = `${name}.${type.fields?.[i]?.name}`;
      const found = nullAt(child, at, path, withCollections);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (!withCollections) return undefined;
  const start = column.starts[at]!;
  for (let k = 0; k < column.lengths[at]!; k++) {
    for (const [i, child] of column.children.entries()) {
      const part = physical === 'array' ? String(k) : i === 0 ? 'key' : 'value';
      const found = nullAt(child, start + k, `${name}[${part}]`, withCollections);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function nullAt(
  child: Column, at: number, path: string, withCollections: boolean,
): string | undefined {
  if (!child.isNull(at)) return nullInside(child, at, path, withCollections);
  return child.type.nullable ? undefined : path;
}

/** The sink itself where every column may be NULL. */
export function withNotNullCheck(sink: Operator, { notNull, schema }: SinkNode): Operator {
  if (notNull === undefined) return sink;
  return new NotNullSink(sink, notNull, schema.map((field) => field.name));
}

/**
 * A sink behind a look at the types of its columns, as Flink's ConstraintEnforcer has it: a row
 * with a NULL where none may be is dropped, or is an MR3004; texts and bytes of another length than
 * their type says are cut and filled up, or are an MR3033. Where it is asked for the fields of rows
 * and the elements of arrays and maps count too. Everything else is the sink's own matter.
 */
import { Batch } from '../batch/batch.js';
import { Column } from '../batch/column.js';
import { KernelError } from '../expr/kernel.js';
import type { SinkConstraints, SinkNode } from '../plan/physical/plan.js';
import { childTypes, typeToString, withNullable, type DataType, type RowField }
  from '../types/data-type.js';
import type { Operator, OperatorStats, Output, StateTable } from './operator.js';
import { fitTexts, isBounded, wrongLength } from './text-fit.js';

/** What is wrong with a row: what the error says, and whether dropping it is the other way. */
interface Violation {
  readonly code: 'MR3004' | 'MR3033';
  readonly detail: string;
}

class ConstrainedSink implements Operator {
  /** Every row must be looked at, whether or not its columns have NULLs. */
  private readonly looksAtAll: boolean;

  constructor(
    private readonly sink: Operator, private readonly check: SinkConstraints,
    private readonly schema: readonly RowField[],
  ) {
    const isInside = ({ type }: RowField): boolean => childTypes(type).length > 0;
    this.looksAtAll = (check.nested !== undefined && schema.some(isInside)) ||
      (check.lengths === 'error' && schema.some(({ type }) => isBounded(type)));
  }

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
    const { notNull, drops } = this.check;
    const columns = this.fitted(batch);
    const suspects = notNull.filter((index) => {
      const column = columns[index]!;
      return column.validity !== null || column.physical === 'null';
    });
    if (suspects.length === 0 && !this.looksAtAll) return withColumns(batch, columns);
    const kept = new Int32Array(batch.activeCount);
    let keptCount = 0;
    for (let i = 0; i < batch.activeCount; i++) {
      const row = batch.selection === null ? i : batch.selection[i]!;
      const found = this.violation(columns, row, suspects);
      if (found === undefined) kept[keptCount++] = row;
      else if (found.code !== 'MR3004' || !drops) {
        throw new KernelError(found.code, found.detail, row);
      }
    }
    if (keptCount === batch.activeCount) return withColumns(batch, columns);
    return new Batch(batch.rowCount, columns, kept.subarray(0, keptCount), batch.rowKinds,
      batch.watermarks);
  }

  private fitted({ columns, selection }: Batch): readonly Column[] {
    const { lengths, nested } = this.check;
    if (lengths !== 'trim-pad') return columns;
    return columns.map((column, i) =>
      fitColumn(column, selection, this.schema[i]!.type, nested !== undefined));
  }

  private violation(
    columns: readonly Column[], row: number, suspects: readonly number[],
  ): Violation | undefined {
    const failing = suspects.find((index) => columns[index]!.isNull(row));
    if (failing !== undefined) return nullIn(this.schema[failing]!.name);
    if (!this.looksAtAll) return undefined;
    const walk = new ConstraintWalk(this.check);
    return walk.lengths(this.schema, columns, row, '') ??
      walk.inside(this.schema, columns, row, '');
  }
}

function withColumns(batch: Batch, columns: readonly Column[]): Batch {
  if (columns === batch.columns) return batch;
  return new Batch(batch.rowCount, columns, batch.selection, batch.rowKinds, batch.watermarks);
}

/** Texts cut and filled up, also those of the fields of rows where it is asked for. */
function fitColumn(
  column: Column, selection: Int32Array | null, type: DataType, looksInside: boolean,
): Column {
  if (isBounded(type)) return fitTexts(column, selection, type);
  if (!looksInside || type.root !== 'ROW') return column;
  const rows = column.constant ? null : selection;
  const children = column.children.map((child, i) =>
    fitColumn(child, rows, type.fields![i]!.type, true));
  if (children.every((child, i) => child === column.children[i])) return column;
  return new Column(column.type, column.length, column.values, column.validity, column.starts,
    column.lengths, column.heap, children, column.constant);
}

const nullIn = (detail: string): Violation => ({ code: 'MR3004', detail });

/**
 * The order is Flink's: of the fields of a row first NULLs, then texts, then bytes, then what is
 * inside rows, then inside arrays, then inside maps.
 */
class ConstraintWalk {
  constructor(private readonly check: SinkConstraints) {}

  /** The first text, else the first bytes, of a wrong length. */
  lengths(
    fields: readonly RowField[], columns: readonly Column[], row: number, prefix: string,
  ): Violation | undefined {
    if (this.check.lengths !== 'error') return undefined;
    for (const physical of ['string', 'bytes'] as const) {
      for (const [i, { name, type }] of fields.entries()) {
        if (columns[i]!.physical !== physical || !isBounded(type)) continue;
        const size = wrongLength(columns[i]!, row, type);
        if (size < 0) continue;
        const wanted = typeToString(withNullable(type, true));
        return { code: 'MR3033', detail: `${prefix}${name} is ${wanted}, value has ${size}` };
      }
    }
    return undefined;
  }

  inside(
    fields: readonly RowField[], columns: readonly Column[], row: number, prefix: string,
  ): Violation | undefined {
    if (this.check.nested === undefined) return undefined;
    const roots = this.check.nested === 'collections' ? ['ROW', 'ARRAY', 'MAP'] : ['ROW'];
    for (const root of roots) {
      for (const [i, { name, type }] of fields.entries()) {
        if (type.root !== root || columns[i]!.isNull(row)) continue;
        const found = this.value(columns[i]!, row, type, prefix + name);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  }

  /** `row.field`, `array[0]`, `map[key]`. */
  private value(
    column: Column, row: number, type: DataType, path: string,
  ): Violation | undefined {
    const at = column.constant ? 0 : row;
    if (type.root === 'ROW') {
      return this.fields(type.fields!, column.children, at, `${path}.`);
    }
    const children = childTypes(type);
    const start = column.starts[at]!;
    for (let k = 0; k < column.lengths[at]!; k++) {
      const names = type.root === 'ARRAY' ? [`[${k}]`] : ['[key]', '[value]'];
      const items = children.map((child, i): RowField => ({ name: names[i]!, type: child }));
      const found = this.fields(items, column.children, start + k, path);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private fields(
    fields: readonly RowField[], columns: readonly Column[], row: number, prefix: string,
  ): Violation | undefined {
    for (const [i, { name, type }] of fields.entries()) {
      if (!type.nullable && columns[i]!.isNull(row)) return nullIn(prefix + name);
    }
    return this.lengths(fields, columns, row, prefix) ??
      this.inside(fields, columns, row, prefix);
  }
}

/** The sink itself where its columns take every value. */
export function withConstraints(sink: Operator, { constraints, schema }: SinkNode): Operator {
  if (constraints === undefined) return sink;
  return new ConstrainedSink(sink, constraints, schema);
}

/**
 * The calls that evaluate an argument only for the rows that need it, so that a branch not taken
 * never fails. AND and OR, three-valued, left to right:
 *
 *     AND     next argument for rows that are     OR      next argument for rows that are
 *     FALSE   no                                  FALSE   yes
 *     TRUE    yes                                 TRUE    no
 *     NULL    yes                                 NULL    yes
 */
import type { Batch } from '../batch/batch.js';
import { allocateColumn, Column, setNull } from '../batch/column.js';
import { constantColumn } from '../batch/values.js';
import { fail } from '../errors/index.js';
import type { DataType } from '../types/data-type.js';
import type { CompiledExpression } from './expression.js';
import type { EvaluationContext } from './kernel.js';
import { mergerOf } from './merge.js';
import { selectPresent, selectTrue, without } from './selection.js';

/** AND (`decisive` 0) and OR (`decisive` 1). */
export class Connective implements CompiledExpression {
  constructor(
    readonly type: DataType,
    private readonly parts: readonly CompiledExpression[],
    private readonly decisive: 0 | 1,
  ) {}

  evaluate(
    batch: Batch, selection: Int32Array | null, count: number, context: EvaluationContext,
  ): Column {
    const out = allocateColumn(this.type, batch.rowCount);
    const values = out.values as Uint8Array;
    const neutral = 1 - this.decisive;
    for (let i = 0; i < count; i++) values[selection === null ? i : selection[i]!] = neutral;
    let open = selection;
    let openCount = count;
    for (const part of this.parts) {
      if (openCount === 0) break;
      const column = part.evaluate(batch, open, openCount, context);
      open = this.absorb(column, open, openCount, out);
      openCount = open.length;
    }
    return out;
  }

  /** Enters one argument; returns the rows not decided by it. */
  private absorb(
    column: Column, selection: Int32Array | null, count: number, out: Column,
  ): Int32Array {
    const values = out.values as Uint8Array;
    const open = new Int32Array(count);
    let found = 0;
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      if (column.isNull(row)) setNull(out, row);
      else if (column.values[column.constant ? 0 : row] === this.decisive) {
        values[row] = this.decisive;
        if (out.validity !== null) out.validity[row >> 3]! |= 1 << (row & 7);
        continue;
      }
      open[found++] = row;
    }
    return open.subarray(0, found);
  }
}

/** when1, then1, when2, then2, ..., else. */
export class Case implements CompiledExpression {
  constructor(readonly type: DataType, private readonly parts: readonly CompiledExpression[]) {}

  evaluate(
    batch: Batch, selection: Int32Array | null, count: number, context: EvaluationContext,
  ): Column {
    const merger = mergerOf(this.type, batch.rowCount);
    let open = selection;
    let openCount = count;
    for (let i = 0; i + 1 < this.parts.length && openCount > 0; i += 2) {
      const condition = this.parts[i]!.evaluate(batch, open, openCount, context);
      const taken = selectTrue(condition, open, openCount);
      if (taken.length === 0) continue;
      const value = this.parts[i + 1]!.evaluate(batch, taken, taken.length, context);
      merger.assign(value, taken, taken.length);
      open = without(open, openCount, taken);
      openCount = open.length;
    }
    if (openCount > 0) {
      const value = this.parts.at(-1)!.evaluate(batch, open, openCount, context);
      merger.assign(value, open, openCount);
    }
    return merger.finish();
  }
}

/** The first argument that is not null. */
export class Coalesce implements CompiledExpression {
  constructor(readonly type: DataType, private readonly parts: readonly CompiledExpression[]) {}

  evaluate(
    batch: Batch, selection: Int32Array | null, count: number, context: EvaluationContext,
  ): Column {
    const merger = mergerOf(this.type, batch.rowCount);
    let open = selection;
    let openCount = count;
    for (let i = 0; i < this.parts.length && openCount > 0; i++) {
      const value = this.parts[i]!.evaluate(batch, open, openCount, context);
      const isLast = i === this.parts.length - 1;
      const taken = isLast ? open : selectPresent(value, open, openCount);
      const takenCount = taken === null ? openCount : taken.length;
      if (takenCount > 0) merger.assign(value, taken, takenCount);
      if (taken === null || isLast) break;
      open = without(open, openCount, taken);
      openCount = open.length;
    }
    return merger.finish();
  }
}

/** A field of a row; null where the row is. */
export class FieldAccess implements CompiledExpression {
  constructor(
    readonly type: DataType,
    private readonly row: CompiledExpression,
    private readonly index: number,
  ) {}

  evaluate(
    batch: Batch, selection: Int32Array | null, count: number, context: EvaluationContext,
  ): Column {
    const rows = this.row.evaluate(batch, selection, count, context);
    const child = rows.children[this.index];
    if (child === undefined) fail('MR9001', { detail: `no field ${this.index} in the row` });
    if (rows.validity === null) {
      return rows.constant && !child.constant ? asConstant(child) : child;
    }
    return this.guarded(rows, child, batch.rowCount, selection, count);
  }

  /** The child where the row itself is present. */
  private guarded(
    rows: Column, child: Column, rowCount: number, selection: Int32Array | null, count: number,
  ): Column {
    if (rows.constant && rows.isNull(0)) return constantColumn(this.type, null);
    const merger = mergerOf(this.type, rowCount);
    const present = selectPresent(rows, selection, count);
    const source = rows.constant ? asConstant(child) : child;
    merger.assign(source, present, present === null ? count : present.length);
    const out = merger.finish();
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      if (rows.isNull(row)) setNull(out, row);
    }
    return out;
  }
}

function asConstant(column: Column): Column {
  return new Column(
    column.type, 1, column.values, column.validity, column.starts, column.lengths, column.heap,
    column.children, true,
  );
}

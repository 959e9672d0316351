/**
 * ORDER BY: the order of a batch's row and a row kept in a RowStore, compared column by column.
 * -0.0 and 0.0 are equal and NaN is the largest.
 */
import type { Column } from '../batch/column.js';
import { compareBytes } from '../batch/strings.js';
import { fail } from '../errors/index.js';
import type { SortKey } from '../plan/physical/plan.js';
import { physicalOf, type RowField } from '../types/data-type.js';
import type { RowStore, StoredColumn } from './row-store.js';

/** Negative: the batch's row stands before the kept one. Both values are present. */
type CompareValues = (column: Column, at: number, kept: StoredColumn, id: number) => number;

export class SortKeys {
  private readonly compareValues: readonly CompareValues[];

  /** Fails with MR2104 for types without an order. */
  constructor(
    private readonly order: readonly SortKey[], schema: readonly RowField[],
    private readonly store: RowStore,
  ) {
    this.compareValues = order.map((key) => this.comparatorOf(schema[key.column]!));
  }

  compare(columns: readonly Column[], row: number, id: number): number {
    const { order } = this;
    for (let i = 0; i < order.length; i++) {
      const key = order[i]!;
      const column = columns[key.column]!;
      const kept = this.store.columns[key.column]!;
      const isNull = column.isNull(row);
      const keptIsNull = kept.present[id] === 0;
      if (isNull || keptIsNull) {
        if (isNull && keptIsNull) continue;
        return isNull === key.nullsFirst ? -1 : 1;
      }
      const at = column.constant ? 0 : row;
      const result = this.compareValues[i]!(column, at, kept, id);
      if (result !== 0) return key.descending ? -result : result;
    }
    return 0;
  }

  private comparatorOf(field: RowField): CompareValues {
    switch (physicalOf(field.type)) {
      case 'i64':
        return compareI64;
      case 'i128':
        return compareI128;
      case 'f32':
      case 'f64':
        return compareFloats;
      case 'string':
      case 'bytes':
        return (column, at, kept, id) => compareBytes(
          column.heap, column.starts[at]!, column.lengths[at]!,
          this.store.heap.bytes, kept.starts[id]!, kept.lengths[id]!,
        );
      case 'row':
      case 'array':
      case 'map':
        return fail('MR2104', { engine: 'fallback', feature: `ORDER BY column ${field.name}` });
      default:
        return (column, at, kept, id) => column.values[at]! - kept.values[id]!;
    }
  }
}

function compareI64(column: Column, at: number, kept: StoredColumn, id: number): number {
  const high = column.values[2 * at + 1]! - kept.values[2 * id + 1]!;
  if (high !== 0) return high;
  return (column.values[2 * at]! >>> 0) - (kept.values[2 * id]! >>> 0);
}

function compareI128(column: Column, at: number, kept: StoredColumn, id: number): number {
  const high = column.values[4 * at + 3]! - kept.values[4 * id + 3]!;
  if (high !== 0) return high;
  for (let k = 2; k >= 0; k--) {
    const order = (column.values[4 * at + k]! >>> 0) - (kept.values[4 * id + k]! >>> 0);
    if (order !== 0) return order;
  }
  return 0;
}

function compareFloats(column: Column, at: number, kept: StoredColumn, id: number): number {
  const a = column.values[at]!;
  const b = kept.values[id]!;
  if (a < b) return -1;
  if (a > b) return 1;
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
}

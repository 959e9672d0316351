/**
 * Parts of a selection. A selection is rising row indexes; null means the rows 0 .. count - 1.
 */
import type { Column } from '../batch/column.js';

/** The selected rows for which a BOOLEAN column is TRUE. */
export function selectTrue(
  column: Column, selection: Int32Array | null, count: number,
): Int32Array {
  const rows = new Int32Array(count);
  const values = column.values as Uint8Array;
  const step = column.constant ? 0 : 1;
  const { validity } = column;
  let found = 0;
  if (column.physical === 'null') return rows.subarray(0, 0);
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    const at = row * step;
    rows[found] = row;
    const present = validity === null ? 1 : (validity[at >> 3]! >> (at & 7)) & 1;
    found += values[at]! & present;
  }
  return rows.subarray(0, found);
}

/** The selected rows that are not in `taken` (a sub-sequence of them). */
export function without(
  selection: Int32Array | null, count: number, taken: Int32Array,
): Int32Array {
  const rest = new Int32Array(count - taken.length);
  let next = 0;
  let found = 0;
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    if (taken[next] === row) next++;
    else rest[found++] = row;
  }
  return rest;
}

/** The selected rows that are not null; null where all are present and none was left out. */
export function selectPresent(
  column: Column, selection: Int32Array | null, count: number,
): Int32Array | null {
  if (column.validity === null && selection === null && column.physical !== 'null') return null;
  const rows = new Int32Array(count);
  let found = 0;
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    if (!column.isNull(row)) rows[found++] = row;
  }
  return rows.subarray(0, found);
}

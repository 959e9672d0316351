/**
 * Texts and bytes against the lengths of their types: CHAR(n) and BINARY(n) have exactly n
 * characters or bytes, VARCHAR(n) and VARBINARY(n) at most n. What is too long is cut, what is too
 * short is filled up with spaces or zero bytes.
 */
import { Column } from '../batch/column.js';
import { countCodePoints, skipCodePoints } from '../batch/utf8.js';
import { MAX_LENGTH, type DataType } from '../types/data-type.js';

const SPACE = 0x20;

/** Whether values of the type may be too long or too short. */
export function isBounded({ root, length }: DataType): boolean {
  return (length ?? MAX_LENGTH) < MAX_LENGTH &&
    (root === 'CHAR' || root === 'VARCHAR' || root === 'BINARY' || root === 'VARBINARY');
}

function isFixed({ root }: DataType): boolean {
  return root === 'CHAR' || root === 'BINARY';
}

function sizeAt({ physical, heap, starts, lengths }: Column, at: number): number {
  return physical === 'string' ? countCodePoints(heap, starts[at]!, lengths[at]!) : lengths[at]!;
}

/** Characters or bytes of the value, or -1 where it is NULL or as its bounded type says. */
export function wrongLength(column: Column, row: number, type: DataType): number {
  if (column.isNull(row)) return -1;
  const most = type.length!;
  const at = column.constant ? 0 : row;
  if (!isFixed(type) && column.lengths[at]! <= most) return -1;
  const size = sizeAt(column, at);
  return size > most || (isFixed(type) && size < most) ? size : -1;
}

/** Positions of wrong values, and how many bytes all that are too short lack. */
interface Misfits {
  readonly at: readonly number[];
  readonly lackingBytes: number;
}

function misfits(column: Column, selection: Int32Array | null, type: DataType): Misfits {
  const at: number[] = [];
  let lackingBytes = 0;
  const count = column.constant ? 1 : selection?.length ?? column.length;
  for (let i = 0; i < count; i++) {
    const row = column.constant || selection === null ? i : selection[i]!;
    const size = wrongLength(column, row, type);
    if (size < 0) continue;
    at.push(row);
    if (size < type.length!) lackingBytes += column.lengths[row]! + type.length! - size;
  }
  return { at, lackingBytes };
}

/** The column with the selected values cut and filled up; itself where all are right. */
export function fitTexts(column: Column, selection: Int32Array | null, type: DataType): Column {
  const { at, lackingBytes } = misfits(column, selection, type);
  if (at.length === 0) return column;
  const starts = column.starts.slice();
  const lengths = column.lengths.slice();
  let end = column.heap.length;
  let { heap } = column;
  if (lackingBytes > 0) {
    heap = new Uint8Array(end + lackingBytes);
    heap.set(column.heap);
    heap.fill(column.physical === 'string' ? SPACE : 0, end);
  }
  for (const row of at) {
    const start = starts[row]!;
    const length = lengths[row]!;
    const missing = type.length! - sizeAt(column, row);
    if (missing < 0) {
      lengths[row] = column.physical === 'bytes' ? type.length!
        : skipCodePoints(heap, start, start + length, type.length!) - start;
      continue;
    }
    heap.copyWithin(end, start, start + length);
    starts[row] = end;
    lengths[row] = length + missing;
    end += length + missing;
  }
  return new Column(column.type, column.length, column.values, column.validity, starts, lengths,
    heap, [], column.constant);
}

/**
 * Single values of columns of any type: equality, order, hash; and lists made by picking values.
 * native/kernels/items.h is the same in C++.
 */
import { allocateColumn, Column, setNull } from '../batch/column.js';
import { readI128 } from '../batch/int128.js';
import { compareBytes, equalBytes } from '../batch/strings.js';
import { concat, flattened, take } from '../batch/take.js';
import { compareDecimals } from '../types/decimal.js';
import type { DataType } from '../types/data-type.js';


const at = (column: Column, row: number): number => (column.constant ? 0 : row);

/**
 * Whether two values, neither NULL, are equal. Floating point compares as in Java; inside arrays,
 * maps and rows, NULL equals NULL and NaN equals NaN. Maps are equal whatever their order.
 */
export function itemsEqual(a: Column, i: number, b: Column, j: number): boolean {
  const x = at(a, i);
  const y = at(b, j);
  switch (a.physical) {
    case 'string':
    case 'bytes':
      return equalBytes(a.heap, a.starts[x]!, a.lengths[x]!, b.heap, b.starts[y]!, b.lengths[y]!);
    case 'i64':
      return a.values[2 * x] === b.values[2 * y] && a.values[2 * x + 1] === b.values[2 * y + 1];
    case 'i128':
      return compareI128(a, x, b, y) === 0;
    case 'row':
      return a.children.every((child, n) => partsEqual(child, x, b.children[n]!, y));
    case 'array':
      return arraysEqual(a, x, b, y);
    case 'map':
      return mapsEqual(a, x, b, y);
    case 'null':
      return true;
    default:
      return a.values[x] === b.values[y];
  }
}

function compareI128(a: Column, x: number, b: Column, y: number): number {
  return compareDecimals(readI128(a.values as Int32Array, x), a.type.scale ?? 0,
    readI128(b.values as Int32Array, y), b.type.scale ?? 0);
}

/** Two values inside of a collection. */
function partsEqual(a: Column, i: number, b: Column, j: number): boolean {
  const isNull = a.isNull(i);
  if (isNull || b.isNull(j)) return isNull === b.isNull(j);
  return itemsEqual(a, i, b, j) || (isNaNAt(a, i) && isNaNAt(b, j));
}

function isNaNAt(column: Column, row: number): boolean {
  const isReal = column.physical === 'f64' || column.physical === 'f32';
  return isReal && Number.isNaN(column.values[at(column, row)]);
}

function arraysEqual(a: Column, x: number, b: Column, y: number): boolean {
  const length = a.lengths[x]!;
  if (length !== b.lengths[y]!) return false;
  for (let k = 0; k < length; k++) {
    if (!partsEqual(a.children[0]!, a.starts[x]! + k, b.children[0]!, b.starts[y]! + k)) {
      return false;
    }
  }
  return true;
}

function mapsEqual(a: Column, x: number, b: Column, y: number): boolean {
  const length = a.lengths[x]!;
  if (length !== b.lengths[y]!) return false;
  for (let k = a.starts[x]!; k < a.starts[x]! + length; k++) {
    const other = findKey(a, k, b, y);
    if (other < 0 || !partsEqual(a.children[1]!, k, b.children[1]!, other)) return false;
  }
  return true;
}

/** Where the key of entry `entry` of `a` stands in the map `y` of `b`; -1 where it does not. */
function findKey(a: Column, entry: number, b: Column, y: number): number {
  for (let k = b.starts[y]!; k < b.starts[y]! + b.lengths[y]!; k++) {
    if (partsEqual(a.children[0]!, entry, b.children[0]!, k)) return k;
  }
  return -1;
}

/**
 * Negative, 0 or positive for two values, neither NULL, that are no maps. Floating point has the
 * order of Java's Double.compare, rows and arrays that of their first difference.
 */
export function compareItems(a: Column, i: number, b: Column, j: number): number {
  const x = at(a, i);
  const y = at(b, j);
  switch (a.physical) {
    case 'string':
    case 'bytes':
      return compareBytes(a.heap, a.starts[x]!, a.lengths[x]!,
        b.heap, b.starts[y]!, b.lengths[y]!);
    case 'i64':
      return a.values[2 * x + 1]! - b.values[2 * y + 1]! ||
        (a.values[2 * x]! >>> 0) - (b.values[2 * y]! >>> 0);
    case 'i128':
      return compareI128(a, x, b, y);
    case 'f32':
    case 'f64':
      return compareReals(a.values[x]!, b.values[y]!);
    case 'row':
      return compareRows(a, x, b, y);
    case 'array':
      return compareArrays(a, x, b, y);
    case 'map':
    case 'null':
      return 0;
    default:
      return a.values[x]! - b.values[y]!;
  }
}

function compareReals(x: number, y: number): number {
  if (x < y) return -1;
  if (x > y) return 1;
  if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
  return Number(Object.is(y, -0)) - Number(Object.is(x, -0));
}

/** NULL comes first. */
function compareParts(a: Column, i: number, b: Column, j: number): number {
  const isNull = a.isNull(i);
  if (isNull || b.isNull(j)) return Number(b.isNull(j)) - Number(isNull);
  return compareItems(a, i, b, j);
}

function compareRows(a: Column, x: number, b: Column, y: number): number {
  for (let k = 0; k < a.children.length; k++) {
    const order = compareParts(a.children[k]!, x, b.children[k]!, y);
    if (order !== 0) return order;
  }
  return 0;
}

function compareArrays(a: Column, x: number, b: Column, y: number): number {
  const shared = Math.min(a.lengths[x]!, b.lengths[y]!);
  for (let k = 0; k < shared; k++) {
    const order = compareParts(a.children[0]!, a.starts[x]! + k, b.children[0]!, b.starts[y]! + k);
    if (order !== 0) return order;
  }
  return a.lengths[x]! - b.lengths[y]!;
}

const mix = (hash: number, value: number): number => {
  const mixed = Math.imul(hash ^ value, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
};

/** Equal for equal values. */
function hashItem(column: Column, row: number): number {
  const x = at(column, row);
  switch (column.physical) {
    case 'string':
    case 'bytes': {
      let hash = 17;
      const end = column.starts[x]! + column.lengths[x]!;
      for (let i = column.starts[x]!; i < end; i++) hash = mix(hash, column.heap[i]!);
      return hash;
    }
    case 'i64':
      return mix(column.values[2 * x]!, column.values[2 * x + 1]!);
    case 'i128':
      return mix(column.values[4 * x]!, column.values[4 * x + 1]!);
    case 'row':
      return column.children.reduce((hash, child) => mix(hash, hashPart(child, x)), 5);
    case 'array':
    case 'map':
      return hashList(column, x);
    case 'null':
      return 3;
    default:
      return mix(11, column.values[x]! * 1024);
  }
}

const hashPart = (column: Column, row: number): number =>
  (column.isNull(row) ? 3 : hashItem(column, row));

/** Keys of a map count in any order. */
function hashList(column: Column, x: number): number {
  let hash = column.lengths[x]!;
  for (let k = column.starts[x]!; k < column.starts[x]! + column.lengths[x]!; k++) {
    const part = hashPart(column.children[0]!, k);
    hash = column.physical === 'array' ? mix(hash, part) : (hash + part) | 0;
  }
  return hash;
}

/** No value: NULL. */
export const NO_ITEM = -1;

/** Values of several columns laid one behind the other, from which lists pick theirs. */
export class ItemPool {
  private readonly sources: Column[] = [];
  private size = 0;
  private picks = new Int32Array(64);
  /** How many values were picked. */
  picked = 0;

  /** Adds a column; the index of its first value. A constant has one value. */
  add(items: Column): number {
    this.sources.push(items);
    const base = this.size;
    this.size += items.length;
    return base;
  }

  pick(index: number): void {
    if (this.picked === this.picks.length) {
      const wider = new Int32Array(this.picks.length * 2);
      wider.set(this.picks);
      this.picks = wider;
    }
    this.picks[this.picked++] = index;
  }

  /** The values of a list, whose items begin at `base`. */
  pickList(base: number, lists: Column, row: number): void {
    const x = at(lists, row);
    const start = base + lists.starts[x]!;
    for (let k = 0; k < lists.lengths[x]!; k++) this.pick(start + k);
  }

  /** The values picked, in order. */
  finish(type: DataType): Column {
    if (this.picked === 0) return allocateColumn(type, 0);
    const flat = this.sources.map((source) => flattened(source, source.length));
    const all = concat(flat, flat.map((source) => source.length));
    return retyped(take(all, this.picks.subarray(0, this.picked)), type);
  }
}

/** The same values as a column of another type of the same form. */
export function retyped(from: Column, type: DataType): Column {
  return new Column(type, from.length, from.values, from.validity, from.starts, from.lengths,
    from.heap, from.children, from.constant);
}

/** A set of values of a few columns, by position. */
export class ItemSet {
  private readonly buckets = new Map<number, { column: Column; row: number }[]>();
  private hasNull = false;

  clear(): void {
    this.buckets.clear();
    this.hasNull = false;
  }

  /** Whether the value was not there before; then it is. */
  add(column: Column, row: number): boolean {
    if (column.isNull(row)) {
      const isNew = !this.hasNull;
      this.hasNull = true;
      return isNew;
    }
    const hash = hashItem(column, row);
    const bucket = this.buckets.get(hash);
    if (bucket === undefined) {
      this.buckets.set(hash, [{ column, row }]);
      return true;
    }
    if (bucket.some((one) => itemsEqual(one.column, one.row, column, row))) return false;
    bucket.push({ column, row });
    return true;
  }

  has(column: Column, row: number): boolean {
    if (column.isNull(row)) return this.hasNull;
    const bucket = this.buckets.get(hashItem(column, row));
    return bucket?.some((one) => itemsEqual(one.column, one.row, column, row)) ?? false;
  }
}

/**
 * Puts `source[index[row]]` into each selected row of `out`, a column made for the call; NO_ITEM
 * is NULL. `index` has an entry for each row of `out`.
 */
export function putItems(
  source: Column, index: Int32Array, selection: Int32Array | null, count: number, out: Column,
): void {
  if (source.length > 0) {
    const places = new Int32Array(out.length);
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      places[row] = Math.max(0, index[row]!);
    }
    adopt(take(flattened(source, source.length), places), out);
  }
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    if (index[row] === NO_ITEM) setNull(out, row);
  }
}

/**
 * Makes `out`, made for the call, what `value` is: a column of the same length, or a constant that
 * stands for all rows. Rows that are NULL in `out` stay so.
 */
export function adopt(value: Column, out: Column): void {
  const from = value.constant && out.length !== 1 ? flattened(value, out.length) : value;
  const nulls = out.validity;
  out.values = from.values;
  out.starts = from.starts;
  out.lengths = from.lengths;
  out.heap = from.heap;
  out.children = from.children;
  const bytes = (out.length + 7) >> 3;
  out.validity = from.validity === null ? null : from.validity.slice(0, bytes);
  if (nulls === null) return;
  if (out.validity === null) out.validity = nulls;
  else for (let i = 0; i < bytes; i++) out.validity[i]! &= nulls[i]!;
}

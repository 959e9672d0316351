/**
 * One column of a batch in Arrow layout: values in a typed array, a validity bitmap, strings as
 * views into a byte heap. The layout of each physical form:
 *
 *     bool    values: Uint8Array, one byte a row, 0 or 1 (packed to bits only at the Arrow edge)
 *     i8 i16 i32 f32 f64   values: the typed array of that width
 *     i64     values: Int32Array, two words a row, low word first (the bytes of an int64)
 *     i128    values: Int32Array, four words a row, lowest first (the bytes of an int128)
 *     string, bytes   starts/lengths: byte ranges in `heap`
 *     row     children, one a field; validity of the row itself in `validity`
 *     array, map   starts/lengths: ranges of rows in children[0] (and children[1])
 *     null    nothing
 *
 * A constant column holds one value (row 0) for every row of its batch.
 */
import { childTypes, physicalOf, type DataType, type PhysicalName } from '../types/data-type.js';

export type Values = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

const NO_VALUES = new Uint8Array(0);
const NO_RANGES = new Int32Array(0);

export class Column {
  readonly physical: PhysicalName;

  constructor(
    readonly type: DataType,
    /** Rows held: 1 where `constant`. */
    public length: number,
    public values: Values,
    /** Arrow bitmap, bit set = value present; null = every value present. */
    public validity: Uint8Array | null = null,
    public starts: Int32Array = NO_RANGES,
    public lengths: Int32Array = NO_RANGES,
    public heap: Uint8Array = NO_VALUES,
    public children: readonly Column[] = [],
    public constant = false,
  ) {
    this.physical = physicalOf(type);
  }

  isNull(row: number): boolean {
    if (this.physical === 'null') return true;
    if (this.validity === null) return false;
    const at = this.constant ? 0 : row;
    return ((this.validity[at >> 3] ?? 0) & (1 << (at & 7))) === 0;
  }
}

/**
 * An empty column with room for `capacity` rows; strings start with an empty heap, arrays and maps
 * are empty, over children without values.
 */
export function allocateColumn(type: DataType, capacity: number): Column {
  const physical = physicalOf(type);
  if (physical === 'string' || physical === 'bytes') {
    const starts = new Int32Array(capacity);
    return new Column(type, capacity, NO_VALUES, null, starts, new Int32Array(capacity));
  }
  if (physical === 'row') {
    const children = (type.fields ?? []).map((field) => allocateColumn(field.type, capacity));
    return new Column(type, capacity, NO_VALUES, null, NO_RANGES, NO_RANGES, NO_VALUES, children);
  }
  if (physical === 'array' || physical === 'map') {
    const children = childTypes(type).map((child) => allocateColumn(child, 0));
    return new Column(type, capacity, NO_VALUES, null, new Int32Array(capacity),
      new Int32Array(capacity), NO_VALUES, children);
  }
  return new Column(type, capacity, allocateValues(physical, capacity));
}

/** Zeroed values of a fixed-width physical form. */
export function allocateValues(physical: PhysicalName, capacity: number): Values {
  switch (physical) {
    case 'bool':
      return new Uint8Array(capacity);
    case 'i8':
      return new Int8Array(capacity);
    case 'i16':
      return new Int16Array(capacity);
    case 'i32':
      return new Int32Array(capacity);
    case 'i64':
      return new Int32Array(capacity * 2);
    case 'i128':
      return new Int32Array(capacity * 4);
    case 'f32':
      return new Float32Array(capacity);
    case 'f64':
      return new Float64Array(capacity);
    default:
      return NO_VALUES;
  }
}

/** A bitmap of `rowCount` rows that says "all present". */
export function fullValidity(rowCount: number): Uint8Array {
  return new Uint8Array((rowCount + 7) >> 3).fill(0xff);
}

/** Marks a row absent; the bitmap is made at the first one. */
export function setNull(column: Column, row: number): void {
  column.validity ??= fullValidity(column.length);
  column.validity[row >> 3]! &= ~(1 << (row & 7));
}

const TWO_32 = 4294967296;

/** An i64 as a number; exact while its magnitude is below 2^53. */
export function readI64(values: Int32Array, row: number): number {
  return values[2 * row + 1]! * TWO_32 + (values[2 * row]! >>> 0);
}

/** Whether the i64 of a row is exact as a number: its high word within 21 bits. */
export function isSafeI64(values: Int32Array, row: number): boolean {
  const high = values[2 * row + 1]!;
  return high >= -0x200000 && high < 0x200000;
}

/** Writes an integer of magnitude below 2^53. */
export function writeI64(values: Int32Array, row: number, value: number): void {
  values[2 * row] = value | 0;
  values[2 * row + 1] = Math.floor(value / TWO_32);
}

/** The slow, exact form of readI64. */
export function readBigI64(values: Int32Array, row: number): bigint {
  return (BigInt(values[2 * row + 1]!) << 32n) | BigInt(values[2 * row]! >>> 0);
}

/** The slow, exact form of writeI64; wraps to 64 bits. */
export function writeBigI64(values: Int32Array, row: number, value: bigint): void {
  values[2 * row] = Number(BigInt.asIntN(32, value));
  values[2 * row + 1] = Number(BigInt.asIntN(32, value >> 32n));
}

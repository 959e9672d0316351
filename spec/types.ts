/**
 * The data types, one row each: Flink's type root, its stable number in encoded plans and
 * snapshots, and the physical form of its values in both engines (Arrow layout).
 */

/** Stable number of each physical form. Shared with native/generated/types.h. */
export const PHYSICAL_TYPES = [
  { id: 0, name: 'bool', bytes: 1 },
  { id: 1, name: 'i8', bytes: 1 },
  { id: 2, name: 'i16', bytes: 2 },
  { id: 3, name: 'i32', bytes: 4 },
  { id: 4, name: 'i64', bytes: 8 },
  { id: 5, name: 'f32', bytes: 4 },
  { id: 6, name: 'f64', bytes: 8 },
  { id: 7, name: 'i128', bytes: 16 },
  { id: 8, name: 'string', bytes: 16 },
  { id: 9, name: 'bytes', bytes: 16 },
  { id: 10, name: 'row', bytes: 0 },
  { id: 11, name: 'array', bytes: 8 },
  { id: 12, name: 'map', bytes: 8 },
  { id: 13, name: 'null', bytes: 0 },
] as const;

export type PhysicalName = (typeof PHYSICAL_TYPES)[number]['name'];

interface TypeRow {
  /** Stable number in encoded plans. Never reused. */
  readonly id: number;
  readonly root: string;
  readonly physical: PhysicalName;
  /** What one value is. */
  readonly unit: string;
}

/**
 * Timestamps count milliseconds for precision 0-3, microseconds for 4-6 and nanoseconds for 7-9
 * (Arrow's units), so event time needs no division.
 */
export const TYPES = [
  { id: 0, root: 'NULL', physical: 'null', unit: 'the type of a bare NULL' },
  { id: 1, root: 'BOOLEAN', physical: 'bool', unit: 'one byte, 0 or 1' },
  { id: 2, root: 'TINYINT', physical: 'i8', unit: 'integer' },
  { id: 3, root: 'SMALLINT', physical: 'i16', unit: 'integer' },
  { id: 4, root: 'INTEGER', physical: 'i32', unit: 'integer' },
  { id: 5, root: 'BIGINT', physical: 'i64', unit: 'integer' },
  { id: 6, root: 'FLOAT', physical: 'f32', unit: 'IEEE single' },
  { id: 7, root: 'DOUBLE', physical: 'f64', unit: 'IEEE double' },
  { id: 8, root: 'DECIMAL', physical: 'i128', unit: 'unscaled integer, value = unscaled / 10^scale' },
  { id: 9, root: 'CHAR', physical: 'string', unit: 'UTF-8' },
  { id: 10, root: 'VARCHAR', physical: 'string', unit: 'UTF-8' },
  { id: 11, root: 'BINARY', physical: 'bytes', unit: 'bytes' },
  { id: 12, root: 'VARBINARY', physical: 'bytes', unit: 'bytes' },
  { id: 13, root: 'DATE', physical: 'i32', unit: 'days since 1970-01-01' },
  { id: 14, root: 'TIME', physical: 'i32', unit: 'milliseconds of the day' },
  { id: 15, root: 'TIMESTAMP', physical: 'i64', unit: 'ms, us or ns by precision, wall clock' },
  { id: 16, root: 'TIMESTAMP_LTZ', physical: 'i64', unit: 'ms, us or ns by precision, UTC' },
  { id: 17, root: 'INTERVAL_YEAR_MONTH', physical: 'i32', unit: 'months' },
  { id: 18, root: 'INTERVAL_DAY_TIME', physical: 'i64', unit: 'milliseconds' },
  { id: 19, root: 'ROW', physical: 'row', unit: 'children' },
  { id: 20, root: 'ARRAY', physical: 'array', unit: 'offset and length into one child' },
  { id: 21, root: 'MAP', physical: 'map', unit: 'offset and length into two children' },
  { id: 22, root: 'MULTISET', physical: 'map', unit: 'offset and length into two children' },
] as const satisfies readonly TypeRow[];

export type TypeRoot = (typeof TYPES)[number]['root'];

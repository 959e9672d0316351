/**
 * Order of two values of one physical form in two values arrays: numbers as Java compares them (a
 * NaN is neither less nor greater), integers by value.
 */
import type { Values } from '../../batch/column.js';
import type { PhysicalName } from '../../types/data-type.js';

export type ValueLess = (a: Values, aRow: number, b: Values, bRow: number) => boolean;

const numberLess: ValueLess = (a, aRow, b, bRow) => a[aRow]! < b[bRow]!;

const bigintLess: ValueLess = (a, aRow, b, bRow) => {
  const aHigh = a[2 * aRow + 1]!;
  const bHigh = b[2 * bRow + 1]!;
  return aHigh < bHigh || (aHigh === bHigh && a[2 * aRow]! >>> 0 < b[2 * bRow]! >>> 0);
};

const decimalLess: ValueLess = (a, aRow, b, bRow) => {
  const aAt = 4 * aRow;
  const bAt = 4 * bRow;
  if (a[aAt + 3] !== b[bAt + 3]) return a[aAt + 3]! < b[bAt + 3]!;
  for (let k = 2; k >= 0; k--) {
    if (a[aAt + k] !== b[bAt + k]) return a[aAt + k]! >>> 0 < b[bAt + k]! >>> 0;
  }
  return false;
};

/** The order of a fixed-width form. */
export function valueLess(physical: PhysicalName): ValueLess {
  if (physical === 'i64') return bigintLess;
  return physical === 'i128' ? decimalLess : numberLess;
}

/** Random rows of one table with a watermark three seconds behind, some rows late. */
import fc from 'fast-check';
import type { InputRow } from '../../src/index.js';

export const TABLE_DDL = `CREATE TABLE t (
  id INT, k STRING, i INT, b BIGINT, d DOUBLE, e DECIMAL(8, 2), s STRING, f BOOLEAN,
  ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '3' SECOND)`;

export interface TableRow {
  readonly id: number;
  readonly k: string | null;
  readonly i: number | null;
  readonly b: bigint | null;
  readonly d: number | null;
  readonly e: string | null;
  readonly s: string | null;
  readonly f: boolean | null;
  /** `2024-03-01T12:00:07`. */
  readonly ts: string;
}

const BASE_MS = Date.parse('2024-03-01T12:00:00Z');

const orNull = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.option(value, { freq: 6 });

const cells = fc.record({
  k: orNull(fc.constantFrom('a', 'b', 'c', '')),
  i: orNull(fc.integer({ min: -3, max: 9 })),
  b: orNull(fc.oneof(fc.bigInt({ min: -20n, max: 20n }),
    fc.constantFrom(9007199254740993n, 2n ** 63n - 1n, -(2n ** 63n)))),
  // multiples of a quarter: sums are exact in any order
  d: orNull(fc.integer({ min: -40, max: 40 }).map((quarters) => quarters / 4)),
  e: orNull(fc.integer({ min: -99999, max: 99999 }).map((cents) => (cents / 100).toFixed(2))),
  s: orNull(fc.constantFrom('', 'x', 'Yz', '12', 'long text of more than twelve', 'ä', '👍b')),
  f: orNull(fc.boolean()),
  /** Seconds forward, or back behind the last row. */
  step: fc.integer({ min: -8, max: 6 }),
  ms: fc.constantFrom(0, 0, 1, 500, 999),
});

export const tableRows: fc.Arbitrary<readonly TableRow[]> =
  fc.array(cells, { maxLength: 40 }).map((list) => {
    let now = BASE_MS;
    return list.map(({ step, ms, ...row }, id) => {
      now += 1000 * Math.max(step, 0);
      const ts = new Date(now + 1000 * Math.min(step, 0) + ms).toISOString().slice(0, 23);
      return { id, ...row, ts };
    });
  });

/** As the API takes them. */
export function inputRows(rows: readonly TableRow[]): readonly InputRow[] {
  return rows.map((row): InputRow => ({ ...row }));
}

/** Whether any row stands behind the watermark of the rows before it. */
export function hasLateRows(rows: readonly TableRow[]): boolean {
  let watermark = -Infinity;
  return rows.some((row) => {
    const ms = Date.parse(`${row.ts}Z`);
    const isLate = ms <= watermark;
    watermark = Math.max(watermark, ms - WATERMARK_LAG_MS);
    return isLate;
  });
}

/** The rows that are not behind the watermark of those before them. */
export function withoutLateRows(rows: readonly TableRow[]): readonly TableRow[] {
  let watermark = -Infinity;
  return rows.filter((row) => {
    const ms = Date.parse(`${row.ts}Z`);
    const isLate = ms <= watermark;
    watermark = Math.max(watermark, ms - WATERMARK_LAG_MS);
    return !isLate;
  });
}

export const WATERMARK_LAG_MS = 3000;

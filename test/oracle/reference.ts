/**
 * What the results must be, computed in the most obvious way: one row at a time, whole groups in
 * memory, no changes. It shares nothing with the engines but the types of its input.
 */
import type { TableRow } from '../parity/random-table.js';

export type Cell = string | number | bigint | boolean | null;
export type KeyColumn = 'k' | 's' | 'f';
export type SortColumn = 'i' | 'b' | 'id';

export const AGGREGATES = {
  'COUNT(*)': (rows: readonly TableRow[]): Cell => BigInt(rows.length),
  'COUNT(i)': (rows: readonly TableRow[]): Cell => BigInt(present(rows).length),
  'SUM(i)': (rows: readonly TableRow[]): Cell =>
    present(rows).length === 0 ? null : total(present(rows)),
  'AVG(i)': (rows: readonly TableRow[]): Cell =>
    present(rows).length === 0 ? null : Math.trunc(total(present(rows)) / present(rows).length) + 0,
  'MIN(i)': (rows: readonly TableRow[]): Cell =>
    present(rows).length === 0 ? null : Math.min(...present(rows)),
  'MAX(i)': (rows: readonly TableRow[]): Cell =>
    present(rows).length === 0 ? null : Math.max(...present(rows)),
  'COUNT(DISTINCT i)': (rows: readonly TableRow[]): Cell => BigInt(new Set(present(rows)).size),
  'COUNT(*) FILTER (WHERE f)': (rows: readonly TableRow[]): Cell =>
    BigInt(rows.filter((row) => row.f === true).length),
  'SUM(i) FILTER (WHERE i > 2)': (rows: readonly TableRow[]): Cell => {
    const large = present(rows).filter((value) => value > 2);
    return large.length === 0 ? null : total(large);
  },
} as const;

export type AggregateName = keyof typeof AGGREGATES;

const present = (rows: readonly TableRow[]): number[] =>
  rows.flatMap((row) => (row.i === null ? [] : [row.i]));

const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** SELECT keys, aggregates FROM t GROUP BY keys. */
export function groups(
  rows: readonly TableRow[], keys: readonly KeyColumn[], aggregates: readonly AggregateName[],
): Cell[][] {
  return [...partitions(rows, keys).values()].map((group) =>
    [...keys.map((key) => group[0]![key]), ...aggregates.map((name) => AGGREGATES[name](group))]);
}

function partitions<Row extends TableRow>(
  rows: readonly Row[], keys: readonly (KeyColumn | 'start' | 'end')[],
): Map<string, Row[]> {
  const found = new Map<string, Row[]>();
  for (const row of rows) {
    const name = JSON.stringify(keys.map((key) => (row as Readonly<Record<string, unknown>>)[key]));
    found.set(name, [...found.get(name) ?? [], row]);
  }
  return found;
}

export interface WindowShape {
  readonly kind: 'TUMBLE' | 'HOP' | 'CUMULATE';
  readonly sizeMs: number;
  /** HOP: how often one starts; CUMULATE: how much it grows; TUMBLE: its size. */
  readonly stepMs: number;
}

export interface WindowRow extends TableRow {
  readonly start: number;
  readonly end: number;
}

/** The windows of a moment, in ms since the epoch. */
function windowsOf(ms: number, { kind, sizeMs, stepMs }: WindowShape): [number, number][] {
  const found: [number, number][] = [];
  if (kind === 'CUMULATE') {
    const start = Math.floor(ms / sizeMs) * sizeMs;
    for (let end = start + stepMs; end <= start + sizeMs; end += stepMs) {
      if (ms < end) found.push([start, end]);
    }
    return found;
  }
  const last = Math.floor(ms / stepMs) * stepMs;
  for (let start = last; start > ms - sizeMs; start -= stepMs) found.push([start, start + sizeMs]);
  return found;
}

/**
 * Each row once for each of its windows that had not ended when it came: a window has ended
 * where the watermark of the rows before has reached its last millisecond.
 */
export function windowRows(
  rows: readonly TableRow[], shape: WindowShape, lagMs: number,
): WindowRow[] {
  let watermark = -Infinity;
  return rows.flatMap((row) => {
    const ms = Date.parse(`${row.ts}Z`);
    const open = windowsOf(ms, shape).filter(([, end]) => end - 1 > watermark);
    watermark = Math.max(watermark, ms - lagMs);
    return open.map(([start, end]) => ({ ...row, start, end }));
  });
}

/** SELECT window_start, window_end, keys, aggregates, grouped by the window and the keys. */
export function windowGroups(
  rows: readonly WindowRow[], keys: readonly KeyColumn[], aggregates: readonly AggregateName[],
): Cell[][] {
  return [...partitions(rows, ['start', 'end', ...keys]).values()].map((group) => [
    timestampText(group[0]!.start), timestampText(group[0]!.end),
    ...keys.map((key) => group[0]![key]), ...aggregates.map((name) => AGGREGATES[name](group)),
  ]);
}

/** `2024-03-01T12:00:05`; seconds that are zero are not printed. */
function timestampText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace(/:00$/, '');
}

export interface TopShape {
  readonly partition: KeyColumn | null;
  readonly column: SortColumn;
  readonly isDescending: boolean;
  readonly count: number;
}

/** Rank, id and sort column of the first rows; NULL is smaller than any value, ties go by id. */
export function top(rows: readonly TableRow[], shape: TopShape): Cell[][] {
  const keys = shape.partition === null ? [] : [shape.partition];
  return [...partitions(rows, keys).values()].flatMap((group) => {
    const order = [...group].sort((a, b) => {
      const sign = comparison(a[shape.column], b[shape.column]);
      return (shape.isDescending ? -sign : sign) || a.id - b.id;
    });
    return order.slice(0, shape.count).map((row, at): Cell[] =>
      [BigInt(at + 1), row.id, row[shape.column]]);
  });
}

/**
 * k, s, the truncated average of the sums of i and the largest count among the groups (k, s) of
 * one k that stand up to `preceding` before and at it in the order of s.
 */
export function overGroups(rows: readonly TableRow[], preceding: number): Cell[][] {
  return [...partitions(rows, ['k']).values()].flatMap((partition) => {
    const list = groups(partition, ['k', 's'], ['SUM(i)', 'COUNT(*)'])
      .sort((a, b) => Buffer.compare(orderBytes(a[1]!), orderBytes(b[1]!)));
    return list.map(([k, s], at): Cell[] => {
      const frame = list.slice(Math.max(0, at - preceding), at + 1);
      const sums = frame.flatMap((one) => (one[2] === null ? [] : [Number(one[2])]));
      const average = sums.length === 0 ? null : Math.trunc(total(sums) / sums.length) + 0;
      return [k!, s!, average, BigInt(Math.max(...frame.map((one) => Number(one[3]))))];
    });
  });
}

/** NULL is smaller than any text. */
function orderBytes(text: Cell): Buffer {
  return text === null ? Buffer.alloc(0) : Buffer.from(`\u0001${String(text)}`);
}

function comparison(a: number | bigint | null, b: number | bigint | null): number {
  if (a === null || b === null) return Number(b === null) - Number(a === null);
  return a < b ? -1 : Number(a > b);
}

/** Rows as result lines write them, sorted: BIGINT as text. */
export function tableText(rows: readonly Cell[][]): string[] {
  return rows.map((row) => JSON.stringify(row.map((cell) =>
    (typeof cell === 'bigint' ? String(cell) : cell)))).sort();
}

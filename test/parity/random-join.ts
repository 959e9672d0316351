/** Random joins of the table of random-table.ts with itself. */
import fc from 'fast-check';
import type { RandomQuery } from './random-query.js';

const pick = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

const type = pick('JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN');
const equality = pick('a.k = b.k', 'a.k = b.k AND a.f = b.f', 'a.s = b.s',
  'a.k IS NOT DISTINCT FROM b.k', 'a.e = b.e AND a.k = b.k');
const beside = pick('', ' AND a.i < b.i', ' AND a.i + b.id > 9', " AND a.s <> 'x'",
  ' AND b.d IS NOT NULL AND a.b > b.b');
const columns = 'a.id, a.k, a.e, b.id, b.s, b.ts';

/** Which of two inputs comes first is free: all changes add up to one table. */
const FREE = ['table', 'table'] as const;

const joinQuery = fc.tuple(type, equality, beside, pick('t', '(SELECT * FROM t WHERE i > 0)',
  '(SELECT k, f, s, e, i, id, d, b, ts FROM (SELECT *, ROW_NUMBER() OVER ' +
  '(PARTITION BY k ORDER BY id DESC) AS r FROM t) WHERE r = 1)'))
  .map(([join, on, more, right]): RandomQuery => ({
    sql: `SELECT ${columns} FROM t a ${join} ${right} b ON ${on}${more}`, equal: FREE,
  }));

const semiQuery = fc.tuple(pick('EXISTS', 'NOT EXISTS'), equality, beside)
  .map(([word, on, more]): RandomQuery => ({
    sql: `SELECT id, k, s FROM t a WHERE ${word} (SELECT 1 FROM (SELECT * FROM t WHERE i > 2) b ` +
      `WHERE ${on}${more})`,
    equal: FREE,
  }));

const seconds = fc.integer({ min: -4, max: 6 });
const bounds = fc.tuple(seconds, seconds, pick('>=', '>'), pick('<=', '<'))
  .map(([from, to, above, below]) =>
    `a.ts ${above} b.ts + INTERVAL '${from}' SECOND ` +
    `AND a.ts ${below} b.ts + INTERVAL '${to}' SECOND`);

const intervalQuery = fc.tuple(type, equality, beside, bounds)
  .map(([join, on, more, between]): RandomQuery => ({
    sql: `SELECT ${columns} FROM t a ${join} t b ON ${on}${more} AND ${between}`,
    equal: FREE, isTimed: true, needsTimely: true,
  }));

const windowed = (name: string): string => '(SELECT id, k, f, s, e, i, d, b, ts, window_start, ' +
  `window_end FROM TABLE(${name}))`;

const windowJoinQuery = fc.tuple(type, equality, beside,
  pick("TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '5' SECOND)",
    "HOP(TABLE t, DESCRIPTOR(ts), INTERVAL '2' SECOND, INTERVAL '6' SECOND)"))
  .map(([join, on, more, window]): RandomQuery => ({
    sql: `SELECT ${columns}, a.window_end FROM ${windowed(window)} a ${join} ${windowed(window)} ` +
      `b ON ${on}${more} AND a.window_start = b.window_start AND a.window_end = b.window_end`,
    equal: FREE, isTimed: true, needsTimely: true,
  }));

const temporalQuery = fc.tuple(pick('JOIN', 'LEFT JOIN'), pick('', ' AND a.i < b.i', ' AND b.f'),
  pick('k', 's', 'k, f')).map(([join, more, by]): RandomQuery => ({
  sql: 'WITH b AS (SELECT id, k, f, s, i, ts FROM (SELECT *, ROW_NUMBER() OVER ' +
    `(PARTITION BY ${by} ORDER BY ts DESC) AS r FROM t WHERE i > 1) WHERE r = 1) ` +
    `SELECT a.id, b.id, b.ts, b.s FROM t a ${join} b FOR SYSTEM_TIME AS OF a.ts ` +
    `ON ${by.split(', ').map((key) => `a.${key} = b.${key}`).join(' AND ')}${more}`,
  equal: FREE, isTimed: true, needsTimely: true,
}));

export const joinsByKind: Readonly<Record<string, fc.Arbitrary<RandomQuery>>> = {
  join: joinQuery, 'semi and anti join': semiQuery, 'interval join': intervalQuery,
  'window join': windowJoinQuery, 'temporal join': temporalQuery,
};

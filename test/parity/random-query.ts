/** Random queries over the random table, with what may be asked of their answers. */
import fc from 'fast-check';
import { joinsByKind } from './random-join.js';
import { matchQuery } from './random-match.js';

export type Equality = 'changes' | 'table';

export interface RandomQuery {
  readonly sql: string;
  /**
   * What must be equal, with one subtask and with several: the changes, or, where the order of
   * rows of several inputs is free, only the table that they leave behind.
   */
  readonly equal: readonly [alone: Equality, inParallel: Equality];
  /** Whether the watermark decides what becomes of a row: which rows are late is then free too. */
  readonly isTimed?: true;
  /** Late rows are left out: what they meet depends on which input came first. */
  readonly needsTimely?: true;
}

const EXACT = ['changes', 'changes'] as const;
const EXACT_ALONE = ['changes', 'table'] as const;
const FREE = ['table', 'table'] as const;

const pick = (...texts: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...texts);

const { int, text, bool } = fc.letrec<{ int: string; text: string; bool: string }>((tie) => ({
  int: fc.oneof({ maxDepth: 3, depthIdentifier: 'expression' },
    pick('i', 'b', 'id', '7', '-1', 'CAST(NULL AS INT)', 'CHAR_LENGTH(s)'),
    fc.tuple(tie('int'), pick('+', '-', '*'), tie('int')).map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc.tuple(tie('int'), pick('2', '3', '(i - 9)')).map(([a, b]) => `(${a} / ${b})`),
    fc.tuple(tie('bool'), tie('int'), tie('int'))
      .map(([c, a, b]) => `CASE WHEN ${c} THEN ${a} ELSE ${b} END`),
    fc.tuple(tie('int'), tie('int')).map(([a, b]) => `COALESCE(${a}, ${b})`),
    tie('int').map((a) => `ABS(${a})`)),
  text: fc.oneof({ maxDepth: 2, depthIdentifier: 'expression' },
    pick('s', 'k', "'lit'", 'CAST(i AS STRING)', 'CAST(e AS STRING)', 'CAST(ts AS STRING)'),
    fc.tuple(tie('text'), tie('text')).map(([a, b]) => `(${a} || ${b})`),
    tie('text').map((a) => `UPPER(${a})`),
    tie('text').map((a) => `SUBSTRING(${a} FROM 2 FOR 3)`)),
  bool: fc.oneof({ maxDepth: 3, depthIdentifier: 'expression' },
    pick('f', 'i > 3', 'k IS NULL', "s LIKE '%x%'", 'b BETWEEN -5 AND 5', "k IN ('a', 'c')",
      'd < 2.5', 'e >= 10.5', 'CAST(s AS INT) > 3', 'TRY_CAST(s AS INT) IS NOT NULL'),
    fc.tuple(tie('bool'), pick('AND', 'OR'), tie('bool'))
      .map(([a, op, b]) => `(${a} ${op} ${b})`),
    tie('bool').map((a) => `(NOT ${a})`),
    fc.tuple(tie('int'), pick('=', '<>', '<', '>='), tie('int'))
      .map(([a, op, b]) => `(${a} ${op} ${b})`)),
}));

const value = fc.oneof(int, text, bool, pick('d * 2', 'e + i', 'e * 1.5', 'd + i', 'ts'));
const where = fc.option(pick('i > 0', 'f', 'k IS NOT NULL', 'b < 10 OR f IS NULL', 'id <> 3'))
  .map((condition) => (condition === null ? '' : ` WHERE ${condition}`));

const call = pick('COUNT(*)', 'COUNT(i)', 'SUM(i)', 'SUM(b)', 'SUM(d)', 'SUM(e)', 'AVG(i)',
  'AVG(e)', 'MIN(i)', 'MAX(b)', 'MIN(s)', 'MAX(e)', 'MAX(ts)', 'COUNT(DISTINCT k)',
  'COUNT(DISTINCT s)', 'SUM(DISTINCT i)', 'COUNT(*) FILTER (WHERE i > 2)',
  'SUM(e) FILTER (WHERE f)',
  'COUNT(DISTINCT i) FILTER (WHERE b > 0)', 'AVG(d)');
const calls = fc.uniqueArray(call, { minLength: 1, maxLength: 4 }).map((list) => list.join(', '));
const keys = pick('k', 's', 'f', 'k, f', 'i', 'd', 'e', 'i, s', '');

const calcQuery = fc.tuple(fc.array(value, { minLength: 1, maxLength: 4 }), fc.option(bool))
  .map(([list, condition]) => ({
    sql: `SELECT ${list.join(', ')} FROM t${condition === null ? '' : ` WHERE ${condition}`}`,
    equal: EXACT,
  }));

const groupQuery = fc.tuple(keys, calls, where, fc.option(pick('COUNT(*) > 1', 'MAX(i) < 5')))
  .map(([by, list, filter, having]) => ({
    sql: `SELECT ${by === '' ? '' : `${by}, `}${list} FROM t${filter}` +
      (by === '' ? '' : ` GROUP BY ${by}`) + (having === null ? '' : ` HAVING ${having}`),
    equal: EXACT,
  }));

const cascadeQuery = fc.tuple(pick('COUNT(n)', 'SUM(m)', 'MAX(m)', 'MIN(m)', 'COUNT(DISTINCT m)',
  'AVG(n)'), pick('k', 's', 'i')).map(([outer, by]) => ({
  sql: `SELECT n, ${outer} FROM (SELECT ${by}, COUNT(*) AS n, SUM(i) AS m FROM t GROUP BY ${by}) ` +
    'GROUP BY n',
  equal: EXACT_ALONE,
}));

const WINDOWS = [
  "TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '5' SECOND)",
  "TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '4' SECOND, INTERVAL '1' SECOND)",
  "HOP(TABLE t, DESCRIPTOR(ts), INTERVAL '2' SECOND, INTERVAL '6' SECOND)",
  "HOP(TABLE t, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '10' SECOND)",
  "CUMULATE(TABLE t, DESCRIPTOR(ts), INTERVAL '2' SECOND, INTERVAL '8' SECOND)",
] as const;
const window = pick(...WINDOWS);

const windowQuery = fc.tuple(window, pick('', 'k', 's', 'k, f'), calls)
  .map(([over, by, list]) => {
    const all = `window_start, window_end${by === '' ? '' : `, ${by}`}`;
    return { sql: `SELECT ${all}, ${list} FROM TABLE(${over}) GROUP BY ${all}`,
      equal: EXACT, isTimed: true as const };
  });

const order = pick('i DESC, id', 'b, id', 'e DESC, s, id', 's, id DESC', 'd, i, id', 'id DESC');

const topQuery = fc.tuple(pick('k', 's', 'f', ''), order, fc.integer({ min: 2, max: 4 }),
  fc.boolean(), where).map(([by, orderBy, n, isNumbered, filter]) => {
  const partition = by === '' ? '' : `PARTITION BY ${by} `;
  return {
    sql: `SELECT ${isNumbered ? 'r, ' : ''}id, k, i, s FROM (SELECT *, ROW_NUMBER() OVER ` +
      `(${partition}ORDER BY ${orderBy}) AS r FROM t${filter}) WHERE r <= ${n}`,
    equal: EXACT,
  };
});

const topOfGroupsQuery = fc.tuple(pick('n DESC, k', 'm, k', 'm DESC, k DESC'), fc.boolean())
  .map(([orderBy, isNumbered]) => ({
    sql: `SELECT ${isNumbered ? 'r, ' : ''}k, n, m FROM (SELECT *, ROW_NUMBER() OVER ` +
      `(ORDER BY ${orderBy}) AS r FROM (SELECT k, COUNT(*) AS n, SUM(i) AS m FROM t GROUP BY k)) ` +
      'WHERE r <= 2',
    equal: EXACT_ALONE,
  }));

const firstQuery = fc.tuple(pick('k', 's', 'k, f'), pick('ts', 'ts DESC')).map(([by, orderBy]) => ({
  sql: 'SELECT id, k, s, ts FROM (SELECT *, ROW_NUMBER() OVER ' +
    `(PARTITION BY ${by} ORDER BY ${orderBy}) AS r FROM t) WHERE r = 1`,
  equal: EXACT, isTimed: true as const,
}));

const windowTopQuery = fc.tuple(window, order).map(([over, orderBy]) => ({
  sql: 'SELECT id, k, i, window_start FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY ' +
    `window_start, window_end, k ORDER BY ${orderBy}) AS r FROM TABLE(${over})) WHERE r <= 2`,
  equal: EXACT, isTimed: true as const,
}));

const unionQuery = fc.tuple(where, where).map(([one, other]) => ({
  sql: `SELECT k, COUNT(*), SUM(i) FROM (SELECT k, i FROM t${one} UNION ALL ` +
    `SELECT s, id FROM t${other}) GROUP BY k`,
  equal: FREE,
}));

const item = pick('i', 'id', 'i * 2', 'CAST(NULL AS INT)', 'CHAR_LENGTH(s)');
const collection = fc.oneof(
  fc.array(item, { minLength: 1, maxLength: 3 }).map((list) => `ARRAY[${list.join(', ')}]`),
  fc.array(item, { minLength: 1, maxLength: 3 })
    .map((list) => `CASE WHEN f THEN ARRAY[${list.join(', ')}] END`));

const unnestQuery = fc.tuple(pick('CROSS JOIN', 'LEFT JOIN', 'JOIN'), collection, fc.boolean(),
  pick('TRUE', 'x > 2', 'x IS NULL'), where, fc.boolean())
  .map(([type, list, isNumbered, on, filter, isGrouped]) => {
    const numbers = isNumbered ? ' WITH ORDINALITY AS u(x, o)' : ' AS u(x)';
    const from = `t ${type} UNNEST(${list})${numbers}${type === 'CROSS JOIN' ? '' : ` ON ${on}`}`;
    return isGrouped
      ? { sql: `SELECT x, COUNT(*), MAX(s) FROM ${from}${filter} GROUP BY x`, equal: EXACT }
      : { sql: `SELECT id, s, x${isNumbered ? ', o' : ''} FROM ${from}${filter}`, equal: EXACT };
  });

const unnestOfGroupsQuery = fc.tuple(pick('k', 's', 'f'),
  pick('TRUE', 'x > 1')).map(([by, on]) => ({
  sql: `SELECT ${by}, x FROM (SELECT ${by}, COUNT(*) AS n, SUM(i) AS m FROM t GROUP BY ${by}) ` +
    `LEFT JOIN UNNEST(ARRAY[n, m]) AS u(x) ON ${on}`,
  equal: EXACT,
}));

const frame = fc.oneof(
  fc.integer({ min: 0, max: 3 }).map((n) => `ROWS BETWEEN ${n} PRECEDING AND CURRENT ROW`),
  pick('ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW',
    'RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW'));
const OVER_CALLS = ['COUNT(*)', 'SUM(m)', 'AVG(m)', 'MIN(m)', 'MAX(n)', 'FIRST_VALUE(s)',
  'LAST_VALUE(m)', 'SUM(x)', 'COUNT(DISTINCT n)'] as const;

/** No two rows of a partition are equal in the order. */
const overGroupsQuery = fc.tuple(fc.boolean(), frame,
  fc.uniqueArray(pick(...OVER_CALLS), { minLength: 1, maxLength: 3 }))
  .map(([isByK, rows, list]) => ({
    sql: `SELECT ${list.map((one) => `${one} OVER w`).join(', ')} FROM (` +
      'SELECT k, s, COUNT(*) AS n, SUM(i) AS m, SUM(d) AS x FROM t GROUP BY k, s) ' +
      `WINDOW w AS (PARTITION BY ${isByK ? 'k ORDER BY s' : 's ORDER BY k'} ${rows})`,
    equal: EXACT_ALONE,
  }));

const rankOverQuery = fc.tuple(pick('PARTITION BY k ', ''), pick('i', 's', 'ts'),
  pick('RANK()', 'DENSE_RANK()'), where).map(([partition, orderBy, call, filter]) => ({
  sql: `SELECT id, ${call} OVER w, SUM(i) OVER w FROM t${filter} ` +
    `WINDOW w AS (${partition}ORDER BY ${orderBy})`,
  equal: EXACT_ALONE, isTimed: true as const,
}));

export const queriesByKind: Readonly<Record<string, fc.Arbitrary<RandomQuery>>> = {
  calc: calcQuery, 'group aggregate': groupQuery, 'aggregate of aggregates': cascadeQuery,
  'window aggregate': windowQuery, 'top-n': topQuery, 'top-n of groups': topOfGroupsQuery,
  deduplicate: firstQuery, 'window top-n': windowTopQuery, 'union all': unionQuery,
  'row pattern': matchQuery, ...joinsByKind,
  unnest: unnestQuery, 'unnest of groups': unnestOfGroupsQuery,
  'over groups': overGroupsQuery, 'rank over': rankOverQuery,
};

/** Clauses and operators of queries. */
import { rows, withoutEffect, type CoverageRow } from './row.js';

const window = (call: string, table = 'f', time = 'ts'): string =>
  `TABLE(${call.replace('(', `(TABLE ${table}, DESCRIPTOR(${time}), `)})`;
const perWindow = (call: string, time = 'ts'): string =>
  `SELECT window_start, window_end, i, COUNT(*) FROM ${window(call, 'f', time)}
   GROUP BY window_start, window_end, i`;
const MINUTE = `INTERVAL '1' MINUTE`;
const HOUR = `INTERVAL '1' HOUR`;
const windowed = (table: string): string => window(`TUMBLE(${MINUTE})`, table);
const windowJoin = (kind: string): string => `SELECT l.i FROM
  (SELECT * FROM ${windowed('f')}) l ${kind} JOIN (SELECT * FROM ${windowed('g')}) q
  ON l.i = q.i AND l.window_start = q.window_start AND l.window_end = q.window_end`;
const interval = (kind: string): string => `SELECT f.i, g.n FROM f ${kind} JOIN g ON f.i = g.i
  AND f.ts BETWEEN g.ts - ${MINUTE} AND g.ts + ${MINUTE}`;
const topN = (order: string, from = 'f'): string => `SELECT * FROM (SELECT i, n, ROW_NUMBER() OVER (
  PARTITION BY i ORDER BY ${order}) AS rn FROM ${from}) WHERE rn <= 3`;
const over = (call: string, frame = ''): string =>
  `SELECT ${call} OVER (PARTITION BY i ORDER BY ts ${frame}) FROM f`;
const match = (pattern: string, define: string, rest = ''): string =>
  `SELECT * FROM f MATCH_RECOGNIZE (PARTITION BY i ORDER BY ts MEASURES A.n AS an
   ONE ROW PER MATCH ${rest} PATTERN (${pattern}) DEFINE ${define})`;

const WINDOW_ROWS: readonly CoverageRow[] = [
  ...rows('Q-010', {
    TUMBLE: perWindow(`TUMBLE(${MINUTE})`),
    'TUMBLE with an offset': perWindow(`TUMBLE(${MINUTE}, INTERVAL '5' SECOND)`),
    'TUMBLE on processing time': perWindow(`TUMBLE(${MINUTE})`, 'pt'),
    'named arguments': `SELECT window_end, COUNT(*) FROM TABLE(TUMBLE(DATA => TABLE f,
      TIMECOL => DESCRIPTOR(ts), SIZE => ${MINUTE})) GROUP BY window_start, window_end`,
  }),
  ...rows('Q-011', {
    HOP: perWindow(`HOP(${MINUTE}, ${HOUR})`),
    'HOP on processing time': perWindow(`HOP(${MINUTE}, ${HOUR})`, 'pt'),
  }),
  ...rows('Q-012', {
    CUMULATE: perWindow(`CUMULATE(${MINUTE}, ${HOUR})`),
    'CUMULATE on processing time': perWindow(`CUMULATE(${MINUTE}, ${HOUR})`, 'pt'),
  }),
  ...rows('Q-013', {
    SESSION: `SELECT window_start, window_end, i, COUNT(*) FROM TABLE(SESSION(
      TABLE f PARTITION BY i, DESCRIPTOR(ts), ${MINUTE})) GROUP BY window_start, window_end, i`,
    'SESSION on processing time': `SELECT window_start, window_end, i, COUNT(*) FROM TABLE(SESSION(
      TABLE f PARTITION BY i, DESCRIPTOR(pt), ${MINUTE})) GROUP BY window_start, window_end, i`,
  }),
  ...rows('Q-014', {
    'window_time and cascades': `WITH w AS (SELECT i, window_time AS rt, COUNT(*) AS c
      FROM ${windowed('f')} GROUP BY i, window_start, window_end, window_time)
      SELECT window_end, SUM(c) FROM TABLE(TUMBLE(TABLE w, DESCRIPTOR(rt), ${HOUR}))
      GROUP BY window_start, window_end`,
    'window functions without aggregation': `SELECT * FROM ${windowed('f')}`,
  }),
  ...rows('Q-015', {
    'GROUPING SETS over windows': `SELECT window_end, i, s, COUNT(*) FROM ${windowed('f')}
      GROUP BY window_start, window_end, GROUPING SETS ((i), (s), ())`,
    'ROLLUP, CUBE over windows': `SELECT window_end, i, s, COUNT(*) FROM ${windowed('f')}
      GROUP BY window_start, window_end, ROLLUP (i, s)`,
  }),
  ...rows('Q-016', {
    'group windows TUMBLE, HOP, SESSION': [
      `SELECT i, TUMBLE_START(ts, ${MINUTE}), COUNT(*) FROM f GROUP BY i, TUMBLE(ts, ${MINUTE})`,
      `SELECT i, HOP_END(ts, ${MINUTE}, ${HOUR}), COUNT(*) FROM f
       GROUP BY i, HOP(ts, ${MINUTE}, ${HOUR})`,
      `SELECT i, SESSION_ROWTIME(ts, ${MINUTE}), COUNT(*) FROM f GROUP BY i, SESSION(ts, ${MINUTE})`],
    'group windows on processing time':
      `SELECT i, COUNT(*) FROM f GROUP BY i, TUMBLE(pt, ${MINUTE})`,
  }),
  ...rows('Q-017', {
    'window Top-N': `SELECT * FROM (SELECT i, n, window_start, window_end, ROW_NUMBER() OVER (
      PARTITION BY window_start, window_end ORDER BY n DESC) AS rn FROM ${windowed('f')})
      WHERE rn <= 3`,
  }),
  ...rows('Q-018', {
    'window deduplication': `SELECT * FROM (SELECT i, n, window_start, window_end, ROW_NUMBER() OVER (
      PARTITION BY window_start, window_end, i ORDER BY ts DESC) AS rn FROM ${windowed('f')})
      WHERE rn = 1`,
  }),
  ...rows('Q-019', {
    'window join INNER': windowJoin(''), 'window join LEFT': windowJoin('LEFT'),
    'window join RIGHT': windowJoin('RIGHT'), 'window join FULL': windowJoin('FULL'),
    'window join SEMI': `SELECT l.i FROM (SELECT * FROM ${windowed('f')}) l WHERE l.i IN (
      SELECT i FROM (SELECT * FROM ${windowed('g')}) q
      WHERE l.window_start = q.window_start AND l.window_end = q.window_end)`,
    'window join ANTI': `SELECT l.i FROM (SELECT * FROM ${windowed('f')}) l WHERE NOT EXISTS (
      SELECT i FROM (SELECT * FROM ${windowed('g')}) q WHERE l.i = q.i
      AND l.window_start = q.window_start AND l.window_end = q.window_end)`,
  }),
];

const JOIN_ROWS: readonly CoverageRow[] = [
  ...rows('Q-030', {
    'join INNER': 'SELECT f.n FROM f JOIN g ON f.i = g.i',
    'join LEFT': 'SELECT f.n FROM f LEFT JOIN g ON f.i = g.i AND f.n > g.n',
    'join RIGHT': 'SELECT f.n FROM f RIGHT JOIN g ON f.i = g.i',
    'join FULL': 'SELECT f.n FROM f FULL JOIN g ON f.i = g.i',
    'SEMI by IN and EXISTS': ['SELECT n FROM f WHERE i IN (SELECT i FROM g)',
      'SELECT n FROM f WHERE EXISTS (SELECT 1 FROM g WHERE g.i = f.i AND g.n < f.n)'],
    'ANTI by NOT IN and NOT EXISTS': ['SELECT n FROM f WHERE i NOT IN (SELECT i FROM g)',
      'SELECT n FROM f WHERE NOT EXISTS (SELECT 1 FROM g WHERE g.i = f.i)'],
    'joins of updating inputs': 'SELECT f.n FROM f JOIN agg ON f.i = agg.i',
  }),
  ...withoutEffect('Q-031', 'multi-way join operator',
    [`SET 'table.optimizer.multi-join.enabled' = 'true'`,
      'SELECT f.n FROM f JOIN g ON f.i = g.i JOIN k ON f.i = k.i'],
    'joins of two inputs, with the same results'),
  ...rows('Q-033', {
    'interval join INNER': interval(''), 'interval join LEFT': interval('LEFT'),
    'interval join RIGHT': interval('RIGHT'), 'interval join FULL': interval('FULL'),
    'interval join on processing time': `SELECT f.i FROM f JOIN g ON f.i = g.i
      AND f.pt BETWEEN g.pt - ${MINUTE} AND g.pt`,
  }),
  ...rows('Q-034', {
    'temporal join INNER': 'SELECT f.n, k.n FROM f JOIN k FOR SYSTEM_TIME AS OF f.ts ON f.i = k.i',
    'temporal join LEFT':
      'SELECT f.n, k.n FROM f LEFT JOIN k FOR SYSTEM_TIME AS OF f.ts ON f.i = k.i',
    'temporal join with a versioned view': [[
      `CREATE VIEW versions AS SELECT i, n, ts FROM (SELECT *, ROW_NUMBER() OVER (
        PARTITION BY i ORDER BY ts DESC) AS rn FROM g) WHERE rn = 1`,
      `SELECT f.n, v.n FROM f JOIN versions FOR SYSTEM_TIME AS OF f.ts AS v ON f.i = v.i`]],
  }),
  ...rows('Q-036', {
    'lookup join INNER':
      'SELECT f.n, k.s FROM f JOIN k FOR SYSTEM_TIME AS OF f.pt ON f.i = k.i',
    'lookup join LEFT':
      'SELECT f.n, k.s FROM f LEFT JOIN k FOR SYSTEM_TIME AS OF f.pt ON f.i = k.i',
  }),
  ...rows('Q-038', {
    'UNNEST of arrays': 'SELECT i, z FROM f CROSS JOIN UNNEST(a) AS u (z)',
    'UNNEST of maps': 'SELECT i, u.z FROM f CROSS JOIN UNNEST(m) AS u (z, w)',
    'UNNEST .. WITH ORDINALITY':
      'SELECT i, z, o FROM f CROSS JOIN UNNEST(a) WITH ORDINALITY AS u (z, o)',
    'LEFT JOIN UNNEST': 'SELECT i, z FROM f LEFT JOIN UNNEST(a) AS u (z) ON TRUE',
    'LATERAL sub-queries': `SELECT f.i, z.n FROM f, LATERAL (SELECT n FROM g WHERE g.i = f.i) z`,
  }),
  ...rows('Q-039', {
    'cross join with one row': 'SELECT f.n, z.c FROM f CROSS JOIN (SELECT COUNT(*) AS c FROM g) z',
  }),
];

const SET_ROWS: readonly CoverageRow[] = [
  ...rows('Q-040', {
    'UNION, UNION ALL': ['SELECT i FROM f UNION SELECT i FROM g',
      'SELECT i FROM f UNION ALL SELECT i FROM g'],
    'INTERSECT, EXCEPT': ['SELECT i FROM f INTERSECT SELECT i FROM g',
      'SELECT i FROM f EXCEPT SELECT i FROM g'],
    'INTERSECT ALL, EXCEPT ALL': ['SELECT i FROM f INTERSECT ALL SELECT i FROM g',
      'SELECT i FROM f EXCEPT ALL SELECT i FROM g'],
    'scalar sub-queries': [
      'SELECT i, (SELECT MAX(g.n) FROM g WHERE g.i = f.i) FROM f',
      'SELECT i FROM f WHERE n > (SELECT AVG(n) FROM g)'],
    'sub-queries under OR': ['SELECT i FROM f WHERE b OR i IN (SELECT i FROM g)',
      'SELECT i FROM f WHERE b OR NOT EXISTS (SELECT 1 FROM g WHERE g.i = f.i)'],
    'sub-queries as values': ['SELECT i, i IN (SELECT i FROM g) FROM f',
      'SELECT i, (SELECT n FROM g WHERE g.i = f.i) FROM f'],
    'sub-queries correlated by <': [
      'SELECT i, (SELECT MAX(n) FROM g WHERE g.i < f.i) FROM f',
      'SELECT i FROM f WHERE EXISTS (SELECT 1 FROM g WHERE g.i < f.i)'],
    'sub-queries in ON':
      'SELECT f.i FROM f JOIN g ON f.i = g.i AND g.n > (SELECT MIN(n) FROM g)',
    'SOME, ALL': ['SELECT i FROM f WHERE n > ALL (SELECT n FROM g)',
      'SELECT i FROM f WHERE n = SOME (SELECT n FROM g)'],
    'sub-queries in HAVING':
      'SELECT i, COUNT(*) FROM f GROUP BY i HAVING COUNT(*) > (SELECT COUNT(*) FROM g)',
  }),
  ...rows('Q-041', {
    'ORDER BY row time': 'SELECT i, ts FROM f ORDER BY ts',
    'ORDER BY .. LIMIT, OFFSET, FETCH': ['SELECT i FROM f ORDER BY n LIMIT 3',
      'SELECT i FROM f ORDER BY n OFFSET 1 ROWS FETCH NEXT 2 ROWS ONLY'],
    LIMIT: 'SELECT i FROM f LIMIT 3',
  }),
  ...rows('Q-042', {
    'Top-N of inserts': topN('n DESC'),
    'Top-N of updates': topN('x DESC', '(SELECT i, n, x FROM agg)'),
    'Top-N without the rank': `SELECT i, n FROM (${topN('n')})`,
  }),
  ...rows('Q-043', {
    'first row, row time': topN('ts').replace('<= 3', '= 1'),
    'last row, row time': topN('ts DESC').replace('<= 3', '= 1'),
    'first row, processing time': topN('pt').replace('<= 3', '= 1'),
    'last row, processing time': topN('pt DESC').replace('<= 3', '= 1'),
  }),
  ...rows('Q-044', {
    'MATCH_RECOGNIZE': match('A B+ C', 'B AS B.n > A.n, C AS C.n < A.n'),
    'reluctant quantifiers': match('A B*? C', 'B AS B.n > 1, C AS C.n > 2'),
    'quantifiers {n, m}': match('A B{1,3} C', 'B AS B.n > 1, C AS C.n > 2'),
    'AFTER MATCH SKIP': [match('A B', 'B AS B.n > 1', 'AFTER MATCH SKIP TO NEXT ROW'),
      match('A B', 'B AS B.n > 1', 'AFTER MATCH SKIP PAST LAST ROW'),
      match('A B', 'B AS B.n > 1', 'AFTER MATCH SKIP TO LAST B')],
    'WITHIN': match(`A B) WITHIN (${MINUTE}`, 'B AS B.n > 1')
      .replace(`(${MINUTE})`, MINUTE),
    'aggregates of pattern variables':
      match('A+ B', 'A AS SUM(A.n) < 10, B AS B.n > 1'),
    'on processing time': match('A B', 'B AS B.n > 1').replace('ORDER BY ts', 'ORDER BY pt'),
  }),
  ...rows('Q-046', {
    'hint OPTIONS': `SELECT i FROM f /*+ OPTIONS('json.ignore-parse-errors' = 'true') */`,
    'hint STATE_TTL': `SELECT /*+ STATE_TTL('f' = '1 h') */ i, COUNT(*) FROM f GROUP BY i`,
    'hint LOOKUP': `SELECT /*+ LOOKUP('table' = 'k', 'retry-predicate' = 'lookup_miss',
      'retry-strategy' = 'fixed_delay', 'fixed-delay' = '1s', 'max-attempts' = '2') */ f.n
      FROM f JOIN k FOR SYSTEM_TIME AS OF f.pt ON f.i = k.i`,
    'hints of batch joins': 'SELECT /*+ BROADCAST(g) */ f.i FROM f JOIN g ON f.i = g.i',
  }),
  ...rows('Q-048', {
    TO_CHANGELOG: 'SELECT * FROM TO_CHANGELOG(input => TABLE agg)',
    FROM_CHANGELOG: [[
      'CREATE VIEW log AS SELECT i, n, s AS op FROM f',
      'SELECT * FROM FROM_CHANGELOG(input => TABLE log)']],
  }),
];

export const QUERY_ROWS: readonly CoverageRow[] = [
  ...rows('Q-001', {
    'SELECT, WHERE, aliases, star': ['SELECT *, i + 1 AS j FROM f AS z WHERE i > 0'],
    VALUES: [`SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS v (a, b)`, 'VALUES (1), (2)'],
  }),
  ...rows('Q-002', { 'WITH': 'WITH z AS (SELECT i FROM f) SELECT * FROM z' }),
  ...rows('Q-003', { 'SELECT DISTINCT': 'SELECT DISTINCT i FROM f' }),
  ...rows('Q-004', {
    QUALIFY: `SELECT i, n FROM f QUALIFY ROW_NUMBER() OVER (PARTITION BY i ORDER BY n) <= 2`,
  }),
  ...WINDOW_ROWS,
  ...rows('Q-020', {
    'GROUP BY, HAVING': 'SELECT i, COUNT(*), SUM(n) FROM f GROUP BY i HAVING COUNT(*) > 1',
    'FILTER and DISTINCT': `SELECT COUNT(DISTINCT n) FILTER (WHERE n > 1), COUNT(DISTINCT s)
      FROM f`,
    'aggregation of updates': 'SELECT n, COUNT(*), MAX(i), AVG(x) FROM agg GROUP BY n',
  }),
  ...rows('Q-021', {
    'GROUPING SETS, ROLLUP, CUBE': [
      'SELECT i, s, COUNT(*) FROM f GROUP BY GROUPING SETS ((i), (s), ())',
      'SELECT i, s, COUNT(*), GROUPING(i) FROM f GROUP BY ROLLUP (i, s)',
      'SELECT i, s, COUNT(*) FROM f GROUP BY CUBE (i, s)'],
  }),
  ...rows('Q-022', {
    'OVER ROWS': over('SUM(n)', 'ROWS BETWEEN 2 PRECEDING AND CURRENT ROW'),
    'OVER RANGE': over('SUM(n)', `RANGE BETWEEN ${MINUTE} PRECEDING AND CURRENT ROW`),
    'OVER unbounded': over('COUNT(*)'),
    'OVER on processing time': over('SUM(n)').replace('ORDER BY ts', 'ORDER BY pt'),
    'bounded RANGE on processing time':
      over('SUM(n)', `RANGE BETWEEN ${MINUTE} PRECEDING AND CURRENT ROW`)
        .replace('ORDER BY ts', 'ORDER BY pt'),
    'ORDER BY another column': over('SUM(n)').replace('ORDER BY ts', 'ORDER BY n'),
    LAG: over('LAG(n, 1)'), LEAD: over('LEAD(n, 1)'),
    'RANK, DENSE_RANK': [over('RANK()'), over('DENSE_RANK()')],
    'DISTINCT in OVER': over('COUNT(DISTINCT n)'),
  }),
  ...JOIN_ROWS,
  ...SET_ROWS,
];

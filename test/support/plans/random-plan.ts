/**
 * Random small programs: a chain of views over the plan tables, each a projection, a filter, a
 * grouping, a window, a Top-N, a join, ... of earlier ones. All have the columns k, n, v, d; those
 * that still carry the row time and its watermark have ts too.
 */
import { pick, type Random } from '../../expr/random-expression.js';
import { PLAN_TABLES } from './plan-tables.js';

export interface View {
  readonly name: string;
  readonly sql: string;
  /** The operator, for reports. */
  readonly kind: string;
  readonly inputs: readonly Relation[];
  readonly hasTime: boolean;
  /** Whether rows of several inputs meet: then only the folded table is compared. */
  readonly mixes: boolean;
}

interface Relation {
  readonly name: string;
  readonly hasTime: boolean;
  readonly mixes: boolean;
}

type Made = Pick<View, 'sql' | 'kind'> & { readonly inputs: readonly Relation[];
  readonly hasTime?: boolean; readonly mixes?: boolean };

const TABLES: readonly Relation[] = PLAN_TABLES.map((name) =>
  // Flink makes a union of the inline rows, whose order is free.
  ({ name, hasTime: name.startsWith('s'), mixes: name === 'w1' }));

const FILTERS = ['n > 0', "k = 'a'", 'v IS NOT NULL', "k IN ('a', 'c')", 'd BETWEEN 5 AND 30',
  'n <> 1 OR v > 10', "NOT (k = 'b')", 'MOD(v, 2) = 0'];
const PROJECTIONS = ["UPPER(k) AS k, n, v, d", 'k, n + 1 AS n, v * 2 AS v, d',
  'COALESCE(k, \'z\') AS k, n, CAST(n AS BIGINT) AS v, d',
  'k, CASE WHEN v > 50 THEN 1 ELSE 0 END AS n, v, CAST(d / 2 AS DECIMAL(8, 2)) AS d'];
const AGGREGATES = [
  'CAST(COUNT(*) AS INT) AS n, SUM(v) AS v, MAX(d) AS d',
  'CAST(COUNT(DISTINCT n) AS INT) AS n, MIN(v) AS v, MIN(d) AS d',
  'MAX(n) AS n, COUNT(v) AS v, CAST(SUM(d) AS DECIMAL(8, 2)) AS d',
  'MIN(n) AS n, SUM(v) FILTER (WHERE n > 0) AS v, CAST(AVG(d) AS DECIMAL(8, 2)) AS d',
  'CAST(AVG(v) AS INT) AS n, SUM(DISTINCT v) AS v, MAX(d) AS d',
];
const JOINS = ['JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN'];
const WINDOWS = ["TUMBLE(TABLE $, DESCRIPTOR(ts), INTERVAL '5' SECOND)",
  "HOP(TABLE $, DESCRIPTOR(ts), INTERVAL '2' SECOND, INTERVAL '6' SECOND)",
  "CUMULATE(TABLE $, DESCRIPTOR(ts), INTERVAL '2' SECOND, INTERVAL '8' SECOND)",
  "SESSION(TABLE $ PARTITION BY k, DESCRIPTOR(ts), INTERVAL '3' SECOND)"];

type Maker = (random: Random, one: Relation, other: Relation) => Made | null;

const timed = ({ hasTime }: Relation): string => (hasTime ? ', ts' : '');

const windowAggregate: Maker = (random, one) => (!one.hasTime ? null : {
  kind: 'window', inputs: [one], sql: `SELECT k, ${pick(random, AGGREGATES)} FROM TABLE(` +
    `${pick(random, WINDOWS).replace('$', one.name)}) GROUP BY k, window_start, window_end`,
});

const over: Maker = (random, one) => (!one.hasTime ? null : {
  kind: 'over', inputs: [one], hasTime: true,
  sql: `SELECT k, n, ${pick(random, ['SUM(v)', 'MAX(v)', 'COUNT(v)'])} OVER (PARTITION BY k ` +
    `ORDER BY ts ${pick(random, ['ROWS BETWEEN 2 PRECEDING AND CURRENT ROW',
      'RANGE BETWEEN INTERVAL \'4\' SECOND PRECEDING AND CURRENT ROW',
      'RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW'])}) AS v, d, ts FROM ${one.name}`,
});

const ranked = (inner: string, name: string, limit: string): string =>
  `SELECT k, n, v, d FROM (SELECT *, ROW_NUMBER() OVER (${inner}) AS rn FROM ${name}) ` +
  `WHERE rn ${limit}`;

const intervalJoin: Maker = (random, one, other) => (!one.hasTime || !other.hasTime ? null : {
  kind: 'interval-join', inputs: [one, other], mixes: true,
  sql: `SELECT a.k, a.n, b.v, a.d FROM ${one.name} a ${pick(random, ['JOIN', 'LEFT JOIN'])} ` +
    `${other.name} b ON a.k = b.k AND b.ts BETWEEN a.ts - INTERVAL '2' SECOND ` +
    'AND a.ts + INTERVAL \'1\' SECOND',
});

const MAKERS: readonly Maker[] = [
  (random, one) => ({ kind: 'filter', inputs: [one], hasTime: one.hasTime,
    sql: `SELECT k, n, v, d${timed(one)} FROM ${one.name} WHERE ${pick(random, FILTERS)}` }),
  (random, one) => ({ kind: 'projection', inputs: [one], hasTime: one.hasTime,
    sql: `SELECT ${pick(random, PROJECTIONS)}${timed(one)} FROM ${one.name}` }),
  (random, one) => ({ kind: 'group', inputs: [one],
    sql: `SELECT k, ${pick(random, AGGREGATES)} FROM ${one.name} GROUP BY k` +
      pick(random, ['', '', ' HAVING COUNT(*) > 1']) }),
  (random, one) => ({ kind: 'group all', inputs: [one],
    sql: `SELECT 'all' AS k, ${pick(random, AGGREGATES)} FROM ${one.name}` }),
  (_random, one) => ({ kind: 'distinct', inputs: [one],
    sql: `SELECT DISTINCT k, n, CAST(NULL AS BIGINT) AS v, CAST(1 AS DECIMAL(8, 2)) AS d ` +
      `FROM ${one.name}` }),
  windowAggregate, windowAggregate, over,
  (random, one) => ({ kind: 'top-n', inputs: [one], sql: ranked(
    `PARTITION BY k ORDER BY ${pick(random, ['v DESC, n, d', 'd, v, n', 'n DESC, v, d'])}`,
    one.name, pick(random, ['<= 2', '<= 3'])) }),
  (random, one) => (!one.hasTime ? null : { kind: 'deduplicate', inputs: [one], sql: ranked(
    `PARTITION BY k ORDER BY ts ${pick(random, ['ASC', 'DESC'])}`, one.name, '= 1') }),
  (_random, one, other) => ({ kind: 'union all', inputs: [one, other], mixes: true,
    sql: `SELECT k, n, v, d FROM ${one.name} UNION ALL SELECT k, n, v, d FROM ${other.name}` }),
  (random, one, other) => ({ kind: 'set', inputs: [one, other], mixes: true,
    sql: `SELECT k, n, v, d FROM ${one.name} ${pick(random, ['UNION', 'INTERSECT', 'EXCEPT'])} ` +
      `SELECT k, n, v, d FROM ${other.name}` }),
  (random, one, other) => ({ kind: 'join', inputs: [one, other], mixes: true,
    sql: `SELECT ${pick(random, ['a.k', 'COALESCE(a.k, b.k) AS k'])}, a.n, b.v, b.d FROM ` +
      `${one.name} a ${pick(random, JOINS)} ${other.name} b ON a.k = b.k` +
      pick(random, ['', '', ' AND a.n < b.n', ' AND b.v > 0']) }),
  intervalJoin,
  (random, one, other) => ({ kind: 'in', inputs: [one, other], mixes: true,
    sql: `SELECT k, n, v, d FROM ${one.name} WHERE n ${pick(random, ['IN', 'NOT IN'])} ` +
      `(SELECT n FROM ${other.name} WHERE n IS NOT NULL)` }),
  (random, one, other) => ({ kind: 'exists', inputs: [one, other], mixes: true,
    sql: `SELECT k, n, v, d FROM ${one.name} a WHERE ${pick(random, ['', 'NOT '])}EXISTS ` +
      `(SELECT 1 FROM ${other.name} b WHERE b.k = a.k)` }),
  (random, one, other) => ({ kind: 'scalar', inputs: [one, other], mixes: true,
    sql: `SELECT k, n, (SELECT ${pick(random, ['MAX(v)', 'COUNT(*)', 'SUM(v)'])} FROM ` +
      `${other.name}) AS v, d FROM ${one.name}` }),
];

/** A chain of one to four views; each reads at least the one before. */
export function randomPlan(random: Random): readonly View[] {
  const views: View[] = [];
  const length = 1 + Math.floor(random() * 3.5);
  while (views.length < length) {
    const one: Relation = views.at(-1) ?? pick(random, TABLES);
    const other: Relation = pick(random, [...TABLES, ...views]);
    const made = pick(random, MAKERS)(random, one, other);
    if (made === null) continue;
    views.push({
      hasTime: false, ...made, name: `r${views.length + 1}`,
      mixes: made.mixes === true || made.inputs.some(({ mixes }) => mixes),
    });
  }
  return views;
}

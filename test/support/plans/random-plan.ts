/**
 * Random small programs: a chain of views over the plan tables, each a projection, a filter, a
 * grouping, a window, a Top-N, a join, ... of earlier ones. All have the columns k, n, v, d; those
 * that still carry the row time and its watermark have ts too.
 */
import { pick, type Random } from '../../expr/random-expression.js';
import { PATIENT_TABLES, PLAN_TABLES } from './plan-tables.js';

export interface View {
  readonly name: string;
  readonly sql: string;
  /** The operator, for reports. */
  readonly kind: string;
  readonly inputs: readonly Relation[];
  readonly hasTime: boolean;
  /** Whether rows of several inputs meet: then only the folded table is compared. */
  readonly mixes: boolean;
  /** The relation of which a view `.._v` with its last row of each key is read. */
  readonly versioned?: string;
}

interface Relation {
  readonly name: string;
  readonly hasTime: boolean;
  readonly mixes: boolean;
}

type Made = Pick<View, 'sql' | 'kind' | 'versioned'> & { readonly inputs: readonly Relation[];
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

type Maker = (
  random: Random, one: Relation, other: Relation, isFirst: boolean,
) => Made | null;

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

/** Joins by time begin a chain: which late row still meets another is luck. */
const byTime = (make: (random: Random, one: Relation, other: Relation) => Made): Maker =>
  (random, _one, _other, isFirst) => (!isFirst ? null
    : make(random, patient(random), patient(random)));

const patient = (random: Random): Relation =>
  ({ name: pick(random, PATIENT_TABLES), hasTime: true, mixes: false });

const intervalJoin = byTime((random, one, other) => ({
  kind: 'interval-join', inputs: [one, other], mixes: true,
  sql: `SELECT a.k, a.n, b.v, a.d FROM ${one.name} a ${pick(random, ['JOIN', 'LEFT JOIN'])} ` +
    `${other.name} b ON a.k = b.k AND b.ts BETWEEN a.ts - INTERVAL '2' SECOND ` +
    'AND a.ts + INTERVAL \'1\' SECOND',
}));

const windowJoin = byTime((random, one, other) => ({
  kind: 'window-join', inputs: [one, other], mixes: true,
  sql: `SELECT ${pick(random, ['a.k', 'COALESCE(a.k, b.k) AS k'])}, a.n, b.v, b.d FROM ` +
    `(SELECT * FROM TABLE(${WINDOWS[0]!.replace('$', one.name)})) a ` +
    `${pick(random, JOINS)} (SELECT * FROM TABLE(${WINDOWS[0]!.replace('$', other.name)})) b ON ` +
    `a.k = b.k AND a.window_start = b.window_start AND a.window_end = b.window_end` +
    pick(random, ['', ' AND a.v < b.v']),
}));

/** Each row beside the last row of its key, as it was then. */
const temporalJoin = byTime((random, one, other) => ({
  kind: 'temporal-join', inputs: [one, other], mixes: true,
  sql: `SELECT a.k, a.n, b.v, b.d FROM ${one.name} a ${pick(random, ['JOIN', 'LEFT JOIN'])} ` +
    `${other.name}_v FOR SYSTEM_TIME AS OF a.ts AS b ON a.k = b.k`,
  versioned: other.name,
}));

const subQueries: readonly Maker[] = [
  (random, one, other) => ({ kind: 'in or', inputs: [one, other], mixes: true,
    sql: `SELECT k, n, v, d FROM ${one.name} WHERE ${pick(random, FILTERS)} OR n ` +
      `${pick(random, ['IN', 'NOT IN'])} (SELECT n FROM ${other.name} ` +
      `${pick(random, ['', 'WHERE v > 20', 'WHERE n IS NOT NULL'])})` }),
  (random, one, other) => ({ kind: 'in value', inputs: [one, other], mixes: true,
    sql: `SELECT k, CASE WHEN n ${pick(random, ['IN', 'NOT IN'])} (SELECT n FROM ${other.name}) ` +
      `THEN 1 ELSE 0 END AS n, v, d FROM ${one.name}` }),
  (random, one, other) => ({ kind: 'exists or', inputs: [one, other], mixes: true,
    sql: `SELECT k, n, v, d FROM ${one.name} a WHERE ${pick(random, FILTERS)} OR ` +
      `${pick(random, ['', 'NOT '])}EXISTS (SELECT 1 FROM ${other.name} b WHERE b.k = a.k)` }),
  (random, one, other) => ({ kind: 'correlated scalar', inputs: [one, other], mixes: true,
    sql: `SELECT k, n, (SELECT ${pick(random, ['MAX(v)', 'COUNT(*)', 'MIN(v)'])} FROM ` +
      `${other.name} b WHERE b.${pick(random, ['k = a.k', 'n = a.n', 'n < a.n'])}) AS v, d ` +
      `FROM ${one.name} a` }),
  (random, one, other) => ({ kind: 'scalar in having', inputs: [one, other], mixes: true,
    sql: `SELECT k, ${pick(random, AGGREGATES)} FROM ${one.name} GROUP BY k HAVING COUNT(*) ` +
      `${pick(random, ['>', '<', '<='])} (SELECT COUNT(DISTINCT k) FROM ${other.name})` }),
  (random, one, other) => ({ kind: 'all', inputs: [one, other], mixes: true,
    sql: `SELECT k, n, v, d FROM ${one.name} WHERE n ${pick(random, ['> ALL', '<= SOME'])} ` +
      `(SELECT n FROM ${other.name} WHERE n < 2)` }),
];

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
  (random, one) => ({ kind: 'grouping sets', inputs: [one],
    sql: `SELECT k, n, COUNT(*) AS v, CAST(SUM(d) AS DECIMAL(8, 2)) AS d FROM ${one.name} ` +
      `GROUP BY ${pick(random, ['ROLLUP (k, n)', 'GROUPING SETS ((k, n), (n))'])}` }),
  (_random, one, other) => ({ kind: 'set all', inputs: [one, other], mixes: true,
    sql: `SELECT k, n, v, d FROM ${one.name} EXCEPT ALL SELECT k, n, v, d FROM ${other.name}` }),
  windowJoin, temporalJoin, ...subQueries,
];

/** The statement that makes what a view of versions reads. */
export const versionsSql = (name: string): string =>
  `CREATE TEMPORARY VIEW ${name}_v AS SELECT k, n, v, d, ts FROM (SELECT *, ROW_NUMBER() OVER ` +
  `(PARTITION BY k ORDER BY ts DESC) AS rn FROM ${name}) WHERE rn = 1`;

/** A chain of one to four views; each reads at least the one before. */
export function randomPlan(random: Random): readonly View[] {
  const views: View[] = [];
  const length = 1 + Math.floor(random() * 3.5);
  while (views.length < length) {
    const one: Relation = views.at(-1) ?? pick(random, TABLES);
    const other: Relation = pick(random, [...TABLES, ...views]);
    const made = pick(random, MAKERS)(random, one, other, views.length === 0);
    if (made === null) continue;
    views.push({
      hasTime: false, ...made, name: `r${views.length + 1}`,
      mixes: made.mixes === true || made.inputs.some(({ mixes }) => mixes),
    });
  }
  return views;
}

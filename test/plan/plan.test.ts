import { describe, expect, test } from 'vitest';
import { decodePlan } from '../../src/plan/physical/decode.js';
import { encodePlan } from '../../src/plan/physical/encode.js';
import type { NodeKind, PhysicalNode } from '../../src/plan/physical/plan.js';
import type { PlannedStatement } from '../../src/plan/planner.js';
import { parseStatement } from '../../src/sql/index.js';
import { session } from './plan-text.js';

function planned(sql: string, options: Record<string, string> = {}): PlannedStatement {
  return session(options).planner.plan(parseStatement(sql));
}

function nodeOf<K extends NodeKind>(
  sql: string, kind: K, options: Record<string, string> = {},
): Extract<PhysicalNode, { kind: K }> {
  const found = planned(sql, options).plan.nodes.filter((node) => node.kind === kind);
  expect(found.length, `nodes of kind ${kind}`).toBeGreaterThan(0);
  return found[0] as Extract<PhysicalNode, { kind: K }>;
}

describe('sources read only what the query needs', () => {
  test('fields of rows are read by path', () => {
    const source = nodeOf('SELECT auction, price FROM bid WHERE price > 5', 'source');
    expect(source.columns.map((one) => one.path.join('.'))).toEqual([
      'event_type', 'person.dateTime', 'auction.dateTime', 'bid.dateTime', 'bid.auction',
      'bid.price',
    ]);
  });

  test('a row that is used as a whole is read as a whole', () => {
    const source = nodeOf('SELECT bid, bid.price FROM nexmark WHERE event_type = 2', 'source');
    expect(source.columns.map((one) => one.path.join('.'))).toContain('bid');
    expect(source.columns.map((one) => one.path.join('.'))).not.toContain('bid.price');
  });

  test('COUNT(*) reads one column of fixed width', () => {
    expect(nodeOf('SELECT count(*) FROM p', 'source').columns).toHaveLength(1);
  });

  test('nothing that a query puts out is pruned through blackhole', () => {
    const calc = nodeOf('INSERT INTO dropped SELECT a, c FROM t', 'sink');
    expect(calc.schema.map((field) => field.name)).toEqual(['a', 'n']);
    const source = nodeOf('INSERT INTO dropped SELECT a, c FROM t', 'source');
    expect(source.columns.map((one) => one.path[0])).toEqual(['a', 'c', 'ts']);
  });
});

describe('old rows of updates are sent only where somebody needs them', () => {
  const counts = 'SELECT a, count(*) AS n FROM t GROUP BY a';

  test.each([
    ['a query shows them', counts, true],
    ['print shows them', `INSERT INTO printed ${counts}`, true],
    ['blackhole does not', `INSERT INTO dropped ${counts}`, false],
    ['a filter may split a pair', `INSERT INTO dropped ${counts} HAVING count(*) > 3`, true],
    ['a filter on the key cannot', `INSERT INTO dropped ${counts} HAVING a > 3`, false],
    ['a Top-N by key needs none', `SELECT * FROM (${counts}) ORDER BY n DESC LIMIT 3`, false],
    ['a Top-N by content does', `SELECT * FROM (${counts}) ORDER BY n LIMIT 3`, true],
    ['an aggregation over them does', `SELECT sum(n) FROM (${counts})`, true],
  ])('%s', (_, sql, expected) => {
    expect(nodeOf(sql, 'group-aggregate').generateUpdateBefore).toBe(expected);
  });

  test('an aggregation over updates takes rows back', () => {
    const nodes = planned(`SELECT sum(n), max(n) FROM (${counts})`).plan.nodes
      .filter((node) => node.kind === 'group-aggregate');
    expect(nodes.map((node) => node.needRetraction)).toEqual([false, true]);
    expect(nodes[1]?.aggregates.map((call) => call.retract)).toEqual([true, false]);
  });
});

describe('windows', () => {
  const tumble = "TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND))";

  test('a window aggregation carries the shape and the row time', () => {
    const node = nodeOf(`SELECT a, count(*) FROM ${tumble} GROUP BY a, window_start, window_end`,
      'window-aggregate');
    expect(node.window).toEqual({
      kind: 'tumble', sizeMs: 10_000, slideMs: 10_000, offsetMs: 0, rowtime: 1, windowStart: null,
      windowEnd: null, zone: null,
    });
    expect(node.grouping).toEqual([0]);
    expect(node.properties).toEqual(['start', 'end']);
  });

  test('windows on TIMESTAMP_LTZ carry the session zone', () => {
    const sql = 'SELECT count(*) FROM TABLE(HOP(TABLE tl, DESCRIPTOR(ts), ' +
      "INTERVAL '5' MINUTE, INTERVAL '1' HOUR)) GROUP BY window_start, window_end, window_time";
    const node = nodeOf(sql, 'window-aggregate', { 'table.local-time-zone': 'Asia/Tokyo' });
    expect(node.window).toMatchObject({ kind: 'hop', slideMs: 300_000, zone: 'Asia/Tokyo' });
    expect(node.properties).toEqual(['start', 'end', 'rowtime']);
    expect(node.schema.map((field) => field.type.root)).toEqual(
      ['BIGINT', 'TIMESTAMP', 'TIMESTAMP', 'TIMESTAMP_LTZ']);
  });

  test('an aggregation over closed windows is keyed by the columns that carry them', () => {
    const inner = `SELECT a, window_start, window_end, count(*) AS n FROM ${tumble} ` +
      'GROUP BY a, window_start, window_end';
    const nodes = planned(`SELECT window_end, max(n) FROM (${inner}) ` +
      'GROUP BY window_start, window_end').plan.nodes
      .filter((node) => node.kind === 'window-aggregate');
    expect(nodes[1]?.window).toMatchObject({ rowtime: null, windowStart: 0, windowEnd: 1 });
  });
});

describe('Top-N', () => {
  const top = (order: string, condition: string): string =>
    `SELECT a, b FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY a ORDER BY ${order}) AS rn ` +
    `FROM t) WHERE ${condition}`;

  test.each([
    ['rn <= 3', 1, 3], ['rn < 3', 1, 2], ['3 > rn', 1, 2], ['rn BETWEEN 2 AND 4', 2, 4],
    ['rn = 2', 2, 2], ['rn <= 5 AND rn <= 3 AND 1 < rn', 2, 3],
  ])('%s', (condition, start, end) => {
    expect(nodeOf(top('c', condition), 'rank')).toMatchObject(
      { rankStart: start, rankEnd: end, outputRankNumber: false, strategy: 'append' });
  });

  test('the first by row time is a deduplication', () => {
    expect(nodeOf(top('ts DESC', 'rn = 1'), 'deduplicate')).toMatchObject(
      { keys: [0], keepLast: true, generateUpdateBefore: true });
    expect(nodeOf(top('ts', 'rn = 1'), 'deduplicate').changelog).toEqual(
      { updateBefore: false, updateAfter: false, delete: false });
  });

  test('NULL is the smallest value unless said otherwise', () => {
    expect(nodeOf(top('c DESC, d NULLS LAST', 'rn <= 2'), 'rank').orderBy).toEqual([
      { column: 2, descending: true, nullsFirst: false },
      { column: 3, descending: false, nullsFirst: false },
    ]);
  });
});

describe('constants', () => {
  const projections = (sql: string): unknown =>
    nodeOf(sql, 'calc').projections.map((one) => (one.kind === 'literal' ? one.value : one.kind));

  test('are folded', () => {
    expect(projections('SELECT 1 + 2 * 3, a FROM p')).toEqual([7, 'column']);
  });

  test('that fail are left in place', () => {
    expect(projections('SELECT CASE WHEN a > 0 THEN 1 ELSE 1 % 0 END FROM p')).toEqual(['call']);
  });

  test('decide a filter', () => {
    expect(planned('SELECT a FROM p WHERE 1 > 2').plan.nodes[0]).toMatchObject(
      { kind: 'values', rows: [] });
    expect(planned('SELECT a FROM p WHERE 2 > 1').plan.nodes.map((node) => node.kind)).toEqual(
      ['source', 'sink']);
  });
});

test('projections that double at each level are not merged without end', () => {
  let table = 'p';
  for (let i = 0; i < 40; i++) table = `(SELECT a + a AS a FROM ${table})`;
  expect(planned(`SELECT a FROM ${table}`).plan.nodes.length).toBeGreaterThan(3);
});

test('a part that is read twice is one node', () => {
  const { nodes } = planned('SELECT a FROM p UNION ALL SELECT a FROM p').plan;
  expect(nodes.map((node) => node.kind)).toEqual(['source', 'union', 'sink']);
  expect(nodes[1]?.inputs).toEqual([0, 0]);
});

test('a plan survives encoding', () => {
  const { plan } = planned('SELECT a, b, count(*) FROM t WHERE c > 3 GROUP BY a, b');
  const bytes = encodePlan(plan);
  expect(encodePlan(decodePlan(bytes))).toEqual(bytes);
  expect(decodePlan(bytes).nodes.map((node) => node.kind)).toEqual(
    plan.nodes.map((node) => node.kind));
});

test('semantic ids name what is computed: not columns, not unrelated parts', () => {
  const id = (sql: string): string => nodeOf(sql, 'group-aggregate').semanticId;
  const base = id('SELECT a, count(*) AS n FROM t GROUP BY a');
  expect(id('SELECT a AS other, count(*) AS m FROM t GROUP BY a')).toBe(base);
  expect(id('SELECT a FROM (SELECT a, count(*) AS n FROM t GROUP BY a) WHERE n > 3')).toBe(base);
  expect(id('SELECT a, count(b) AS n FROM t GROUP BY a')).not.toBe(base);
  expect(id('SELECT a, count(*) AS n FROM t WHERE a > 3 GROUP BY a')).not.toBe(base);
});

test('the schema of a query has the names and types that Flink prints', () => {
  const { schema, insertOnly } = planned('SELECT a, c, 1, b FROM t');
  expect(schema.map((field) => field.name)).toEqual(['a', 'c', 'EXPR$2', 'b']);
  expect(schema.map((field) => field.type.nullable)).toEqual([true, false, false, true]);
  expect(insertOnly).toBe(true);
  expect(planned('SELECT count(*) FROM t').insertOnly).toBe(false);
});

test('mini-batches are part of the plan', () => {
  const options = {
    'table.exec.mini-batch.enabled': 'true', 'table.exec.mini-batch.size': '100',
    'table.exec.mini-batch.allow-latency': '2 s', 'table.exec.state.ttl': '1 h',
  };
  const bundles = { miniBatch: { size: 100, latencyMs: 2000 } };
  const query = 'SELECT count(*) FROM t';
  expect(nodeOf(query, 'local-group-aggregate', options)).toMatchObject(bundles);
  expect(nodeOf(query, 'global-group-aggregate', options)).toMatchObject(
    { ...bundles, stateTtlMs: 3_600_000 });
  const onePhase = { ...options, 'table.optimizer.agg-phase-strategy': 'ONE_PHASE' };
  expect(nodeOf(query, 'group-aggregate', onePhase)).toMatchObject(
    { ...bundles, stateTtlMs: 3_600_000 });
});

/** STATE_TTL hints in plans, as Flink prints and as the operators get them. */
import { expect, test } from 'vitest';
import type { GroupAggregateNode, JoinNode } from '../../src/plan/physical/plan.js';
import { parseStatement } from '../../src/sql/index.js';
import { explain, session } from './plan-text.js';

const DAY_MS = 86_400_000;

function nodesOf(sql: string): readonly unknown[] {
  return session({ 'table.exec.state.ttl': '1 h' }).planner.plan(parseStatement(sql)).plan.nodes;
}

const joinsOf = (sql: string): readonly JoinNode[] => nodesOf(sql)
  .filter((node): node is JoinNode => (node as JoinNode).kind === 'join');

test('a join has one for each table', () => {
  const sql = "SELECT /*+ STATE_TTL('t'='1d','p'='2d') */ * FROM t JOIN p ON t.a = p.a";
  expect(explain(sql)).toContain('stateTtlHints=[[[STATE_TTL options:{LEFT=1d, RIGHT=2d}]]])');
  const [join] = joinsOf(sql);
  expect([join?.left.stateTtlMs, join?.right.stateTtlMs]).toEqual([DAY_MS, 2 * DAY_MS]);
});

test('what is joined already has no name', () => {
  const sql = "SELECT /*+ STATE_TTL('t'='1d','p'='2d','w'='3d') */ 1 " +
    'FROM t JOIN p ON t.a = p.a JOIN t AS w ON w.a = p.a';
  const [below, above] = joinsOf(sql);
  expect([below?.left.stateTtlMs, below?.right.stateTtlMs]).toEqual([DAY_MS, 2 * DAY_MS]);
  expect([above?.left.stateTtlMs, above?.right.stateTtlMs]).toEqual([3_600_000, 3 * DAY_MS]);
  expect(explain(sql)).toContain('stateTtlHints=[[[STATE_TTL options:{RIGHT=3d}]]])');
});

test.each([
  "SELECT /*+ STATE_TTL('t'='1d') */ b, SUM(c), AVG(d) FROM t GROUP BY b",
  "SELECT /*+ STATE_TTL('x'='1d') */ b, COUNT(*) FROM t AS x GROUP BY b",
  "SELECT /*+ STATE_TTL('v'='1d') */ b, COUNT(*) FROM (SELECT * FROM t) AS v GROUP BY b",
  "SELECT /*+ STATE_TTL('t'='1d') */ DISTINCT b FROM t",
])('a grouping of one table: %s', (sql) => {
  expect(explain(sql)).toContain(', stateTtlHints=[[[STATE_TTL options:[1d]]]])');
  const group = nodesOf(sql).find((node): node is GroupAggregateNode =>
    (node as GroupAggregateNode).kind === 'group-aggregate');
  expect(group?.stateTtlMs).toBe(DAY_MS);
});

test('a grouping of a join has none', () => {
  const sql = "SELECT /*+ STATE_TTL('t'='1d','p'='2d') */ t.b, COUNT(*) " +
    'FROM t JOIN p ON t.a = p.a GROUP BY t.b';
  expect(explain(sql).match(/stateTtlHints/g)).toHaveLength(2);
});

import { describe, expect, it } from 'vitest';
import { Catalog } from '../../src/catalog/catalog.js';
import type { PhysicalPlan } from '../../src/plan/physical/plan.js';
import { planScript } from '../../src/plan/plan-sql.js';

const TABLE = `CREATE TABLE t (a INT, b STRING, c INT, d ROW<x INT, y INT>, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '1' SECOND)
  WITH ('connector' = 'filesystem', 'path' = '/tmp/t', 'format' = 'json');`;

function planOf(query: string): PhysicalPlan {
  return planScript(new Catalog(), `${TABLE} ${query};`)[0]!.plan;
}

const kinds = (plan: PhysicalPlan, kind: string): number =>
  plan.nodes.filter((node) => node.kind === kind).length;

function columnsRead(plan: PhysicalPlan): readonly string[] {
  const source = plan.nodes.find((node) => node.kind === 'source');
  return source?.kind === 'source' ? source.columns.map((one) => one.path.join('.')) : [];
}

describe('a table that is read twice', () => {
  it('is read once for all columns, in the order of the table', () => {
    const plan = planOf('SELECT t1.b, t2.c FROM t AS t1 JOIN t AS t2 ON t1.a = t2.a');
    expect(kinds(plan, 'source')).toBe(1);
    expect(columnsRead(plan)).toEqual(['a', 'b', 'c', 'ts']);
  });

  it('has one watermark', () => {
    const plan = planOf('SELECT t1.b FROM t AS t1 JOIN t AS t2 ON t1.a = t2.c WHERE t2.b = \'x\'');
    expect(kinds(plan, 'watermark-assigner')).toBe(1);
  });

  it('is read once for fields of one row', () => {
    const plan = planOf('SELECT d.x FROM t UNION ALL SELECT d.y FROM t');
    expect(columnsRead(plan)).toEqual(['d.x', 'd.y', 'ts']);
  });

  it('is read twice where one reads a row and the other its field', () => {
    const plan = planOf(
      'SELECT t1.x, t2.d FROM (SELECT a, d.x AS x FROM t) AS t1 JOIN t AS t2 ON t1.a = t2.a');
    expect(kinds(plan, 'source')).toBe(2);
  });

  it('is read twice where its options differ', () => {
    const plan = planOf(
      'SELECT t1.b, t2.c FROM t AS t1 JOIN t /*+ OPTIONS(\'path\' = \'/tmp/u\') */ AS t2 ' +
      'ON t1.a = t2.a');
    expect(kinds(plan, 'source')).toBe(2);
  });
});

/** As `EXPLAIN` of Flink has it with each option off. */
describe('what may be shared is an option', () => {
  const plan = (options: string, query: string): PhysicalPlan =>
    planScript(new Catalog(), `${TABLE} ${options} ${query};`)[0]!.plan;
  const NO_SOURCES = "SET 'table.optimizer.reuse-source-enabled' = 'false';";
  const NO_PLANS = "SET 'table.optimizer.reuse-sub-plan-enabled' = 'false';";
  const OTHER_COLUMNS = 'SELECT t1.b, t2.c FROM t AS t1 JOIN t AS t2 ON t1.a = t2.a';
  const COUNTS = '(SELECT a, COUNT(*) AS n FROM t GROUP BY a)';
  const SAME = `SELECT x.n, y.n AS m FROM ${COUNTS} AS x JOIN ${COUNTS} AS y ON x.a = y.a`;

  it('sources are read apart where their columns differ', () => {
    expect(kinds(plan(NO_SOURCES, OTHER_COLUMNS), 'source')).toBe(2);
    expect(kinds(plan(NO_SOURCES, SAME), 'group-aggregate')).toBe(1);
  });

  it('nothing is shared without the reuse of sub-plans, and state is kept apart', () => {
    expect(kinds(plan(NO_PLANS, OTHER_COLUMNS), 'source')).toBe(2);
    const { nodes } = plan(NO_PLANS, SAME);
    const aggregates = nodes.filter((node) => node.kind === 'group-aggregate');
    expect(aggregates).toHaveLength(2);
    expect(new Set(nodes.map((node) => node.semanticId)).size).toBe(nodes.length);
  });
});

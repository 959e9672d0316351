/**
 * EXPLAIN against Flink's own: flink-explain.jsonl holds what Flink printed (with
 * `table.optimizer.agg-phase-strategy` = ONE_PHASE) for each statement of flink-explain.sql. How
 * scans differ on purpose: docs/divergences/explain.md.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseStatement } from '../../src/sql/index.js';
import { EVERYTHING, explain, session } from './plan-text.js';

const lines = readFileSync(new URL('./flink-explain.jsonl', import.meta.url), 'utf8').trim();
const goldens = lines.split('\n').map((line) =>
  JSON.parse(line) as { readonly sql: string; readonly plan: string });

/** Flink reads more columns where its source cannot leave them out, and says how in the name. */
function withoutScans(text: string): string {
  return text.split('== Engine ==')[0]!.trim()
    .replace(/TableSourceScan\(table=\[\[(\w+, \w+, \w+).*?fields=\[[^\]]*\]/g, 'Scan($1');
}

/** Sub-queries are joins before they are printed: docs/divergences/explain.md. */
function compared(text: string, golden: string): string {
  const hasSubQuery = /\{\nLogical|LogicalIntersect|LogicalMinus/.test(golden);
  const shown = withoutScans(text);
  return hasSubQuery ? shown.slice(shown.indexOf('== Optimized Physical')) : shown;
}

const ONE_PHASE = { 'table.optimizer.agg-phase-strategy': 'ONE_PHASE' };

describe('EXPLAIN prints the plans of Flink', () => {
  test.each(goldens)('$sql', ({ sql, plan }) => {
    expect(compared(explain(sql, ONE_PHASE), plan)).toBe(compared(plan, plan));
  });
});

/** Names of the operators, each behind its depth in the tree. */
function nodesOf(text: string): readonly string[] {
  const plan = text.split('== Optimized Execution Plan ==')[1]!.split('== Engine ==')[0]!;
  return plan.trim().split('\n').map((line) => {
    const [, branch = '', name = ''] = /^([ :|+-]*)(\w+)/.exec(line) ?? [];
    return `${branch.length} ${name}`;
  });
}

/** Expressions are written otherwise there: docs/divergences/explain.md says how. */
describe('EXPLAIN has the operators of Flink in their order', () => {
  const others = readFileSync(new URL('./flink-explain-nodes.jsonl', import.meta.url), 'utf8');
  const plans = others.trim().split('\n').map((line) =>
    JSON.parse(line) as { readonly sql: string; readonly plan: string });
  test.each(plans)('$sql', ({ sql, plan }) => {
    expect(nodesOf(explain(sql, ONE_PHASE))).toEqual(nodesOf(plan));
  });
});

const DETAILS = /(leftInputSpec|rightInputSpec|upsertMaterialize|strategy|rankType)=\[[^\]]*\]\]?/g;

/**
 * The same with the changelog mode of each, and what follows from upsert keys: how a join keeps its
 * inputs, how a Top-N follows its rows, whether a sink finds rows by key:
 * flink-changelog-modes.jsonl.
 */
function modesOf(text: string): readonly string[] {
  const plan = text.split(/== Optimized Physical Plan.*==/)[1]!.split('== Optimized Execution')[0]!;
  return plan.trim().split('\n').map((line) => {
    const [, branch = '', name = ''] = /^([ :|+-]*)(\w+)/.exec(line) ?? [];
    const mode = /changelogMode=\[([^\]]*)\]/.exec(line)?.[1] ?? '';
    const details = [...line.matchAll(DETAILS)].map(([text]) => text).join(' ');
    return `${branch.length} ${name} ${mode} ${details}`.trimEnd();
  });
}

describe('EXPLAIN CHANGELOG_MODE has the operators, modes and states of Flink', () => {
  const text = readFileSync(new URL('./flink-changelog-modes.jsonl', import.meta.url), 'utf8');
  const plans = text.trim().split('\n').map((line) =>
    JSON.parse(line) as { readonly sql: string; readonly nodes: readonly string[] });
  test.each(plans)('$sql', ({ sql, nodes }) => {
    const statement = parseStatement(sql);
    if (statement.kind !== 'explain') throw new Error(`no EXPLAIN: ${sql}`);
    const { planner } = session(ONE_PHASE);
    expect(modesOf(planner.explain(statement.statement, EVERYTHING, statement.details)))
      .toEqual(nodes);
  });
});

/** Numbers of operators are others in each session of Flink: those of the order in the text. */
function renumbered(text: string): string {
  const known: string[] = [];
  const place = (number: string): string => {
    if (!known.includes(number)) known.push(number);
    return String(known.indexOf(number));
  };
  return text.replace(/"id" : (\d+)/g, (_, id: string) => `"id" : ${place(id)}`)
    .replace(/\[\d+\]"/g, '[n]"').replace(/"\[\d+\]:/g, '"[n]:');
}

describe('EXPLAIN with details prints what Flink prints', () => {
  const text = readFileSync(new URL('./flink-details.jsonl', import.meta.url), 'utf8');
  const plans = text.trim().split('\n').map((line) => JSON.parse(line) as {
    readonly sql: string; readonly options: Record<string, string>; readonly plan: string;
  });
  test.each(plans)('$sql', ({ sql, options, plan }) => {
    const shown = explain(sql, options);
    expect(renumbered(withoutScans(shown.slice(shown.indexOf('== Optimized Physical')))))
      .toBe(renumbered(withoutScans(plan)));
  });

  test('costs are not estimated, and that is said', () => {
    const shown = explain('EXPLAIN ESTIMATED_COST SELECT a FROM t');
    expect(shown).toContain('== Estimated Cost ==\nnot estimated');
  });
});

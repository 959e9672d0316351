/**
 * The phases of aggregations as Flink plans them: flink-phases.jsonl holds what it printed for each
 * statement under the settings beside it. docs/divergences/explain.md says what is told otherwise.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { explain } from './plan-text.js';

interface Golden {
  readonly settings: Readonly<Record<string, string>>;
  readonly sql: string;
  readonly plan: string;
}

const lines = readFileSync(new URL('./flink-phases.jsonl', import.meta.url), 'utf8').trim();
const goldens = lines.split('\n').map((line) => JSON.parse(line) as Golden);

const short = (settings: Golden['settings']): string =>
  Object.entries(settings).map(([key, value]) => `${key.split('.').slice(2).join('.')}=${value}`)
    .filter((text) => !/latency|size/.test(text)).join(' ');

/**
 * Aggregations, exchanges and what is shown around them, in their order. Projections between them
 * stand elsewhere, so that columns without a name of their own have other numbers.
 */
function phasesOf(text: string): readonly string[] {
  const plan = text.split('== Optimized Execution Plan ==')[1]!.split('== Engine ==')[0]!;
  return plan.trim().split('\n').map((line) => line.replace(/^[ :|+-]*/, ''))
    .filter((line) => !line.startsWith('Calc('))
    .map((line) => (/^(Local|Global|Incremental|Group|Window|MiniBatch|Exchange)/.test(line)
      ? line.replace(/\$f\d+(_\d+)?/g, '$f') : /^\w*/.exec(line)![0]));
}

describe('EXPLAIN has the phases of Flink', () => {
  test.each(goldens.map((golden) => [short(golden.settings), golden.sql, golden] as const))(
    '%s: %s', (_settings, sql, golden) => {
      expect(phasesOf(explain(sql, golden.settings))).toEqual(phasesOf(golden.plan));
    });
});

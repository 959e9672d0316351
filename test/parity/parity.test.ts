/**
 * One plan, two engines: random queries over random rows give the same changes and the same
 * errors on both, however the rows are cut into batches; with three subtasks the same changes
 * where their order is fixed by a key, else the same table. With late rows only one subtask is
 * asked: which rows are late depends on how the inputs meet. So do mixtures, where some nodes run
 * on one engine and some on the other. MILLRACE_SEED and MILLRACE_RUNS choose other queries and
 * more of them.
 */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildFallbackWorker } from '../support/fallback-worker.js';
import { queriesByKind, type RandomQuery } from './random-query.js';
import {
  hasLateRows, inputRows, TABLE_DDL, tableRows, withoutLateRows, type TableRow,
} from './random-table.js';
import { folded, runQuery, type Answer, type Variant } from './run-query.js';

const SEED = Number(process.env['MILLRACE_SEED'] ?? 20_240_301);
const RUNS = Number(process.env['MILLRACE_RUNS'] ?? 12);

const ENGINES = ['native', 'fallback'] as const;
const VARIANTS: readonly Variant[] = [1, 7, 4096].flatMap((batchRows) =>
  [1, 3].flatMap((parallelism) => ENGINES.map((engine) => ({ engine, batchRows, parallelism }))));

/** More numbers than a plan of these queries has nodes. */
const MOST_NODES = 24;
const someNodes = fc.uniqueArray(fc.nat(MOST_NODES - 1), { maxLength: MOST_NODES });

const THREADED: readonly Variant[] = [1, 7, 4096].map((batchRows) =>
  ({ engine: 'fallback', batchRows, parallelism: 3, workerThreads: true }));

const MIXTURES: readonly Omit<Variant, 'fallbackOperators'>[] = [1, 7, 4096].flatMap((batchRows) =>
  [1, 3].map((parallelism) => ({ engine: 'auto', batchRows, parallelism })));

const sorted = (answer: Answer): readonly string[] => [...answer.changes].sort();

async function check(
  query: RandomQuery, all: readonly TableRow[], variants: readonly Variant[],
): Promise<readonly Answer[]> {
  const rows = query.needsTimely === true ? withoutLateRows(all) : all;
  const answers: Answer[] = [];
  const run = (variant: Variant): Promise<Answer> =>
    runQuery(TABLE_DDL, inputRows(rows), query.sql, variant);
  const wanted = await run({ engine: 'fallback', batchRows: 4096, parallelism: 1 });
  expect(wanted.error ?? 'none', query.sql).not.toMatch(/^MR[1259]/);
  const isLateFree = query.isTimed === true && hasLateRows(rows);
  for (const variant of variants) {
    if (isLateFree && variant.parallelism > 1) continue;
    const answer = await run(variant);
    answers.push(answer);
    const told = `${query.sql}\n${JSON.stringify(variant)}`;
    expect(answer.error === null, `${told} ${answer.error ?? ''}`).toBe(wanted.error === null);
    if (wanted.error !== null) {
      expect(answer.error, told).toMatch(/^MR3/);
    } else if (query.equal[variant.parallelism === 1 ? 0 : 1] === 'changes') {
      expect(sorted(answer), told).toEqual(sorted(wanted));
    } else {
      expect(folded(answer.changes), told).toEqual(folded(wanted.changes));
    }
  }
  return answers;
}

describe('both engines agree on', () => {
  it.each(Object.keys(queriesByKind))('%s', async (kind) => {
    await fc.assert(fc.asyncProperty(queriesByKind[kind]!, tableRows, async (query, rows) => {
      await check(query, rows, VARIANTS);
    }), { seed: SEED, numRuns: RUNS, endOnFailure: RUNS > 100 });
  });
});

describe('mixtures of both engines agree with them on', () => {
  it.each(Object.keys(queriesByKind))('%s', async (kind) => {
    let mixtures = 0;
    await fc.assert(fc.asyncProperty(queriesByKind[kind]!, tableRows, someNodes,
      async (query, rows, fallbackOperators) => {
        const variants = MIXTURES.map((variant) => ({ ...variant, fallbackOperators }));
        const answers = await check(query, rows, variants);
        mixtures += answers.filter((answer) => answer.engines.length === 2).length;
      }), { seed: SEED, numRuns: RUNS, endOnFailure: RUNS > 100 });
    expect(mixtures).toBeGreaterThan(RUNS);
  });
});

describe('subtasks in worker threads agree with them on', () => {
  beforeAll(buildFallbackWorker);

  it.each(Object.keys(queriesByKind))('%s', async (kind) => {
    await fc.assert(fc.asyncProperty(queriesByKind[kind]!, tableRows, someNodes,
      async (query, rows, fallbackOperators) => {
        const [mixture] = MIXTURES.slice(-1);
        const mixed = { ...mixture!, fallbackOperators, workerThreads: true };
        await check(query, rows, [...THREADED, mixed]);
      }), { seed: SEED, numRuns: RUNS, endOnFailure: RUNS > 100 });
  });
});

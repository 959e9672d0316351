/**
 * Random rows through aggregations: both engines send the same changes whatever the batches, and
 * a snapshot taken by one and restored by the other changes nothing. What the changes add up to is
 * what an obvious recomputation gives.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runScript, STREAM_MODES, type StreamResult } from '../support/stream-run.js';
import type { ScriptEvent, ScriptRow, StreamScript } from '../support/stream-script.js';

const RUNS = Number(process.env['FC_RUNS'] ?? 12);
const COLUMNS = 'k STRING, g INT, v INT, b BIGINT, d DOUBLE, t STRING, e DECIMAL(12, 2)';
const EXACT = `SELECT k, g, COUNT(*), COUNT(v), SUM(v), SUM(b), AVG(v), AVG(e), MIN(v), MAX(b),
  MIN(t), MAX(t), MAX(d), SUM(e), COUNT(DISTINCT v), SUM(DISTINCT b),
  COUNT(DISTINCT t) FILTER (WHERE v > 0),
  COUNT(*) FILTER (WHERE v > 1) FROM s GROUP BY k, g`;

/** Whole values: lists, multisets, arrays, JSON, nested first and last values. */
const CELLS = `SELECT k, LISTAGG(t), LISTAGG(DISTINCT t, '; '), COLLECT(v), COLLECT(DISTINCT t),
  ARRAY_AGG(v), ARRAY_AGG(d) IGNORE NULLS, ARRAY_AGG(DISTINCT v) FILTER (WHERE v > 0),
  JSON_ARRAYAGG(v NULL ON NULL), JSON_ARRAYAGG(t), FIRST_VALUE(t), LAST_VALUE(b),
  FIRST_VALUE(ROW(v, t)), LAST_VALUE(ARRAY[t, k]) FROM s GROUP BY k`;

const key = fc.constantFrom('a', 'b', 'a key of more than twelve bytes', null);
const small = fc.option(fc.integer({ min: -3, max: 3 }).map(String), { freq: 4 });
const text = fc.constantFrom('x', 'y', 'a text of more than twelve bytes', 'z', '', null);
const big = fc.option(fc.constantFrom('9223372036854775807', '-9223372036854775808', '1', '-7'));
const float = fc.option(fc.constantFrom('NaN', '-0', '0', '1.5', '-2.25'));
const decimal = fc.option(fc.constantFrom('0.01', '-9999999999.99', '5.00', '3.33'));
const values = fc.tuple(key, small, small, big, float, text, decimal);

type Values = readonly (string | null)[];
const insertions = fc.array(values.map((row): ScriptRow => ({ kind: 0, values: row })),
  { minLength: 1, maxLength: 60 });

/** Insertions, and some of what is there taken back, as -D or as -U, +U. */
const changes = fc.array(fc.tuple(values, fc.nat(), fc.nat(3)), { minLength: 1, maxLength: 60 })
  .map((steps) => {
    const live: Values[] = [];
    const rows: ScriptRow[] = [];
    for (const [row, pick, action] of steps) {
      const at = live.length === 0 ? -1 : pick % live.length;
      if (action === 0 && at >= 0) {
        rows.push({ kind: 3, values: live.splice(at, 1)[0]! });
      } else if (action === 1 && at >= 0) {
        rows.push({ kind: 1, values: live.splice(at, 1, row)[0]! }, { kind: 2, values: row });
      } else {
        live.push(row);
        rows.push({ kind: 0, values: row });
      }
    }
    return rows;
  });

function script(
  query: string, rows: readonly ScriptRow[], hasChanges: boolean, columns = COLUMNS,
): StreamScript {
  const third = Math.ceil(rows.length / 3);
  const pushes = [0, 1, 2].map((i): ScriptEvent => (
    { kind: 'push', source: 's', rows: rows.slice(i * third, (i + 1) * third) }));
  return {
    path: 'random', about: '', settings: [], sink: null, query, isSequential: true,
    sources: [{ name: 's', columns, options: hasChanges ? { 'changelog-mode': 'I,UA,UB,D' } : {} }],
    events: [
      ...pushes, { kind: 'finish' },
      { kind: 'view', lines: [], line: 0 }, { kind: 'emit', sorted: false, lines: [], line: 0 },
    ],
  };
}

function viewOf(result: StreamResult): readonly string[] {
  return [...result.views.values()][0]!;
}

function emittedBy(result: StreamResult): readonly string[] {
  return [...result.emitted.values()][0]!;
}

/**
 * Runs every mode of parallelism 1 and compares; returns the view. Windows, which drop late rows,
 * are not rescaled: which row is late depends on the watermarks of the subtasks that were there.
 */
async function agree(
  tested: StreamScript, isFree: boolean, hasWindows = false,
): Promise<readonly string[]> {
  let first: StreamResult | null = null;
  const modes = STREAM_MODES.filter(({ parallelism, rescaledTo }) =>
    parallelism === 1 && !(hasWindows && rescaledTo !== undefined));
  for (const mode of modes) {
    const result = await runScript(tested, mode);
    first ??= result;
    const order = (lines: readonly string[]): readonly string[] =>
      mode.rescaledTo !== undefined || (isFree && mode.recoverAlways) ? [...lines].sort() : lines;
    expect(order(emittedBy(result)), mode.name).toEqual(order(emittedBy(first)));
    expect(viewOf(result), mode.name).toEqual(viewOf(first));
  }
  return viewOf(first!);
}

/** Counts and sums of v by (k, g), the slow way. */
function recomputed(rows: readonly ScriptRow[]): readonly string[] {
  const groups = new Map<string, { count: number; values: number[] }>();
  const quoted = (token: string | null): string =>
    token === null ? '.' : /\s/.test(token) ? `'${token}'` : token;
  for (const { kind, values: [k, g, v] } of rows) {
    const name = `${quoted(k!)} ${quoted(g!)}`;
    const group = groups.get(name) ?? { count: 0, values: [] };
    groups.set(name, group);
    const isTaken = kind === 1 || kind === 3;
    group.count += isTaken ? -1 : 1;
    if (v === null || v === undefined) continue;
    if (isTaken) group.values.splice(group.values.indexOf(Number(v)), 1);
    else group.values.push(Number(v));
  }
  return [...groups].filter(([, { count }]) => count > 0).map(([name, group]) => {
    const sum = group.values.length === 0 ? '.' : group.values.reduce((a, b) => a + b, 0);
    const least = group.values.length === 0 ? '.' : Math.min(...group.values);
    return `${name} ${group.count} ${sum} ${least} ${new Set(group.values).size}`;
  }).sort();
}

describe('random aggregation', () => {
  it('of added rows is the same on both engines', async () => {
    await fc.assert(fc.asyncProperty(insertions, async (rows) => {
      await agree(script(EXACT, rows, false), false);
    }), { numRuns: RUNS });
  });

  it('of rows that are taken back is the same on both engines', async () => {
    await fc.assert(fc.asyncProperty(changes, async (rows) => {
      await agree(script(EXACT, rows, true), false);
    }), { numRuns: RUNS });
  });

  it('of whole values is the same on both engines', async () => {
    await fc.assert(fc.asyncProperty(insertions, async (rows) => {
      await agree(script(CELLS, rows, false), false);
    }), { numRuns: RUNS });
    await fc.assert(fc.asyncProperty(changes, async (rows) => {
      await agree(script(CELLS, rows, true), false);
    }), { numRuns: RUNS });
  });

  it('adds up to a recomputation', async () => {
    const query = `SELECT k, g, COUNT(*), SUM(v), MIN(v), COUNT(DISTINCT v) FROM s GROUP BY k, g`;
    await fc.assert(fc.asyncProperty(changes, async (rows) => {
      expect(await agree(script(query, rows, true), false)).toEqual(recomputed(rows));
    }), { numRuns: RUNS });
  });

  it('leaves nothing behind when every row is taken back', async () => {
    await fc.assert(fc.asyncProperty(changes, async (rows) => {
      const back = rows.toReversed().map(({ kind, values: row }): ScriptRow =>
        ({ kind: kind === 0 || kind === 2 ? 3 : 0, values: row }));
      expect(await agree(script(EXACT, [...rows, ...back], true), false)).toEqual([]);
    }), { numRuns: RUNS });
  });

  it('survives keys and values that come and go by the thousand', async () => {
    const rows: ScriptRow[] = [];
    for (let i = 0; i < 3000; i++) {
      const row = [`key ${i} with a long name`, '1', `${i}`, '1', '1', `text ${i}`, '1.00'];
      const inOne = ['one', '1', `${i}`, '1', '1', `text number ${i}`, '1.00'];
      rows.push({ kind: 0, values: row }, { kind: 0, values: inOne });
      if (i % 100 !== 0) rows.push({ kind: 3, values: row }, { kind: 3, values: inOne });
    }
    const query = `SELECT k, COUNT(*), SUM(v), MIN(v), MAX(t), COUNT(DISTINCT v) FROM s GROUP BY k`;
    const view = await agree(script(query, rows, true), false);
    expect(view).toHaveLength(31);
    expect(view.at(-1)).toBe("one 30 43500 0 'text number 900' 30");
  });

  it('keeps whole values that come and go by the thousand', async () => {
    const rows: ScriptRow[] = [];
    for (let i = 0; i < 3000; i++) {
      const row = ['one', '1', `${i}`, '1', '1', `text number ${i}`, '1.00'];
      rows.push({ kind: 0, values: row });
      if (i % 1000 !== 0) rows.push({ kind: 3, values: row });
    }
    const query =
      'SELECT k, LISTAGG(t), COLLECT(v), JSON_OBJECTAGG(KEY t VALUE v) FROM s GROUP BY k';
    expect(await agree(script(query, rows, true), false)).toEqual([
      "one 'text number 0,text number 1000,text number 2000' {0=1, 2000=1, 1000=1} " +
      `'{"text number 0":0,"text number 1000":1000,"text number 2000":2000}'`,
    ]);
  });

  const SESSIONS = `SELECT window_start, window_end, k, COUNT(*), SUM(v), MIN(t), MAX(d), AVG(e),
    COUNT(DISTINCT v), SUM(DISTINCT b) FILTER (WHERE v > 0)
    FROM TABLE(SESSION(TABLE s PARTITION BY k, DESCRIPTOR(ts), INTERVAL '2' SECOND))
    GROUP BY window_start, window_end, k`;
  const TIMED = `${COLUMNS}, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '10' SECOND`;

  it('in sessions is the same on both engines', async () => {
    const time = fc.integer({ min: 0, max: 40_000 }).map((ms) => `${ms}ms`);
    const steps = fc.array(fc.tuple(values, time), { minLength: 1, maxLength: 60 });
    await fc.assert(fc.asyncProperty(steps, async (list) => {
      const rows = list.map(([row, at]): ScriptRow => ({ kind: 0, values: [...row, at] }));
      await agree(script(SESSIONS, rows, false, TIMED), true, true);
    }), { numRuns: RUNS });
    await fc.assert(fc.asyncProperty(changes, async (list) => {
      const rows = list.map(({ kind, values: row }): ScriptRow =>
        ({ kind, values: [...row, `${(Number(row[2]) + 3) * 3 + Number(row[1])}s`] }));
      await agree(script(SESSIONS, rows, true, TIMED), true, true);
    }), { numRuns: RUNS });
  });

  it('in sessions that come and go by the thousand', async () => {
    const rows = Array.from({ length: 6000 }, (_, i): ScriptRow => {
      const key = i % 5 === 0 ? 'one' : `key ${i % 1500} with a long name`;
      return { kind: 0, values: [key, '1', `${i % 7}`, '1', '1', `text ${i}`, '1.00', `${i}s`] };
    });
    const view = await agree(script(SESSIONS, rows, false, TIMED), true, true);
    expect(view).toHaveLength(6000);
    const start = "5000s 5002s one 1 2 'text 5000' ";
    expect(view.filter((line) => line.startsWith(start))).toHaveLength(1);
  });

  it.each([
    "TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '5' SECOND)",
    "HOP(TABLE s, DESCRIPTOR(ts), INTERVAL '3' SECOND, INTERVAL '9' SECOND)",
    "CUMULATE(TABLE s, DESCRIPTOR(ts), INTERVAL '2' SECOND, INTERVAL '8' SECOND)",
  ])('in windows of %s is the same on both engines', async (window) => {
    const time = fc.integer({ min: 0, max: 40_000 }).map((ms) => `${ms}ms`);
    const steps = fc.array(fc.tuple(values, time), { minLength: 1, maxLength: 60 });
    const query = `SELECT window_start, window_end, k, COUNT(*), SUM(v), MIN(t), MAX(d), AVG(e),
      COUNT(DISTINCT v), COLLECT(v), ARRAY_AGG(DISTINCT t) FROM TABLE(${window})
      GROUP BY window_start, window_end, k`;
    await fc.assert(fc.asyncProperty(steps, async (list) => {
      const rows = list.map(([row, at]): ScriptRow => ({ kind: 0, values: [...row, at] }));
      const columns = `${COLUMNS}, ts TIMESTAMP(3), WATERMARK FOR ts AS ts`;
      await agree(script(query, rows, false, columns), true, true);
    }), { numRuns: RUNS });
  });
});

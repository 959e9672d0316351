/** Both engines against the obvious reference: the tables that their changes leave behind. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  inputRows, TABLE_DDL, tableRows, WATERMARK_LAG_MS, type TableRow,
} from '../parity/random-table.js';
import { folded, runQuery } from '../parity/run-query.js';
import {
  AGGREGATES, groups, overGroups, tableText, top, windowGroups, windowRows, type AggregateName,
  type Cell, type KeyColumn, type SortColumn, type WindowShape,
} from './reference.js';

const SEED = Number(process.env['MILLRACE_SEED'] ?? 20_240_302);
const RUNS = Number(process.env['MILLRACE_RUNS'] ?? 20);

const keys = fc.constantFrom<readonly KeyColumn[]>(['k'], ['s'], ['f'], ['k', 'f']);
const aggregates = fc.uniqueArray(
  fc.constantFrom(...Object.keys(AGGREGATES) as AggregateName[]), { minLength: 1, maxLength: 5 });
const shapes: fc.Arbitrary<WindowShape> = fc.oneof(
  fc.constantFrom(1, 3, 5, 10).map((size): WindowShape =>
    ({ kind: 'TUMBLE', sizeMs: size * 1000, stepMs: size * 1000 })),
  fc.tuple(fc.constantFrom(1, 2, 5), fc.constantFrom(2, 3, 4), fc.constantFrom('HOP', 'CUMULATE'))
    .map(([step, times, kind]): WindowShape =>
      ({ kind: kind as 'HOP', sizeMs: step * times * 1000, stepMs: step * 1000 })));

function windowSql({ kind, sizeMs, stepMs }: WindowShape): string {
  const interval = (ms: number): string => `INTERVAL '${ms / 1000}' SECOND`;
  const step = kind === 'TUMBLE' ? '' : `${interval(stepMs)}, `;
  return `TABLE(${kind}(TABLE t, DESCRIPTOR(ts), ${step}${interval(sizeMs)}))`;
}

const ENGINES = ['native', 'fallback'] as const;

describe.each(ENGINES)('the %s engine agrees with the reference on', (engine) => {
  async function check(
    sql: string, rows: readonly TableRow[], batchRows: number, wanted: readonly Cell[][],
  ): Promise<void> {
    const answer = await runQuery(TABLE_DDL, inputRows(rows), sql,
      { engine, batchRows, parallelism: 1 });
    expect(answer.error, sql).toBeNull();
    expect(folded(answer.changes), sql).toEqual(tableText(wanted));
  }

  const cut = fc.constantFrom(1, 3, 4096);
  const settings = { seed: SEED, numRuns: RUNS };

  it('group aggregation', async () => {
    await fc.assert(fc.asyncProperty(tableRows, keys, aggregates, cut,
      (rows, by, calls, batchRows) => check(
        `SELECT ${[...by, ...calls].join(', ')} FROM t GROUP BY ${by.join(', ')}`,
        rows, batchRows, groups(rows, by, calls))), settings);
  });

  it('window aggregation, also of late rows', async () => {
    await fc.assert(fc.asyncProperty(tableRows, shapes, keys, aggregates, cut,
      (rows, shape, by, calls, batchRows) => {
        const all = ['window_start', 'window_end', ...by];
        const wanted = windowGroups(windowRows(rows, shape, WATERMARK_LAG_MS), by, calls);
        return check(`SELECT ${[...all, ...calls].join(', ')} FROM ${windowSql(shape)} ` +
          `GROUP BY ${all.join(', ')}`, rows, batchRows, wanted);
      }), settings);
  });

  it('rows before, over rows that change', async () => {
    await fc.assert(fc.asyncProperty(tableRows, fc.integer({ min: 0, max: 3 }), cut,
      (rows, preceding, batchRows) => {
        const inner = 'SELECT k, s, COUNT(*) AS n, SUM(i) AS m FROM t GROUP BY k, s';
        const sql = 'SELECT k, s, AVG(m) OVER w AS a, MAX(n) OVER w AS x FROM ' +
          `(${inner}) WINDOW w AS (PARTITION BY k ORDER BY s ` +
          `ROWS BETWEEN ${preceding} PRECEDING AND CURRENT ROW)`;
        return check(sql, rows, batchRows, overGroups(rows, preceding));
      }), settings);
  });

  it('top-n', async () => {
    const columns = fc.constantFrom<SortColumn>('i', 'b', 'id');
    await fc.assert(fc.asyncProperty(tableRows, fc.constantFrom<KeyColumn | null>('k', 's', null),
      columns, fc.boolean(), fc.integer({ min: 2, max: 5 }), cut,
      (rows, partition, column, isDescending, count, batchRows) => {
        const by = partition === null ? '' : `PARTITION BY ${partition} `;
        const sql = `SELECT r, id, ${column} AS c FROM (SELECT *, ROW_NUMBER() OVER (${by}` +
          `ORDER BY ${column} ${isDescending ? 'DESC' : 'ASC'}, id) AS r FROM t) ` +
          `WHERE r <= ${count}`;
        return check(sql, rows, batchRows, top(rows, { partition, column, isDescending, count }));
      }), settings);
  });
});

/**
 * From event to result, in process: the generator keeps to real time at half of what the query
 * can take, and each row that comes out is set against the time at which it was due.
 */
import { readI64 } from '../../src/batch/column.js';
import type { Batch } from '../../src/batch/batch.js';
import { TableEnvironment } from '../../src/index.js';
import { nexmarkQuery } from './queries.js';
import { nexmarkTables } from './tables.js';

export interface LatencyRow {
  readonly query: string;
  readonly flushMs: number;
  /** Events a second that the query takes at full speed, and that it was given. */
  readonly capacity: number;
  readonly rate: number;
  readonly rows: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
}

/** The column a row's due time is read from, and how far behind it the row is due. */
interface DueColumn {
  readonly sql: (sql: string) => string;
  readonly index: number;
  readonly due: (ms: number) => number;
}

const same = (sql: string): string => sql;
const WINDOW_MS = 10_000;
/** The watermark closes a window so long after its end. */
const WATERMARK_MS = 4000;

export const LATENCY_QUERIES: Readonly<Record<string, DueColumn>> = {
  q0: { sql: same, index: 3, due: (ms) => ms },
  q5: {
    sql: (sql) => sql.replace('ab.num', 'ab.num, ab.endtime'), index: 2,
    due: (ms) => ms + WATERMARK_MS,
  },
  q7: {
    sql: same, index: 3,
    due: (ms) => (Math.floor(ms / WINDOW_MS) + 1) * WINDOW_MS + WATERMARK_MS,
  },
  q18: { sql: same, index: 5, due: (ms) => ms },
};

/** The first event is due so long after the job was made: planning it is not measured. */
const LEAD_MS = 500;
/** Rows that are due in the first second warm up. */
const WARM_UP_MS = 1000;

export async function measureLatency(
  query: string, flushMs: number, seconds: number,
): Promise<LatencyRow> {
  // Windows hold as many rows as the rate gives them: capacity is measured at about that rate.
  const guess = Math.floor(await capacityOf(query, {}, EVENTS) / 2);
  const capacity = await capacityOf(query, rateOf(guess), Math.max(EVENTS, guess * 4));
  const rate = Math.floor(capacity / 2);
  const { latencies, rows } = await pacedRun(query, flushMs, rate, seconds);
  const at = (share: number): number => quantile(latencies, rows, share);
  return { query, flushMs, capacity, rate, rows, p50: at(0.5), p99: at(0.99), p999: at(0.999) };
}

const EVENTS = 2_000_000;

const rateOf = (rate: number): Readonly<Record<string, string>> =>
  ({ 'first-event.rate': String(rate), 'next-event.rate': String(rate) });

async function capacityOf(
  query: string, options: Readonly<Record<string, string>>, events: number,
): Promise<number> {
  const env = await environment({ 'events.num': String(events), ...options }, 10);
  const result = await env.executeSql(sqlOf(query));
  const begun = performance.now();
  let rows = 0;
  for await (const batch of result.changes()) rows += batch.activeCount;
  return rows === 0 ? 0 : Math.floor(events / ((performance.now() - begun) / 1000));
}

async function environment(
  options: Readonly<Record<string, string>>, flushMs: number,
): Promise<TableEnvironment> {
  const env = TableEnvironment.create({
    engine: 'native', config: { 'millrace.flush-interval': `${flushMs} ms` },
  });
  const [events = '', ...views] = nexmarkTables({ kind: 'generator', events: 0, seed: 1 });
  const given = Object.entries(options).map(([key, value]) => `, '${key}' = '${value}'`).join('');
  const table = events.replace(", 'events.num' = '0'", given);
  for (const statement of [table, ...views]) await env.executeSql(statement);
  return env;
}

const sqlOf = (query: string): string =>
  LATENCY_QUERIES[query]!.sql(nexmarkQuery(query, { kind: 'generator', events: 0, seed: 1 }).sql);

/** Tenths of a millisecond, by how many rows took so long. */
type Histogram = Float64Array;
const BUCKETS = 100_000;

async function pacedRun(
  query: string, flushMs: number, rate: number, seconds: number,
): Promise<{ readonly latencies: Histogram; readonly rows: number }> {
  const baseMs = Date.now() + LEAD_MS;
  const env = await environment({
    ...rateOf(rate), 'events.num': String(rate * seconds), 'max-emit-speed': 'false',
    'base-time': String(baseMs),
  }, flushMs);
  const result = await env.executeSql(sqlOf(query));
  const latencies = new Float64Array(BUCKETS);
  let rows = 0;
  for await (const batch of result.changes()) {
    const nowMs = performance.timeOrigin + performance.now();
    rows += count(batch, LATENCY_QUERIES[query]!, nowMs, baseMs + WARM_UP_MS, latencies);
  }
  return { latencies, rows };
}

/** Rows that the end of the stream closed were not due yet: they are left out. */
function count(
  batch: Batch, { index, due }: DueColumn, nowMs: number, countFromMs: number,
  latencies: Histogram,
): number {
  const values = batch.columns[index]!.values as Int32Array;
  let rows = 0;
  for (let i = 0; i < batch.activeCount; i++) {
    const row = batch.selection === null ? i : batch.selection[i]!;
    const late = nowMs - due(readI64(values, row));
    if (late < -1 || due(readI64(values, row)) < countFromMs) continue;
    latencies[Math.min(BUCKETS - 1, Math.max(0, Math.floor(late * 10)))]! += 1;
    rows += 1;
  }
  return rows;
}

function quantile(latencies: Histogram, rows: number, share: number): number {
  if (rows === 0) return 0;
  let seen = 0;
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    seen += latencies[bucket]!;
    if (seen >= rows * share && seen > 0) return (bucket + 1) / 10;
  }
  return BUCKETS / 10;
}

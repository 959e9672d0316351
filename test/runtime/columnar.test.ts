/**
 * Columnar from source to sink: a million rows leave no trace on JavaScript's heap. One small
 * object a row would be 40 MB or more, which the collector could not leave alone.
 */
import { constants, PerformanceObserver } from 'node:perf_hooks';
import { expect, it } from 'vitest';
import { TableEnvironment } from '../../src/index.js';

const SOURCE = `CREATE TABLE events (event_type INT, bid ROW<auction BIGINT, price BIGINT,
    channel STRING>)
  WITH ('connector' = 'nexmark', 'events.num' = '1000000', 'seed' = '1')`;
const SINK = `CREATE TABLE bids (auction BIGINT, price BIGINT, channel STRING)
  WITH ('connector' = 'blackhole')`;
const INSERT = `INSERT INTO bids SELECT bid.auction, bid.price * 2, UPPER(bid.channel)
  FROM events WHERE event_type = 2`;

const isMinor = (entry: object): boolean =>
  (entry as { detail?: { kind?: number } }).detail?.kind === constants.NODE_PERFORMANCE_GC_MINOR;

/** Collections of young objects while `work` runs: one for each 16 MB or so. */
async function collections(work: () => Promise<void>): Promise<number> {
  let count = 0;
  const observer = new PerformanceObserver((list) => {
    count += list.getEntries().filter(isMinor).length;
  });
  observer.observe({ entryTypes: ['gc'] });
  await work();
  await new Promise((resolve) => setTimeout(resolve, 50));
  observer.disconnect();
  return count;
}

it('the native engine makes no object a row', async () => {
  const env = TableEnvironment.create({ engine: 'native' });
  await env.executeSql(SOURCE);
  await env.executeSql(SINK);
  const count = await collections(async () => {
    await (await env.executeSql(INSERT)).await();
  });
  expect(count).toBeLessThanOrEqual(1);
});

it('and an object a row would be seen', async () => {
  const count = await collections(async () => {
    const kept: object[] = [];
    for (let i = 0; i < 1_000_000; i++) kept[i % 100] = { auction: i, price: i * 2, channel: 'x' };
    expect(kept).toHaveLength(100);
  });
  expect(count).toBeGreaterThan(1);
});

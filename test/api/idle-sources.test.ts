/** Sources that never end and say nothing, at parallelism 1 and in worker threads. */
import { beforeAll, describe, expect, it } from 'vitest';
import { TableEnvironment } from '../../src/index.js';
import { buildFallbackWorker } from '../support/fallback-worker.js';

beforeAll(buildFallbackWorker);

const WINDOWS = `SELECT TUMBLE_END(ts, INTERVAL '10' SECOND), COUNT(*)
  FROM (SELECT ts FROM readings UNION ALL SELECT ts FROM silent)
  GROUP BY TUMBLE(ts, INTERVAL '10' SECOND)`;

async function environment(config: Record<string, string>): Promise<TableEnvironment> {
  const env = TableEnvironment.create({ config });
  await env.executeSql(`CREATE TABLE readings (
      n INT, ts AS TIMESTAMPADD(SECOND, n * n, TIMESTAMP '2020-01-01 00:00:00.000'),
      WATERMARK FOR ts AS ts
    ) WITH ('connector' = 'datagen', 'number-of-rows' = '5', 'fields.n.kind' = 'sequence',
      'fields.n.start' = '1', 'fields.n.end' = '5')`);
  await env.executeSql(`CREATE TABLE silent (
      event_type INT, ts AS TIMESTAMPADD(SECOND, event_type, TIMESTAMP '2020-01-01 00:00:00.000'),
      WATERMARK FOR ts AS ts
    ) WITH ('connector' = 'nexmark', 'events.num' = '1', 'keep-alive' = 'true')`);
  return env;
}

describe.each([
  ['native', '1'], ['native', '3'], ['fallback', '1'], ['fallback', '3'],
])('%s, parallelism %s', (engine, parallelism) => {
  it('a source that stays silent for its timeout lets the windows of the others close',
    async () => {
      const env = await environment({
        'millrace.engine': engine, 'parallelism.default': parallelism,
        'table.exec.source.idle-timeout': '100 ms',
      });
      const result = await env.executeSql(WINDOWS);
      const counts: string[] = [];
      for await (const { values } of result.collect()) {
        counts.push(String(values[1]));
        if (counts.length === 3) break;
      }
      expect(result.job?.engines).toEqual([engine]);
      expect(counts).toEqual(['4', '1', '1']);
    });
});

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { CheckpointStorage } from '../../src/checkpoint/storage.js';
import { TableEnvironment } from '../../src/index.js';
import { buildFallbackWorker } from '../support/fallback-worker.js';

beforeAll(buildFallbackWorker);

const EVENTS = 200_000;
const DDL = `CREATE TABLE events (event_type INT, bid ROW<auction BIGINT, price BIGINT>)
  WITH ('connector' = 'nexmark', 'events.num' = '${EVENTS}', 'seed' = '7')`;
const QUERY = 'SELECT bid.auction AS auction, COUNT(*) AS n, SUM(bid.price) AS total ' +
  'FROM events WHERE event_type = 2 GROUP BY bid.auction';

interface Folded {
  readonly table: Map<string, string>;
  changes: number;
}

/**
 * Applies a query's changes to a table; reads slowly until the folder holds two checkpoints more
 * than it did after the first changes: the later of them began when rows had passed.
 */
async function fold(
  env: TableEnvironment, table = new Map<string, string>(), folder?: string,
): Promise<Folded> {
  let enough = folder === undefined ? 0 : Infinity;
  const folded: Folded = { table, changes: 0 };
  const result = await env.executeSql(QUERY);
  const isMixture = env.config.text('millrace.engine.fallback-operators') !== '';
  expect(result.job?.engines).toHaveLength(isMixture ? 2 : 1);
  for await (const { kind, values } of result.collect()) {
    const [key, ...rest] = values.map(String);
    if (kind === '+I' || kind === '+U') table.set(key ?? '', rest.join(','));
    folded.changes += 1;
    if (enough > 0 && folded.changes % 500 === 0) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      const newest = (await new CheckpointStorage(folder ?? '').list())[0] ?? 0;
      if (enough === Infinity) enough = newest + 2;
      if (newest >= enough) enough = 0;
    }
  }
  return folded;
}

/** `mixed`: auto, with an operator or two on the fallback; the number is the parallelism. */
const SETTINGS = {
  native: { 'millrace.engine': 'native' },
  fallback: { 'millrace.engine': 'fallback' },
  'mixed, calc': { 'millrace.engine.fallback-operators': 'calc' },
  'mixed, calc, 3': {
    'millrace.engine.fallback-operators': 'calc', 'parallelism.default': '3',
  },
  'mixed, aggregate, 3': {
    'millrace.engine.fallback-operators': 'group-aggregate', 'parallelism.default': '3',
  },
  'threads, 3': {
    'millrace.engine': 'fallback', 'millrace.fallback.worker-threads': 'true',
    'parallelism.default': '3',
  },
  'mixed, threads, 2': {
    'millrace.engine.fallback-operators': 'group-aggregate', 'parallelism.default': '2',
    'millrace.fallback.worker-threads': 'true',
  },
  'mixed, source, 2': {
    'millrace.engine.fallback-operators': 'source, sink', 'parallelism.default': '2',
  },
} as const;

async function environment(
  setting: keyof typeof SETTINGS, config: Record<string, string> = {},
): Promise<TableEnvironment> {
  const env = TableEnvironment.create({ config: { ...SETTINGS[setting], ...config } });
  await env.executeSql(DDL);
  return env;
}

describe.each([
  ['native', 'native'], ['native', 'fallback'], ['fallback', 'native'],
  ['mixed, calc', 'mixed, calc'], ['mixed, calc', 'native'], ['fallback', 'mixed, aggregate, 3'],
  ['mixed, calc, 3', 'mixed, source, 2'], ['mixed, aggregate, 3', 'fallback'],
  ['mixed, source, 2', 'mixed, calc, 3'], ['threads, 3', 'mixed, threads, 2'],
  ['mixed, threads, 2', 'threads, 3'], ['threads, 3', 'native'], ['fallback', 'threads, 3'],
] as const)('a checkpoint of the %s engine, taken up by the %s one', (first, second) => {
  it('goes on in mid-stream and ends with the same table', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'millrace-checkpoints-'));
    const whole = await fold(await environment(first, {
      'execution.checkpointing.interval': '5 ms',
      'execution.checkpointing.dir': folder,
    }), new Map(), folder);
    expect(await new CheckpointStorage(folder).list()).not.toEqual([]);
    const after = await environment(second, { 'execution.state-recovery.path': folder });
    const rest = await fold(after, new Map(whole.table));
    expect(rest.table).toEqual(whole.table);
    expect(rest.changes).toBeLessThan(whole.changes);
  });
});

it('says so where there is no checkpoint to start from', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-checkpoints-'));
  const env = await environment('native', { 'execution.state-recovery.path': folder });
  await expect(env.executeSql(QUERY)).rejects.toThrow(/MR5004 no whole checkpoint/);
});

/** Jobs that run on both engines at once, through the door that users take. */
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MillraceError, resultHash, TableEnvironment } from '../../src/index.js';

const EVENTS = 60_000;

/** Bids of the Nexmark generator. */
async function environment(config: Record<string, string> = {}): Promise<TableEnvironment> {
  const env = TableEnvironment.create({ config });
  await env.executeSql(`CREATE TABLE events (
      event_type INT, bid ROW<auction BIGINT, price BIGINT, channel STRING>
    ) WITH ('connector' = 'nexmark', 'events.num' = '${EVENTS}', 'seed' = '3')`);
  await env.executeSql(`CREATE TEMPORARY VIEW bids AS
    SELECT bid.auction AS auction, bid.price AS price, bid.channel AS channel
    FROM events WHERE event_type = 2`);
  return env;
}

/** A zone that is no literal: a function that only the TypeScript engine has. */
const MOVED = "CONCAT(channel, CONVERT_TZ('2020-01-01 00:00:00', channel, 'UTC'))";
const COUNTS = `SELECT k, COUNT(*) AS n, SUM(price) AS total
  FROM (SELECT ${MOVED} AS k, price FROM bids) GROUP BY k`;

describe('auto', () => {
  it('leaves one operator to the fallback for a function, and explains it', async () => {
    const engines = (await (await environment()).explainSql(COUNTS)).split('== Engine ==\n')[1]!;
    expect(engines.trim().split('\n')).toEqual([
      '0: source: native, island 1',
      '1: calc: fallback, island 2 (not native: function convert_tz_dynamic)',
      '2: exchange: native, island 3',
      '3: group-aggregate: native, island 3',
      '4: sink: native, island 3',
    ]);
  });

  it.each(['1', '3'])('gives what the fallback gives, at parallelism %s', async (parallelism) => {
    const answer = async (config: Record<string, string>): Promise<readonly string[]> => {
      const env = await environment({ 'parallelism.default': parallelism, ...config });
      const result = await env.executeSql(COUNTS);
      const engines = result.job?.engines ?? [];
      const table = new Map<string, string>();
      for await (const { kind, values } of result.collect()) {
        if (kind === '+I' || kind === '+U') table.set(String(values[0]), values.join());
      }
      return [engines.join(), ...[...table.values()].sort()];
    };
    const [mixture, ...rows] = await answer({});
    const [fallback, ...expected] = await answer({ 'millrace.engine': 'fallback' });
    expect([mixture, fallback]).toEqual(['native,fallback', 'fallback']);
    expect(rows.length).toBeGreaterThan(3);
    expect(rows).toEqual(expected);
  });

  it('a source that feeds an operator directly and through the other engine ends', async () => {
    const env = await environment();
    const result = await env.executeSql(
      `SELECT auction, channel FROM bids UNION ALL SELECT price, ${MOVED} FROM bids`);
    expect(result.job?.engines).toEqual(['native', 'fallback']);
    const { rows } = await resultHash(result);
    const single = await resultHash(await env.executeSql('SELECT auction FROM bids'));
    expect(Number(rows)).toBe(2 * Number(single.rows));
  });

  it('files are written on one engine from rows of the other', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'millrace-mixture-'));
    const env = await environment({ 'parallelism.default': '2' });
    await env.executeSql(`CREATE TABLE written (k STRING, price BIGINT)
      WITH ('connector' = 'filesystem', 'path' = '${folder}', 'format' = 'csv')`);
    const result = await env.executeSql(`INSERT INTO written SELECT ${MOVED}, price FROM bids`);
    expect(result.job?.engines).toEqual(['native', 'fallback']);
    await result.await();
    const lines = readdirSync(folder).flatMap((name) =>
      readFileSync(join(folder, name), 'utf8').trim().split('\n'));
    const single = await resultHash(await env.executeSql('SELECT auction FROM bids'));
    expect(lines).toHaveLength(Number(single.rows));
  });
});

describe('a mixture that does not come to its end', () => {
  it.each([
    ['native', `SELECT 1 / (n - n) FROM (${COUNTS})`],
    ['fallback', `SELECT k, COUNT(*) FROM
      (SELECT ${MOVED} AS k, 1 / (price - price) AS x FROM bids) WHERE x > 0 GROUP BY k`],
  ])('fails with the error of the %s side', async (side, query) => {
    const env = await environment();
    const divides = (await env.explainSql(query)).split('\n')
      .filter((line) => /^\d+: calc: /.test(line));
    expect(divides.at(-1)).toContain(side);
    const result = await env.executeSql(query);
    expect(result.job?.engines).toEqual(['native', 'fallback']);
    await expect(resultHash(result)).rejects.toMatchObject({ code: 'MR3002' });
    await expect(result.job?.done).rejects.toBeInstanceOf(MillraceError);
  });

  it('a reader that leaves cancels both sides', async () => {
    const result = await (await environment()).executeSql(COUNTS);
    let seen = 0;
    for await (const row of result.collect()) {
      expect(row.values).toHaveLength(3);
      if (++seen === 10) break;
    }
    await expect(result.job?.done).rejects.toMatchObject({ code: 'MR4030' });
    const { rowsRead } = result.job!.progress();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(result.job!.progress().rowsRead).toBe(rowsRead);
  });

  it('a signal that aborts ends it with its reason', async () => {
    const controller = new AbortController();
    const result = await (await environment({ 'parallelism.default': '3' }))
      .executeSql(COUNTS, { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('enough')), 10);
    await expect(resultHash(result)).rejects.toThrow('enough');
  });

  it('holds its source back while nobody reads', async () => {
    const env = await environment({ 'millrace.batch-rows': '64' });
    const result = await env.executeSql(`SELECT ${MOVED}, price FROM bids`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const { rowsRead } = result.job!.progress();
    expect(rowsRead).toBeGreaterThan(0);
    // Two ports of sixteen batches at the border, one at the end, and those in hand.
    expect(rowsRead).toBeLessThan(64 * 120);
    await result.cancel();
  });
});

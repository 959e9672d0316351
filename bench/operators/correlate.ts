/**
 * Rows a second of UNNEST and of lookup joins on both engines, from Nexmark's generator into a
 * blackhole: three items a bid, with a condition, counted; a table of 10,000 keys; and beside them
 * the plain projection.
 *
 *     npx tsx bench/operators/correlate.ts [events]
 */
import { TableEnvironment } from '../../src/index.js';
import { sideInputPath } from '../nexmark/side-input.js';

const EVENTS = Number(process.argv[2] ?? 500_000);

const TABLES = `
CREATE TABLE events (
  event_type INT,
  bid ROW<auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, url STRING,
          \`dateTime\` TIMESTAMP(3), extra STRING>
) WITH ('connector' = 'nexmark', 'events.num' = '${EVENTS}', 'seed' = '1');
CREATE VIEW bids AS
  SELECT bid.auction AS auction, bid.bidder AS bidder, bid.price AS price,
    PROCTIME() AS at_time
  FROM events WHERE event_type = 2;
CREATE TABLE side_input (key BIGINT, \`value\` STRING) WITH (
  'connector' = 'filesystem', 'path' = '${sideInputPath()}', 'format' = 'csv');
CREATE TABLE a_sink (a BIGINT, b BIGINT) WITH ('connector' = 'blackhole');`;

const ITEMS = 'UNNEST(ARRAY[auction, bidder, price])';
const QUERIES: Readonly<Record<string, string>> = {
  'three columns into an array': 'SELECT auction, ARRAY[auction, bidder, price][1] FROM bids',
  unnest: `SELECT auction, x FROM bids CROSS JOIN ${ITEMS} AS u(x)`,
  'unnest with a condition': `SELECT auction, x FROM bids LEFT JOIN ${ITEMS} AS u(x) ON x > 5000`,
  'unnest with ordinality':
    `SELECT x, CAST(o AS BIGINT) FROM bids CROSS JOIN ${ITEMS} WITH ORDINALITY AS u(x, o)`,
  'lookup-join': `SELECT auction, CAST(CHAR_LENGTH(s.\`value\`) AS BIGINT) FROM bids AS b
    JOIN side_input FOR SYSTEM_TIME AS OF b.at_time AS s ON MOD(b.auction, 10000) = s.key`,
};

async function millis(engine: 'native' | 'fallback', query: string): Promise<number> {
  const env = TableEnvironment.create({ engine });
  for (const statement of TABLES.split(';').filter((one) => one.trim() !== '')) {
    await env.executeSql(statement);
  }
  const start = process.hrtime.bigint();
  await (await env.executeSql(`INSERT INTO a_sink ${query}`)).await();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

for (const [name, query] of Object.entries(QUERIES)) {
  const parts: string[] = [];
  for (const engine of ['native', 'fallback'] as const) {
    const best = Math.min(await millis(engine, query), await millis(engine, query));
    parts.push(`${engine} ${best.toFixed(0)} ms (${(EVENTS / best / 1000).toFixed(2)} M events/s)`);
  }
  process.stdout.write(`${name}: ${parts.join(', ')}\n`);
}

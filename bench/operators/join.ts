/**
 * Rows a second of the joins on both engines, from Nexmark's generator into a blackhole: bids
 * beside their auctions, by every form of join.
 *
 *     npx tsx bench/operators/join.ts [events]
 */
import { TableEnvironment } from '../../src/index.js';

const EVENTS = Number(process.argv[2] ?? 200_000);

const TABLES = `
CREATE TABLE events (
  event_type INT,
  person ROW<id BIGINT, name STRING, \`emailAddress\` STRING, \`creditCard\` STRING, city STRING,
             state STRING, \`dateTime\` TIMESTAMP(3), extra STRING>,
  auction ROW<id BIGINT, \`itemName\` STRING, description STRING, \`initialBid\` BIGINT,
              reserve BIGINT, \`dateTime\` TIMESTAMP(3), expires TIMESTAMP(3), seller BIGINT,
              category BIGINT, extra STRING>,
  bid ROW<auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, url STRING,
          \`dateTime\` TIMESTAMP(3), extra STRING>,
  ts AS COALESCE(bid.\`dateTime\`, auction.\`dateTime\`, person.\`dateTime\`),
  WATERMARK FOR ts AS ts - INTERVAL '4' SECOND
) WITH ('connector' = 'nexmark', 'events.num' = '${EVENTS}', 'seed' = '1');
CREATE VIEW bids AS
  SELECT bid.auction AS auction, bid.bidder AS bidder, bid.price AS price, ts
  FROM events WHERE event_type = 2;
CREATE VIEW auctions AS
  SELECT auction.id AS id, auction.seller AS seller, auction.reserve AS reserve, ts
  FROM events WHERE event_type = 1;
CREATE VIEW latest AS SELECT id, seller, reserve, ts FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY id ORDER BY ts DESC) AS n FROM auctions) WHERE n = 1;
CREATE TABLE a_sink (a BIGINT, b BIGINT, c BIGINT) WITH ('connector' = 'blackhole');`;

const windowed = (table: string): string =>
  `TABLE(TUMBLE(TABLE ${table}, DESCRIPTOR(ts), INTERVAL '10' SECOND))`;
const inWindows = (join: string, more = ''): string => `SELECT b.auction, a.seller, b.price
  FROM ${windowed('bids')} b ${join} ${windowed('auctions')} a ON a.id = b.auction
  AND a.window_start = b.window_start AND a.window_end = b.window_end${more}`;
const regular = (join: string, more = ''): string => `SELECT b.auction, a.seller, b.price
  FROM bids b ${join} auctions a ON a.id = b.auction${more}`;

const QUERIES: Readonly<Record<string, string>> = {
  none: 'SELECT auction, bidder, price FROM bids',
  inner: regular('JOIN'),
  'inner, with a condition on both sides': regular('JOIN', ' AND b.price > a.reserve'),
  left: regular('LEFT JOIN'),
  right: regular('RIGHT JOIN'),
  full: regular('FULL JOIN'),
  semi: 'SELECT auction, bidder, price FROM bids WHERE auction IN (SELECT id FROM auctions)',
  anti: `SELECT auction, bidder, price FROM bids b
    WHERE NOT EXISTS (SELECT 1 FROM auctions a WHERE a.id = b.auction)`,
  'EXISTS under OR': `SELECT auction, bidder, price FROM bids b
    WHERE price > 9000000 OR EXISTS (SELECT 1 FROM auctions a WHERE a.id = b.auction)`,
  'inner with unique keys': `SELECT b.auction, a.seller, b.n
    FROM (SELECT auction, COUNT(*) AS n FROM bids GROUP BY auction) b
    JOIN (SELECT id, MAX(seller) AS seller FROM auctions GROUP BY id) a ON a.id = b.auction`,
  'window-join': inWindows('JOIN'),
  'window-join, left': inWindows('LEFT JOIN', ' AND b.price > a.reserve'),
  'interval-join': `SELECT b.auction, a.seller, b.price FROM bids b JOIN auctions a
    ON a.id = b.auction AND b.ts BETWEEN a.ts AND a.ts + INTERVAL '20' SECOND`,
  'interval-join, left': `SELECT b.auction, a.seller, b.price FROM bids b LEFT JOIN auctions a
    ON a.id = b.auction AND b.ts BETWEEN a.ts AND a.ts + INTERVAL '20' SECOND`,
  'temporal-join': `SELECT b.auction, a.seller, b.price
    FROM bids b JOIN latest FOR SYSTEM_TIME AS OF b.ts AS a ON a.id = b.auction`,
  'temporal-join, left': `SELECT b.auction, a.seller, b.price
    FROM bids b LEFT JOIN latest FOR SYSTEM_TIME AS OF b.ts AS a ON a.id = b.auction`,
};

async function millis(engine: 'native' | 'fallback', query: string): Promise<number> {
  const env = TableEnvironment.create({ engine });
  for (const statement of TABLES.split(';').filter((one) => one.trim() !== '')) {
    await env.executeSql(statement);
  }
  const start = process.hrtime.bigint();
  const insert = `INSERT INTO a_sink SELECT * FROM (${query}) AS q (a, b, c)`;
  await (await env.executeSql(insert)).await();
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

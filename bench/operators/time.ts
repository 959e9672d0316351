/**
 * Rows a second of the operators over time on both engines, from Nexmark's generator into a
 * blackhole: OVER aggregates, windows of every kind with their aggregates, Top-N, deduplication and
 * join, a sort by row time, row patterns.
 *
 *     npx tsx bench/operators/time.ts [events]
 */
import { TableEnvironment } from '../../src/index.js';

const EVENTS = Number(process.argv[2] ?? 500_000);

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
CREATE VIEW timed AS SELECT *, PROCTIME() AS p FROM bids;
CREATE TABLE a_sink (a BIGINT, b BIGINT, c BIGINT) WITH ('connector' = 'blackhole');`;

const OVER = 'PARTITION BY auction ORDER BY ts';
const matched = (pattern: string): string => `SELECT * FROM bids MATCH_RECOGNIZE (
  PARTITION BY auction ORDER BY ts MEASURES LAST(A.bidder) AS a, B.price AS b
  AFTER MATCH SKIP PAST LAST ROW ${pattern})`;
const TUMBLE = "TUMBLE(TABLE bids, DESCRIPTOR(ts), INTERVAL '10' SECOND)";
const HOP = "HOP(TABLE bids, DESCRIPTOR(ts), INTERVAL '2' SECOND, INTERVAL '10' SECOND)";
const SUMS = 'auction, COUNT(*), SUM(price)';
const BY_AUCTION = 'GROUP BY window_start, window_end, auction';
const windowed = (list: string, window: string, group: string): string =>
  `SELECT ${list} FROM TABLE(${window}) ${group}`;

const QUERIES: Readonly<Record<string, string>> = {
  none: 'SELECT auction, bidder, price FROM bids',
  'over-aggregate, 10 rows': `SELECT auction, SUM(price) OVER w, COUNT(price) OVER w FROM bids
    WINDOW w AS (${OVER} ROWS BETWEEN 10 PRECEDING AND CURRENT ROW)`,
  'over-aggregate, 2 s': `SELECT auction, SUM(price) OVER w, MAX(price) OVER w FROM bids
    WINDOW w AS (${OVER} RANGE BETWEEN INTERVAL '2' SECOND PRECEDING AND CURRENT ROW)`,
  'over-aggregate, all': `SELECT auction, SUM(price) OVER w, MIN(price) OVER w FROM bids
    WINDOW w AS (${OVER})`,
  'window-table-function, tumble': windowed('auction, price, bidder', TUMBLE, ''),
  'window-table-function, hop of 5': windowed('auction, price, bidder', HOP, ''),
  'window-aggregate, tumble': windowed(SUMS, TUMBLE, BY_AUCTION),
  'window-aggregate, hop of 5': windowed(SUMS, HOP, BY_AUCTION),
  'window-aggregate, cumulate of 5': windowed(SUMS,
    "CUMULATE(TABLE bids, DESCRIPTOR(ts), INTERVAL '2' SECOND, INTERVAL '10' SECOND)", BY_AUCTION),
  'window-aggregate, distinct': windowed('auction, COUNT(DISTINCT bidder), COUNT(*)', TUMBLE,
    BY_AUCTION),
  'window-aggregate, rollup': windowed(SUMS, TUMBLE,
    'GROUP BY window_start, window_end, ROLLUP (auction)'),
  'window-aggregate, of the clock': windowed(SUMS,
    "TUMBLE(TABLE timed, DESCRIPTOR(p), INTERVAL '1' SECOND)", BY_AUCTION),
  'window-rank': `SELECT auction, price, n FROM (SELECT *, ROW_NUMBER() OVER (
      PARTITION BY window_start, window_end ORDER BY price DESC) AS n
    FROM TABLE(${TUMBLE})) WHERE n <= 10`,
  'window-join': `SELECT l.auction, l.n, r.n FROM
      (SELECT auction, window_start, window_end, COUNT(*) AS n
       FROM TABLE(${TUMBLE}) ${BY_AUCTION}) l
    JOIN (SELECT bidder, window_start, window_end, COUNT(*) AS n FROM TABLE(${TUMBLE})
      GROUP BY window_start, window_end, bidder) r
    ON l.auction = r.bidder AND l.window_start = r.window_start AND l.window_end = r.window_end`,
  'session-window, rows': `SELECT auction, bidder, price
    FROM TABLE(SESSION(TABLE bids PARTITION BY bidder, DESCRIPTOR(ts), INTERVAL '2' SECOND))`,
  'session-window, aggregates': `SELECT bidder, COUNT(*), SUM(price)
    FROM TABLE(SESSION(TABLE bids PARTITION BY bidder, DESCRIPTOR(ts), INTERVAL '2' SECOND))
    GROUP BY bidder, window_start, window_end`,
  'match, conditions on a row': matched('PATTERN (A+ B) DEFINE A AS price < 1000000'),
  'match, earlier rows': matched(`PATTERN (A+ B) DEFINE
    A AS LAST(A.price, 1) IS NULL OR A.price < LAST(A.price, 1), B AS B.price > FIRST(A.price)`),
  'match, an average': matched(`PATTERN (A+ B) WITHIN INTERVAL '10' SECOND
    DEFINE A AS AVG(A.price) < 5000000`),
  'temporal-sort': 'SELECT auction, bidder, price FROM bids ORDER BY ts, price',
  'window-deduplicate': `SELECT auction, bidder, price FROM (SELECT *, ROW_NUMBER() OVER (
      PARTITION BY window_start, window_end, auction ORDER BY ts DESC) AS n
    FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(ts), INTERVAL '10' SECOND))) WHERE n = 1`,
};

async function millis(engine: 'native' | 'fallback', query: string): Promise<number> {
  const env = TableEnvironment.create({ engine });
  for (const statement of TABLES.split(';').filter((one) => one.trim() !== '')) {
    await env.executeSql(statement);
  }
  const start = process.hrtime.bigint();
  await (await env.executeSql(`INSERT INTO a_sink ${columnsOf(query)}`)).await();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

/** Three columns for the sink. */
function columnsOf(query: string): string {
  return `SELECT * FROM (${query}) AS q (a, b, c)`;
}

for (const [name, query] of Object.entries(QUERIES)) {
  const parts: string[] = [];
  for (const engine of ['native', 'fallback'] as const) {
    const runs = [await millis(engine, query), await millis(engine, query)];
    const best = Math.min(...runs);
    parts.push(`${engine} ${best.toFixed(0)} ms (${(EVENTS / best / 1000).toFixed(2)} M events/s)`);
  }
  process.stdout.write(`${name}: ${parts.join(', ')}\n`);
}

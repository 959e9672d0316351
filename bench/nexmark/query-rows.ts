/** The Nexmark queries, one row each; the text stands in queries/NAME.sql. */
import type { BenchQuery } from '../participants/participant.js';

/** What a query's row says beside its text. */
export interface QueryRow {
  /** The result's columns as DDL, for the table it is written into. */
  readonly columns: string;
  readonly equality: BenchQuery['equality'];
  /** Definitions of its own, after those of the stream; {sideInput}: path of the side input. */
  readonly setup?: readonly string[];
  readonly upsertKey?: readonly number[];
  /** The order of rows of one time decides: with several subtasks, one reads for all. */
  readonly readsInOrder?: true;
  /** Which rows are late depends on how its inputs interleave: not run where rows are late. */
  readonly lateRowsVary?: true;
  /** Behind the columns of the table it is written into; {folder}: an empty folder. */
  readonly sinkClauses?: string;
  readonly functions?: readonly string[];
  readonly flinkRefuses?: true;
  /** Another text for Flink, which refuses the query's own. */
  readonly flinkSql?: string;
  /** Around the query, where its own rows depend on the clock. */
  readonly checkSql?: (sql: string) => string;
  /** The query whose text Flink gets instead. */
  readonly flinkText?: string;
}

const BID_KEYS = 'auction BIGINT, bidder BIGINT, price BIGINT';
const BID = `${BID_KEYS}, channel STRING, url STRING, \`dateTime\` TIMESTAMP(3), extra STRING`;
const BID_SHORT = `${BID_KEYS}, \`dateTime\` TIMESTAMP(3), extra STRING`;
const FILED = `${BID_SHORT}, dt STRING, hm STRING`;
const AUCTION_TEXTS = 'itemName STRING, description STRING, initialBid BIGINT, reserve BIGINT';
const RANKS = ['total', 'rank1', 'rank2', 'rank3'];
const DISTINCT_COUNTS = ['bids', 'bidders', 'auctions']
  .flatMap((what) => RANKS.map((rank) => `${rank}_${what} BIGINT`)).join(', ');
const PRICED =
  'auction BIGINT, bidder BIGINT, price DECIMAL(23, 3), bidTimeType STRING, ' +
  '`dateTime` TIMESTAMP(3), extra STRING, c_counts INT';
const PAIR = 'auction BIGINT, bidder BIGINT';
const AVERAGES =
  `${PAIR}, start_tstamp TIMESTAMP(3), end_tstamp TIMESTAMP(3), avg_price BIGINT`;

const ORDER_WITHOUT_TIES = "CONCAT(DATE_FORMAT(bid_dateTime, 'yyyy-MM-dd HH:mm:ss.SSS'), " +
  "LPAD(CAST(id AS STRING), 12, '0'))";

export const QUERY_ROWS = {
  q0: { columns: BID_SHORT, equality: 'order' },
  q1: {
    columns: 'auction BIGINT, bidder BIGINT, price DECIMAL(23, 3), `dateTime` TIMESTAMP(3), ' +
      'extra STRING',
    equality: 'order',
  },
  q2: { columns: 'auction BIGINT, price BIGINT', equality: 'order' },
  q3: { columns: 'name STRING, city STRING, state STRING, id BIGINT', equality: 'changes' },
  q4: { columns: 'category BIGINT, average BIGINT', equality: 'table' },
  q5: { columns: 'auction BIGINT, num BIGINT', equality: 'changes' },
  q6: {
    columns: 'seller BIGINT, average BIGINT', equality: 'table', flinkRefuses: true,
    // Bids of one seller and one time in the order of their auctions: the query leaves it open.
    checkSql: (sql) => sql.replace('ORDER BY bid_dateTime', `ORDER BY ${ORDER_WITHOUT_TIES}`)
      .replace('a.seller, b.price', 'a.id, a.seller, b.price'),
  },
  q7: {
    columns: 'auction BIGINT, price BIGINT, bidder BIGINT, `dateTime` TIMESTAMP(3), extra STRING',
    equality: 'changes',
  },
  q8: { columns: 'id BIGINT, name STRING, starttime TIMESTAMP(3)', equality: 'changes' },
  q9: {
    columns: `id BIGINT, ${AUCTION_TEXTS}, \`dateTime\` TIMESTAMP(3), expires TIMESTAMP(3), ` +
      `seller BIGINT, category BIGINT, extra STRING, ${BID_KEYS}, bid_dateTime TIMESTAMP(3), ` +
      'bid_extra STRING',
    equality: 'table', upsertKey: [0],
  },
  q10: { columns: FILED, equality: 'order' },
  'q10-files': {
    columns: FILED, equality: 'order',
    sinkClauses:
      "PARTITIONED BY (dt, hm) WITH ('connector' = 'filesystem', 'path' = '{folder}', " +
      "'format' = 'csv', 'sink.partition-commit.trigger' = 'partition-time', " +
      "'sink.partition-commit.delay' = '1 min', " +
      "'sink.partition-commit.policy.kind' = 'success-file', " +
      "'partition.time-extractor.timestamp-pattern' = '$dt $hm:00', " +
      "'sink.rolling-policy.rollover-interval' = '1 min', " +
      "'sink.rolling-policy.check-interval' = '1 min')",
  },
  q11: {
    columns: 'bidder BIGINT, bid_count BIGINT, starttime TIMESTAMP(3), endtime TIMESTAMP(3)',
    equality: 'changes',
  },
  q12: {
    columns: 'bidder BIGINT, bid_count BIGINT, starttime TIMESTAMP(3), endtime TIMESTAMP(3)',
    equality: 'table',
    setup: ['CREATE TEMPORARY VIEW timed_bid AS SELECT *, PROCTIME() AS p_time FROM bid'],
    // Which window a bid falls into is the clock's matter, and windows that are open at the end are
    // dropped; not so that each bid falls into one.
    checkSql: (sql) => `SELECT bidder, COUNT(*) AS bids FROM ${
      /TABLE\(TUMBLE\(.*\)\)/s.exec(sql)?.[0]} GROUP BY bidder`,
  },
  q13: {
    columns: `${BID_KEYS}, \`dateTime\` TIMESTAMP(3), \`value\` STRING`, equality: 'changes',
    setup: [
      'CREATE TEMPORARY TABLE side_input (key BIGINT, `value` STRING) ' +
        "WITH ('connector' = 'filesystem', 'path' = '{sideInput}', 'format' = 'csv')",
    ],
    // Flink's filesystem connector cannot be looked up; the rows of this join are the same.
    flinkSql:
      'SELECT b.auction, b.bidder, b.price, CAST(b.`dateTime` AS TIMESTAMP(3)), s.`value` ' +
      'FROM bid AS b JOIN side_input AS s ON MOD(b.auction, 10000) = s.key',
  },
  q14: { columns: PRICED, equality: 'order' },
  'q14-function': {
    columns: PRICED, equality: 'order', functions: ['count_char'], flinkText: 'q14',
  },
  q15: { columns: `\`day\` STRING, ${DISTINCT_COUNTS}`, equality: 'order' },
  q16: {
    columns: `channel STRING, \`day\` STRING, \`minute\` STRING, ${DISTINCT_COUNTS}`,
    equality: 'order',
  },
  q17: {
    columns: 'auction BIGINT, `day` STRING, total_bids BIGINT, rank1_bids BIGINT, ' +
      'rank2_bids BIGINT, rank3_bids BIGINT, min_price BIGINT, max_price BIGINT, ' +
      'avg_price BIGINT, sum_price BIGINT',
    equality: 'order',
  },
  q18: { columns: BID, equality: 'order' },
  q19: { columns: `${BID}, rank_number BIGINT`, equality: 'order' },
  q20: {
    columns: `${BID}, ${AUCTION_TEXTS}, auction_dateTime TIMESTAMP(3), expires TIMESTAMP(3), ` +
      'seller BIGINT, category BIGINT, auction_extra STRING',
    equality: 'changes',
  },
  q21: { columns: `${BID_KEYS}, channel STRING, channel_id STRING`, equality: 'order' },
  q22: {
    columns: `${BID_KEYS}, channel STRING, dir1 STRING, dir2 STRING, dir3 STRING`,
    equality: 'order',
  },
  q23: {
    columns: `${BID}, name STRING, emailAddress STRING, creditCard STRING, city STRING, ` +
      'state STRING, person_dateTime TIMESTAMP(3), person_extra STRING, id BIGINT, ' +
      `${AUCTION_TEXTS}, auction_dateTime TIMESTAMP(3), expires TIMESTAMP(3), seller BIGINT, ` +
      'category BIGINT, auction_extra STRING',
    equality: 'changes',
  },
  cep0: {
    columns: `${PAIR}, start_tstamp TIMESTAMP(3), bottom_tstamp TIMESTAMP(3), ` +
      'end_tstamp TIMESTAMP(3)',
    equality: 'changes', readsInOrder: true,
  },
  cep1: { columns: AVERAGES, equality: 'changes', readsInOrder: true },
  cep2: { columns: AVERAGES, equality: 'changes', readsInOrder: true },
  cep3: {
    columns: `${PAIR}, drop_time TIMESTAMP(3), drop_diff BIGINT`, equality: 'changes',
    readsInOrder: true,
  },
  tumble: {
    columns: 'auction BIGINT, window_start TIMESTAMP(3), window_end TIMESTAMP(3), num BIGINT',
    equality: 'changes',
  },
} as const satisfies Readonly<Record<string, QueryRow>>;

/** The Nexmark queries that run, one row each; the text stands in queries/NAME.sql. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchQuery } from '../participants/participant.js';
import { nexmarkTables, type NexmarkInput } from './tables.js';

/** The result's columns as DDL, for the blackhole. */
const BID_KEYS = 'auction BIGINT, bidder BIGINT, price BIGINT';
const BID = `${BID_KEYS}, channel STRING, url STRING, \`dateTime\` TIMESTAMP(3), extra STRING`;
const AUCTION_TEXTS = 'itemName STRING, description STRING, initialBid BIGINT, reserve BIGINT';
const RANKS = ['total', 'rank1', 'rank2', 'rank3'];
const DISTINCT_COUNTS = ['bids', 'bidders', 'auctions']
  .flatMap((what) => RANKS.map((rank) => `${rank}_${what} BIGINT`)).join(', ');

const SINK_COLUMNS: Readonly<Record<string, string>> = {
  q0: `${BID_KEYS}, \`dateTime\` TIMESTAMP(3), extra STRING`,
  q1: 'auction BIGINT, bidder BIGINT, price DECIMAL(23, 3), `dateTime` TIMESTAMP(3), extra STRING',
  q2: 'auction BIGINT, price BIGINT',
  q3: 'name STRING, city STRING, state STRING, id BIGINT',
  q4: 'category BIGINT, average BIGINT',
  q5: 'auction BIGINT, num BIGINT',
  q7: 'auction BIGINT, price BIGINT, bidder BIGINT, `dateTime` TIMESTAMP(3), extra STRING',
  q8: 'id BIGINT, name STRING, starttime TIMESTAMP(3)',
  q9:
    `id BIGINT, ${AUCTION_TEXTS}, \`dateTime\` TIMESTAMP(3), expires TIMESTAMP(3), ` +
    `seller BIGINT, category BIGINT, extra STRING, ${BID_KEYS}, bid_dateTime TIMESTAMP(3), ` +
    'bid_extra STRING',
  q11: 'bidder BIGINT, bid_count BIGINT, starttime TIMESTAMP(3), endtime TIMESTAMP(3)',
  q14:
    'auction BIGINT, bidder BIGINT, price DECIMAL(23, 3), bidTimeType STRING, ' +
    '`dateTime` TIMESTAMP(3), extra STRING, c_counts INT',
  q15: `\`day\` STRING, ${DISTINCT_COUNTS}`,
  q16: `channel STRING, \`day\` STRING, \`minute\` STRING, ${DISTINCT_COUNTS}`,
  q17:
    'auction BIGINT, `day` STRING, total_bids BIGINT, rank1_bids BIGINT, rank2_bids BIGINT, ' +
    'rank3_bids BIGINT, min_price BIGINT, max_price BIGINT, avg_price BIGINT, sum_price BIGINT',
  q18: BID,
  q19: `${BID}, rank_number BIGINT`,
  q20:
    `${BID}, ${AUCTION_TEXTS}, auction_dateTime TIMESTAMP(3), expires TIMESTAMP(3), ` +
    'seller BIGINT, category BIGINT, auction_extra STRING',
  q21: `${BID_KEYS}, channel STRING, channel_id STRING`,
  q22: `${BID_KEYS}, channel STRING, dir1 STRING, dir2 STRING, dir3 STRING`,
  q23:
    `${BID}, name STRING, emailAddress STRING, creditCard STRING, city STRING, state STRING, ` +
    `person_dateTime TIMESTAMP(3), person_extra STRING, id BIGINT, ${AUCTION_TEXTS}, ` +
    'auction_dateTime TIMESTAMP(3), expires TIMESTAMP(3), seller BIGINT, category BIGINT, ' +
    'auction_extra STRING',
  tumble: 'auction BIGINT, window_start TIMESTAMP(3), window_end TIMESTAMP(3), num BIGINT',
};

export const QUERY_NAMES: readonly string[] = Object.keys(SINK_COLUMNS);

export function nexmarkQuery(name: string, input: NexmarkInput): BenchQuery {
  const sinkColumns = SINK_COLUMNS[name];
  if (sinkColumns === undefined) {
    throw new Error(`unknown query: ${name}; there are ${QUERY_NAMES.join(', ')}`);
  }
  const text = readFileSync(join(import.meta.dirname, 'queries', `${name}.sql`), 'utf8');
  const sql = text.replaceAll(/^--.*\n/gm, '').trim();
  const inputPath = input.kind === 'generator' ? null : input.path;
  return { name, setup: nexmarkTables(input), sql, sinkColumns, inputPath };
}

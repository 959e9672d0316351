/** The Nexmark queries that run, one row each; the text stands in queries/NAME.sql. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchQuery } from '../participants/participant.js';
import { nexmarkTables, type NexmarkInput } from './tables.js';

/** The result's columns as DDL, for the blackhole. */
const SINK_COLUMNS: Readonly<Record<string, string>> = {
  q0: 'auction BIGINT, bidder BIGINT, price BIGINT, `dateTime` TIMESTAMP(3), extra STRING',
  q1: 'auction BIGINT, bidder BIGINT, price DECIMAL(23, 3), `dateTime` TIMESTAMP(3), extra STRING',
  q2: 'auction BIGINT, price BIGINT',
  q17:
    'auction BIGINT, `day` STRING, total_bids BIGINT, rank1_bids BIGINT, rank2_bids BIGINT, ' +
    'rank3_bids BIGINT, min_price BIGINT, max_price BIGINT, avg_price BIGINT, sum_price BIGINT',
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

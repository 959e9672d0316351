/**
 * The Nexmark stream as a Parquet file, written by DuckDB from the JSON lines: nested rows,
 * Snappy, row groups of 100,000 events, data pages of version 1.
 */
import { DuckDBInstance } from '@duckdb/node-api';

const PERSON =
  'STRUCT(id BIGINT, name VARCHAR, emailAddress VARCHAR, creditCard VARCHAR, city VARCHAR, ' +
  'state VARCHAR, "dateTime" TIMESTAMP, extra VARCHAR)';
const AUCTION =
  'STRUCT(id BIGINT, itemName VARCHAR, description VARCHAR, initialBid BIGINT, reserve BIGINT, ' +
  '"dateTime" TIMESTAMP, expires TIMESTAMP, seller BIGINT, category BIGINT, extra VARCHAR)';
const BID =
  'STRUCT(auction BIGINT, bidder BIGINT, price BIGINT, channel VARCHAR, url VARCHAR, ' +
  '"dateTime" TIMESTAMP, extra VARCHAR)';

const millis = (type: string): string => type.replaceAll('TIMESTAMP', 'TIMESTAMP_MS');

/** `lines`: a file of the very same events as JSON. */
export async function writeNexmarkParquet(lines: string, path: string): Promise<void> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run('SET threads = 1');
  const columns = `{event_type: 'INTEGER', person: '${PERSON}', auction: '${AUCTION}', ` +
    `bid: '${BID}'}`;
  await connection.run(`COPY (
    SELECT event_type, person::${millis(PERSON)} AS person,
      auction::${millis(AUCTION)} AS auction, bid::${millis(BID)} AS bid
    FROM read_json('${lines}', format = 'newline_delimited', columns = ${columns})
  ) TO '${path}' (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 100000, PARQUET_VERSION v1)`);
  connection.closeSync();
}

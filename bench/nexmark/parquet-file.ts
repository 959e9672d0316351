/**
 * The Nexmark stream as a Parquet file, from the JSON lines: nested rows, Snappy. Flink writes it,
 * whose reader takes timestamps of nested rows as INT96 only; where there is no Flink, DuckDB does
 * (row groups of 100,000 events, data pages of version 1, timestamps as INT64).
 */
import { mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { FlinkSession } from '../participants/flink.js';
import { nexmarkColumns } from './tables.js';

export type ParquetWriter = 'flink' | 'duckdb';

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

/** `lines`: a file of the very same events as JSON. False: there is no Flink. */
export async function writeByFlink(lines: string, path: string): Promise<boolean> {
  const session = FlinkSession.start();
  if (session === null) return false;
  const folder = mkdtempSync(join(dirname(path), 'parquet-'));
  try {
    await session.run([
      tableOf('lines', lines, "'format' = 'json'"),
      tableOf('written', folder, "'format' = 'parquet', 'parquet.compression' = 'SNAPPY', " +
        "'parquet.utc-timezone' = 'true'"),
      'INSERT INTO written SELECT * FROM lines',
    ]);
    const [part, ...others] = readdirSync(folder).filter((name) => name.startsWith('part-'));
    if (part === undefined || others.length > 0) throw new Error(`${folder}: not one file`);
    renameSync(join(folder, part), path);
  } finally {
    await session.close();
    rmSync(folder, { recursive: true });
  }
  return true;
}

const tableOf = (name: string, path: string, format: string): string =>
  `CREATE TEMPORARY TABLE ${name} (${nexmarkColumns}) WITH ` +
  `('connector' = 'filesystem', 'path' = '${path}', ${format})`;

/** The same, of DuckDB. */
export async function writeByDuckdb(lines: string, path: string): Promise<void> {
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

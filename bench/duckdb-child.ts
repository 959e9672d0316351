/**
 * One side of duckdb.ts, in a process of its own: the other's memory and threads cost it nothing.
 */
import { DuckDBInstance } from '@duckdb/node-api';
import { Table } from 'apache-arrow';
import { TableEnvironment } from '../src/index.js';
import { CASES, type Case, type DuckdbAnswer, type DuckdbRequest } from './duckdb.js';
import { measure } from './participants/child.js';
import type { Measurement } from './participants/participant.js';
import { nexmarkTables, type NexmarkInput } from './nexmark/tables.js';

const BID = 'auction BIGINT, bidder BIGINT, price BIGINT, `day` STRING, `dateTime` TIMESTAMP(3)';

interface Side {
  time(one: Case): Promise<Measurement>;
  /** How many groups the last result has. */
  groups(one: Case): Promise<number>;
}

async function nativeSide(input: NexmarkInput): Promise<Side> {
  const bids = await bidsOf(input);
  return {
    time: (one) => nativeRun(one, bids),
    groups: async (one) => {
      const result = await (await nativeEnvironment(bids)).executeSql(one.millrace);
      let rows = 0;
      for await (const { kind } of result.collect()) {
        rows += kind === '+I' ? 1 : kind === '-D' ? -1 : 0;
      }
      return rows;
    },
  };
}

async function duckdbSide(path: string): Promise<Side> {
  const connection = await duckdbWith(path);
  return {
    time: (one) => measure(async () => {
      await connection.run(`CREATE OR REPLACE TEMP TABLE finished AS ${one.duckdb}`);
    }),
    groups: async () => {
      const reader = await connection.runAndReadAll('SELECT COUNT(*) FROM finished');
      return Number(reader.getRows()[0]?.[0]);
    },
  };
}

async function bidsOf(input: NexmarkInput): Promise<Table> {
  const env = TableEnvironment.create({ engine: 'native' });
  for (const statement of nexmarkTables(input)) await env.executeSql(statement);
  const result = await env.executeSql(
    'SELECT auction, bidder, price, DATE_FORMAT(`dateTime`, \'yyyy-MM-dd\') AS `day`, ' +
    'CAST(`dateTime` AS TIMESTAMP(3)) AS `dateTime` FROM bid');
  const batches = [];
  for await (const batch of result.batches()) batches.push(batch);
  return new Table(batches);
}

async function nativeEnvironment(bids: Table): Promise<TableEnvironment> {
  const env = TableEnvironment.create({
    engine: 'native',
    config: {
      'table.exec.mini-batch.enabled': 'true', 'table.exec.mini-batch.size': '1000000',
      'table.exec.mini-batch.allow-latency': '10 s', 'millrace.batch-rows': '4096',
    },
  });
  await env.createTemporaryView('bids', bids, { schema: BID });
  return env;
}

async function nativeRun({ columns, millrace }: Case, bids: Table): Promise<Measurement> {
  const env = await nativeEnvironment(bids);
  await env.executeSql(
    `CREATE TEMPORARY TABLE finished (${columns}) WITH ('connector' = 'blackhole')`);
  return measure(async () => {
    await (await env.executeSql(`INSERT INTO finished ${millrace}`)).await();
  });
}

type Connection = Awaited<ReturnType<DuckDBInstance['connect']>>;

async function duckdbWith(path: string): Promise<Connection> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run('SET threads = 1');
  await connection.run('SET preserve_insertion_order = true');
  await connection.run(`CREATE TABLE bids AS
    SELECT bid.auction, bid.bidder, bid.price, strftime(bid.dateTime, '%Y-%m-%d') AS day,
      bid.dateTime AS dateTime
    FROM read_json('${path}', format = 'newline_delimited', columns = {event_type: 'INTEGER',
      bid: 'STRUCT(auction BIGINT, bidder BIGINT, price BIGINT, dateTime TIMESTAMP)'})
    WHERE event_type = 2`);
  return connection;
}

let side: Promise<Side> | null = null;

async function answer({ engine, path, name, asked }: DuckdbRequest): Promise<DuckdbAnswer> {
  side ??= engine === 'native' ? nativeSide({ kind: 'json', path }) : duckdbSide(path);
  const one = CASES.find((other) => other.name === name)!;
  if (asked === 'groups') return { groups: await (await side).groups(one) };
  return { measurement: await (await side).time(one) };
}

process.on('message', (request) => {
  void answer(request as DuckdbRequest).then((result) => process.send?.(result));
});

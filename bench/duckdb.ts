/**
 * q17-like and q18-like aggregation over columns in memory: the native engine beside DuckDB in
 * batch, one thread each. DuckDB gives the final rows only; millrace gives net changes per bundle.
 */
import { DuckDBInstance } from '@duckdb/node-api';
import { Table } from 'apache-arrow';
import { TableEnvironment } from '../src/index.js';
import { measure } from './participants/child.js';
import type { Measurement } from './participants/participant.js';
import { median } from './run-query.js';
import { nexmarkTables, type NexmarkInput } from './nexmark/tables.js';

const BID = 'auction BIGINT, bidder BIGINT, price BIGINT, `day` STRING, `dateTime` TIMESTAMP(3)';

interface Case {
  readonly name: string;
  readonly millrace: string;
  readonly columns: string;
  readonly duckdb: string;
}

const COUNTS = `COUNT(*) AS total, COUNT(*) FILTER (WHERE price < 10000) AS rank1,
  COUNT(*) FILTER (WHERE price >= 10000 AND price < 1000000) AS rank2,
  COUNT(*) FILTER (WHERE price >= 1000000) AS rank3, MIN(price) AS low, MAX(price) AS high,
  AVG(price) AS mean, SUM(price) AS sums`;

const CASES: readonly Case[] = [
  {
    name: 'q17-like',
    millrace: `SELECT auction, \`day\`, ${COUNTS} FROM bids GROUP BY auction, \`day\``,
    columns: 'auction BIGINT, `day` STRING, total BIGINT, rank1 BIGINT, rank2 BIGINT, ' +
      'rank3 BIGINT, low BIGINT, high BIGINT, mean BIGINT, sums BIGINT',
    duckdb: `SELECT auction, day, ${COUNTS} FROM bids GROUP BY auction, day`,
  },
  {
    name: 'q18-like',
    millrace: 'SELECT bidder, auction, MAX(`dateTime`) AS latest, LAST_VALUE(price) AS price ' +
      'FROM bids GROUP BY bidder, auction',
    columns: 'bidder BIGINT, auction BIGINT, latest TIMESTAMP(3), price BIGINT',
    duckdb: 'SELECT bidder, auction, MAX(dateTime) AS latest, LAST(price) AS price ' +
      'FROM bids GROUP BY bidder, auction',
  },
];

export interface DuckdbRow {
  readonly name: string;
  readonly rows: number;
  readonly native: Measurement;
  readonly duckdb: Measurement;
  /** CPU of DuckDB over that of the native engine. */
  readonly ratio: number;
}

/** Fails where the two differ in how many groups they find. */
export async function measureDuckdb(
  path: string, input: NexmarkInput, rounds: number,
): Promise<readonly DuckdbRow[]> {
  const bids = await bidsOf(input);
  const connection = await duckdbWith(path);
  const found: DuckdbRow[] = [];
  for (const one of CASES) {
    const native: Measurement[] = [];
    const duckdb: Measurement[] = [];
    for (let round = 0; round <= rounds; round++) {
      native.push(await nativeRun(one, bids));
      duckdb.push(await measure(async () => {
        await connection.run(`CREATE OR REPLACE TEMP TABLE finished AS ${one.duckdb}`);
      }));
    }
    await requireEqualGroups(one, bids, connection);
    const [a, b] = [medianOf(native.slice(1)), medianOf(duckdb.slice(1))];
    found.push({
      name: one.name, rows: bids.numRows, native: a, duckdb: b, ratio: b.cpuMs / a.cpuMs,
    });
  }
  return found;
}

const medianOf = (runs: readonly Measurement[]): Measurement => ({
  ms: median(runs.map((run) => run.ms)), cpuMs: median(runs.map((run) => run.cpuMs)),
  rssMb: Math.max(...runs.map((run) => run.rssMb)),
});

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

async function requireEqualGroups(
  one: Case, bids: Table, connection: Connection,
): Promise<void> {
  const result = await (await nativeEnvironment(bids)).executeSql(one.millrace);
  let rows = 0;
  for await (const { kind } of result.collect()) rows += kind === '+I' ? 1 : kind === '-D' ? -1 : 0;
  const reader = await connection.runAndReadAll('SELECT COUNT(*) FROM finished');
  const groups = Number(reader.getRows()[0]?.[0]);
  if (groups !== rows) throw new Error(`${one.name}: ${rows} groups, DuckDB has ${groups}`);
}

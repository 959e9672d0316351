/**
 * q17-like and q18-like aggregation over columns in memory: the native engine beside DuckDB in
 * batch, one thread each. DuckDB gives the final rows only; millrace gives net changes per bundle.
 */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { askChild } from './participants/child.js';
import type { Measurement } from './participants/participant.js';
import { median } from './run-query.js';

export interface Case {
  readonly name: string;
  readonly millrace: string;
  readonly columns: string;
  readonly duckdb: string;
}

const COUNTS = `COUNT(*) AS total, COUNT(*) FILTER (WHERE price < 10000) AS rank1,
  COUNT(*) FILTER (WHERE price >= 10000 AND price < 1000000) AS rank2,
  COUNT(*) FILTER (WHERE price >= 1000000) AS rank3, MIN(price) AS low, MAX(price) AS high,
  AVG(price) AS mean, SUM(price) AS sums`;

export const CASES: readonly Case[] = [
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
  readonly groups: number;
  readonly native: Measurement;
  readonly duckdb: Measurement;
  /** CPU of DuckDB over that of the native engine. */
  readonly ratio: number;
}

export type DuckdbRequest = {
  readonly engine: 'native' | 'duckdb';
  /** Of the JSON lines. */
  readonly path: string;
  readonly name: string;
  readonly asked: 'time' | 'groups';
};

export type DuckdbAnswer =
  | { readonly measurement: Measurement }
  | { readonly groups: number };

const CHILD = join(import.meta.dirname, 'duckdb-child.ts');

/** Medians of the rounds, interleaved. Fails where the two differ in how many groups they find. */
export async function measureDuckdb(path: string, rounds: number): Promise<readonly DuckdbRow[]> {
  const sides = {
    native: fork(CHILD, { execArgv: process.execArgv }),
    duckdb: fork(CHILD, { execArgv: process.execArgv }),
  };
  const ask = (
    engine: keyof typeof sides, { name }: Case, asked: DuckdbRequest['asked'],
  ): Promise<DuckdbAnswer> => {
    const request: DuckdbRequest = { engine, path, name, asked };
    return askChild<DuckdbAnswer>(sides[engine], engine, request);
  };
  const time = async (engine: keyof typeof sides, one: Case): Promise<Measurement> => {
    const answer = await ask(engine, one, 'time');
    if (!('measurement' in answer)) throw new Error(`${engine}: no measurement`);
    return answer.measurement;
  };
  const found: DuckdbRow[] = [];
  for (const one of CASES) {
    const runs: Record<keyof typeof sides, Measurement[]> = { native: [], duckdb: [] };
    for (let round = 0; round <= rounds; round++) {
      runs.native.push(await time('native', one));
      runs.duckdb.push(await time('duckdb', one));
    }
    const [ours, theirs] = [await ask('native', one, 'groups'), await ask('duckdb', one, 'groups')];
    if (!('groups' in ours && 'groups' in theirs) || ours.groups !== theirs.groups) {
      throw new Error(`${one.name}: ${JSON.stringify(ours)}, DuckDB ${JSON.stringify(theirs)}`);
    }
    const [a, b] = [medianOf(runs.native.slice(1)), medianOf(runs.duckdb.slice(1))];
    found.push({
      name: one.name, groups: ours.groups, native: a, duckdb: b, ratio: b.cpuMs / a.cpuMs,
    });
  }
  for (const child of Object.values(sides)) child.disconnect();
  return found;
}

const medianOf = (runs: readonly Measurement[]): Measurement => ({
  ms: median(runs.map((run) => run.ms)), cpuMs: median(runs.map((run) => run.cpuMs)),
  rssMb: Math.max(...runs.map((run) => run.rssMb)),
});

/** A query over a Nexmark input, ready for whoever takes part in the bench. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HELD_OUT_ROWS } from '../held-out/query-rows.js';
import type { BenchQuery } from '../participants/participant.js';
import { QUERY_ROWS, type QueryRow } from './query-rows.js';
import { sideInputPath } from './side-input.js';
import { nexmarkTables, type NexmarkInput } from './tables.js';

interface QuerySet {
  readonly folder: string;
  readonly rows: Readonly<Record<string, QueryRow>>;
}

/** `held-out`: of other shapes than Nexmark's, to see that the speed is not the queries'. */
const SETS: Readonly<Record<string, QuerySet>> = {
  nexmark: { folder: join(import.meta.dirname, 'queries'), rows: QUERY_ROWS },
  'held-out': { folder: join(import.meta.dirname, '..', 'held-out'), rows: HELD_OUT_ROWS },
};

export const SET_NAMES: readonly string[] = Object.keys(SETS);

/** The names of the queries of a set. */
export function queriesOf(set: string): readonly string[] {
  const found = SETS[set];
  if (found === undefined) {
    throw new Error(`unknown set: ${set}; there are ${SET_NAMES.join(', ')}`);
  }
  return Object.keys(found.rows);
}

/** A query of any set. `delay`: how far the watermark stays behind, as an INTERVAL. */
export function nexmarkQuery(name: string, input: NexmarkInput, delay?: string): BenchQuery {
  const set = Object.values(SETS).find(({ rows }) => Object.hasOwn(rows, name));
  const found = set?.rows[name];
  if (set === undefined || found === undefined) {
    const known = SET_NAMES.flatMap(queriesOf).join(', ');
    throw new Error(`unknown query: ${name}; there are ${known}`);
  }
  const { columns, equality, setup = [], checkSql, flinkText, ...row } = found;
  const sql = textOf(set, name);
  const own = setup.map((statement) => statement.replace('{sideInput}', () => sideInputPath()));
  return {
    name, sql, sinkColumns: columns, equality, ...row,
    setup: [...nexmarkTables(input, delay), ...own],
    inputPath: input.kind === 'generator' ? null : input.path,
    ...(checkSql === undefined ? {} : { checkSql: checkSql(sql) }),
    ...(flinkText === undefined ? {} : { flinkSql: textOf(set, flinkText) }),
  };
}

function textOf(set: QuerySet, name: string): string {
  const file = readFileSync(join(set.folder, `${name}.sql`), 'utf8');
  return file.replaceAll(/^--.*\n/gm, '').trim();
}

/** A Nexmark query over an input, ready for whoever takes part in the bench. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchQuery } from '../participants/participant.js';
import { QUERY_ROWS, type QueryName, type QueryRow } from './query-rows.js';
import { sideInputPath } from './side-input.js';
import { nexmarkTables, type NexmarkInput } from './tables.js';

export const ALL_QUERIES = Object.keys(QUERY_ROWS) as readonly QueryName[];

export const QUERY_NAMES: readonly string[] = ALL_QUERIES;

/** `delay`: how far the watermark stays behind, as an INTERVAL. */
export function nexmarkQuery(name: string, input: NexmarkInput, delay?: string): BenchQuery {
  if (!Object.hasOwn(QUERY_ROWS, name)) {
    throw new Error(`unknown query: ${name}; there are ${ALL_QUERIES.join(', ')}`);
  }
  const { columns, equality, setup = [], checkSql, flinkText, ...row }: QueryRow =
    QUERY_ROWS[name as QueryName];
  const sql = textOf(name);
  const own = setup.map((statement) => statement.replace('{sideInput}', () => sideInputPath()));
  return {
    name, sql, sinkColumns: columns, equality, ...row,
    setup: [...nexmarkTables(input, delay), ...own],
    inputPath: input.kind === 'generator' ? null : input.path,
    ...(checkSql === undefined ? {} : { checkSql: checkSql(sql) }),
    ...(flinkText === undefined ? {} : { flinkSql: textOf(flinkText) }),
  };
}

function textOf(name: string): string {
  const file = readFileSync(join(import.meta.dirname, 'queries', `${name}.sql`), 'utf8');
  return file.replaceAll(/^--.*\n/gm, '').trim();
}

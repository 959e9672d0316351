/** Plans of SQL text as tests compare them. */
import { readFileSync } from 'node:fs';
import { Catalog } from '../../src/catalog/catalog.js';
import { MillraceError } from '../../src/errors/index.js';
import { SessionConfig } from '../../src/plan/config.js';
import { define } from '../../src/plan/define.js';
import type { CapabilityTable } from '../../src/plan/physical/islands.js';
import { Planner } from '../../src/plan/planner.js';
import { parseScript, parseStatement } from '../../src/sql/index.js';

export const EVERYTHING: CapabilityTable = { native: {}, fallback: {} };

/** A session in UTC with the tables of tables.sql. */
export function session(options: Record<string, string> = {}): {
  readonly catalog: Catalog; readonly config: SessionConfig; readonly planner: Planner;
} {
  const catalog = new Catalog();
  const config = new SessionConfig({ 'table.local-time-zone': 'UTC', ...options });
  const sql = readFileSync(new URL('./tables.sql', import.meta.url), 'utf8');
  for (const { statement } of parseScript(sql)) define(catalog, config, statement);
  return { catalog, config, planner: new Planner(catalog, config) };
}

/** EXPLAIN's text of a statement. */
export function explain(sql: string, options: Record<string, string> = {}): string {
  return session(options).planner.explain(parseStatement(sql), EVERYTHING);
}

/** The code and text of the error that planning or defining gives. */
export function errorOf(sql: string): string {
  const { catalog, config, planner } = session();
  try {
    for (const { statement } of parseScript(sql)) {
      if (!define(catalog, config, statement)) planner.plan(statement);
    }
  } catch (error) {
    if (error instanceof MillraceError) return `${error.code} ${error.text}`;
    throw error;
  }
  return 'no error';
}

/** From SQL text to plans in one step: for tests and tools. */
import { MillraceError } from '../errors/index.js';
import type { Catalog } from '../catalog/catalog.js';
import { parseScript } from '../sql/index.js';
import { SessionConfig } from './config.js';
import { define } from './define.js';
import { Planner, type PlannedStatement } from './planner.js';

/** Runs a script's definitions and SETs, plans the others; the plans in order. */
export function planScript(
  catalog: Catalog, sql: string, config = new SessionConfig(),
): readonly PlannedStatement[] {
  const planned: PlannedStatement[] = [];
  try {
    for (const { statement } of parseScript(sql)) {
      if (statement.kind === 'set' && statement.key !== undefined) {
        config.set(statement.key, statement.value ?? '');
      } else if (!define(catalog, config, statement)) {
        planned.push(new Planner(catalog, config).plan(statement));
      }
    }
  } catch (error) {
    throw error instanceof MillraceError ? error.withSource(sql) : error;
  }
  return planned;
}

/** Plans one statement. */
export function planSql(
  catalog: Catalog, sql: string, config = new SessionConfig(),
): PlannedStatement {
  const [planned] = planScript(catalog, sql, config);
  if (planned === undefined) throw new TypeError('no statement to plan');
  return planned;
}

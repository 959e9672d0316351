/** Statements answered at once by the session: SHOW, DESCRIBE, SET, RESET. */
import type { Catalog } from '../../catalog/catalog.js';
import { MillraceError } from '../../errors/index.js';
import type { SessionConfig } from '../../plan/config.js';
import type { SetStatement } from '../../sql/ast/command.js';
import type { Statement } from '../../sql/ast/index.js';
import { STRING } from '../../types/data-type.js';
import type { CommandResult } from './command-result.js';
import { describe } from './describe.js';
import { showCreate } from './show-create.js';
import { show, showCurrent, showPartitions } from './show.js';

/** Rows; null: done, nothing to show; undefined: none of these statements. */
export function runCommand(
  statement: Statement, catalog: Catalog, config: SessionConfig,
): CommandResult | null | undefined {
  switch (statement.kind) {
    case 'show': return show(statement, catalog);
    case 'show-partitions': return showPartitions(statement, catalog);
    case 'show-current': return showCurrent(statement, catalog);
    case 'show-create': return showCreate(statement, catalog);
    case 'describe': return describe(statement, catalog);
    case 'set': return set(statement, config);
    case 'reset':
      config.reset(statement.key);
      return null;
    default: return undefined;
  }
}

function set({ key, value, position }: SetStatement, config: SessionConfig): CommandResult | null {
  if (key === undefined || value === undefined) {
    const columns = [{ name: 'key', type: STRING }, { name: 'value', type: STRING }];
    return { columns, rows: config.entries().map((entry) => [...entry]) };
  }
  try {
    config.set(key, value);
  } catch (error) {
    throw error instanceof MillraceError ? error.withPosition(position) : error;
  }
  return null;
}

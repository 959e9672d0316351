/** SHOW statements: one column of names, as Flink prints them. */
import type { Catalog } from '../../catalog/catalog.js';
import { errorOf } from '../../errors/index.js';
import { functionNames as builtInFunctions } from '../../plan/bind/functions.js';
import type { SessionConfig } from '../../plan/config.js';
import type { Show, ShowCurrent } from '../../sql/ast/command.js';
import { BOOLEAN, STRING } from '../../types/data-type.js';
import { describeObject } from './describe.js';
import type { CommandResult } from './command-result.js';
import { showFilter } from './like.js';

const names = (column: string, values: readonly string[]): CommandResult => ({
  columns: [{ name: column, type: STRING }],
  rows: values.map((value) => [value]),
});

export function show(statement: Show, catalog: Catalog, config: SessionConfig): CommandResult {
  const keep = showFilter(statement.filter);
  const scope = (statement.scope?.parts ?? []).map((part) => part.name);
  switch (statement.objects) {
    case 'catalogs':
      return names('catalog name', catalog.catalogs().filter(keep));
    case 'databases':
      return names('database name', catalog.databases(scope[0]).filter(keep));
    case 'tables':
    case 'views':
      return showTables(statement.objects, scope, catalog, keep);
    case 'functions':
      return names('function name', shownFunctions(statement.modifier).filter(keep));
    case 'columns':
      return showColumns(scope, catalog, config, keep);
    case 'modules':
      return statement.modifier === 'full'
        ? { columns: [{ name: 'module name', type: STRING }, { name: 'used', type: BOOLEAN }],
            rows: [['core', true]] }
        : names('module name', ['core'].filter(keep));
    case 'jars':
      return names('jars', []);
    default:
      throw errorOf('MR2100', { feature: `SHOW ${statement.objects.toUpperCase()}` },
        { position: statement.position });
  }
}

function showTables(
  objects: 'tables' | 'views', scope: readonly string[], catalog: Catalog,
  keep: (name: string) => boolean,
): CommandResult {
  const [database, inCatalog] = [...scope].reverse();
  const kind = objects === 'views' ? 'view' : undefined;
  const found = catalog.list(inCatalog, database, kind).filter(keep);
  return names(objects === 'views' ? 'view name' : 'table name', found);
}

function showColumns(
  scope: readonly string[], catalog: Catalog, config: SessionConfig,
  keep: (name: string) => boolean,
): CommandResult {
  const all = describeObject(catalog.resolve(scope), catalog, config);
  return { columns: all.columns, rows: all.rows.filter(([name]) => keep(String(name))) };
}

/** User functions cannot be registered yet: there are only built-in ones. */
function shownFunctions(modifier: Show['modifier']): readonly string[] {
  return modifier === 'user' ? [] : builtInFunctions();
}

export function showCurrent(statement: ShowCurrent, catalog: Catalog): CommandResult {
  return statement.object === 'catalog'
    ? names('current catalog name', [catalog.current.catalog])
    : names('current database name', [catalog.current.database]);
}

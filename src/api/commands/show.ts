/** SHOW statements: one column of names, as Flink prints them. */
import type { Catalog } from '../../catalog/catalog.js';
import type { CatalogTable } from '../../catalog/table.js';
import { errorOf } from '../../errors/index.js';
import { functionNames as builtInFunctions } from '../../plan/bind/functions.js';
import { partialPartition, samePartition } from '../../plan/bind/table/partition.js';
import type { Show, ShowCurrent, ShowPartitions } from '../../sql/ast/command.js';
import { BOOLEAN, STRING } from '../../types/data-type.js';
import { describeObject } from './describe.js';
import type { CommandResult } from './command-result.js';
import { showFilter } from './like.js';

const names = (column: string, values: readonly string[]): CommandResult => ({
  columns: [{ name: column, type: STRING }],
  rows: values.map((value) => [value]),
});

export function show(statement: Show, catalog: Catalog): CommandResult {
  const keep = showFilter(statement.filter);
  const scope = (statement.scope?.parts ?? []).map((part) => part.name);
  const position = statement.scope?.position ?? statement.position;
  switch (statement.objects) {
    case 'catalogs':
      return names('catalog name', catalog.catalogs().filter(keep));
    case 'databases':
      return names('database name', catalog.databases(scope[0], position).filter(keep));
    case 'tables':
    case 'views':
      return showTables(statement, catalog, keep);
    case 'materialized-tables':
      return names('materialized table', []);
    case 'functions':
      return names('function name', shownFunctions(statement.modifier, catalog).filter(keep));
    case 'columns': {
      const all = describeObject(catalog.resolve(scope, catalog.current, position));
      return { columns: all.columns, rows: all.rows.filter(([name]) => keep(String(name))) };
    }
    case 'modules':
      return showModules(statement, catalog);
    case 'models':
      return names('model name', []);
    case 'jars':
      return names('jars', []);
    default:
      throw errorOf('MR2100', { feature: `SHOW ${statement.objects.toUpperCase()}` },
        { position: statement.position });
  }
}

/** FROM [catalog.]database. */
function showTables(
  { objects, scope }: Show, catalog: Catalog, keep: (name: string) => boolean,
): CommandResult {
  const parts = (scope?.parts ?? []).map((part) => part.name);
  const [database, inCatalog, third] = [...parts].reverse();
  if (third !== undefined) {
    const detail = `the name of a database has one or two parts: ${parts.join('.')}`;
    throw errorOf('MR2016', { detail }, { position: scope?.position });
  }
  const kind = objects === 'views' ? 'view' : undefined;
  const found = catalog.list(inCatalog, database, kind, scope?.position).filter(keep);
  return names(objects === 'views' ? 'view name' : 'table name', found);
}

function showModules({ modifier }: Show, { modules }: Catalog): CommandResult {
  const all = modules.list();
  if (modifier !== 'full') {
    return names('module name', all.filter((one) => one.used).map((one) => one.name));
  }
  return {
    columns: [{ name: 'module name', type: STRING }, { name: 'used', type: BOOLEAN }],
    rows: all.map(({ name, used }) => [name, used]),
  };
}

/** User functions cannot be registered yet: there are only those of the module `core`. */
function shownFunctions(modifier: Show['modifier'], { modules }: Catalog): readonly string[] {
  const isUsed = modules.list().some((one) => one.used);
  return modifier === 'user' || !isUsed ? [] : builtInFunctions();
}

export function showCurrent(statement: ShowCurrent, catalog: Catalog): CommandResult {
  return statement.object === 'catalog'
    ? names('current catalog name', [catalog.current.catalog])
    : names('current database name', [catalog.current.database]);
}

/** `dt=2020-01-01/hr=1`, sorted. */
export function showPartitions(
  { table, partition }: ShowPartitions, catalog: Catalog,
): CommandResult {
  const { position } = table;
  const parts = table.parts.map((part) => part.name);
  const found = catalog.resolve(parts, catalog.current, position);
  if (found.kind !== 'table' || found.partitionedBy.length === 0) {
    throw errorOf('MR2018', { detail: `${parts.join('.')} is not partitioned` }, { position });
  }
  const wanted = partition === undefined ? {} : partialPartition(partition);
  const shown = (found.partitions ?? []).filter((one) => samePartition(one, wanted));
  return names('partition name', shown.map((one) => partitionText(found, one)).sort());
}

function partitionText(table: CatalogTable, values: Readonly<Record<string, string>>): string {
  return table.partitionedBy.map((name) => `${name}=${values[name]}`).join('/');
}

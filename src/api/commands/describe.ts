/** DESCRIBE table: one row a column, as Flink prints it. */
import { errorOf } from '../../errors/index.js';
import type { Catalog } from '../../catalog/catalog.js';
import type { CatalogObject, CatalogTable } from '../../catalog/table.js';
import type { Value } from '../../batch/values.js';
import { Planner } from '../../plan/planner.js';
import { openSession } from '../../plan/bind/session.js';
import { scanTable } from '../../plan/bind/table-scan.js';
import type { SessionConfig } from '../../plan/config.js';
import type { Describe } from '../../sql/ast/command.js';
import type { Query } from '../../sql/ast/query.js';
import { BOOLEAN, STRING, typeToString, withNullable, type DataType, type RowField }
  from '../../types/data-type.js';
import type { CommandResult } from './command-result.js';

const COLUMNS: readonly RowField[] = [
  { name: 'name', type: STRING },
  { name: 'type', type: STRING },
  { name: 'null', type: BOOLEAN },
  { name: 'key', type: STRING },
  { name: 'extras', type: STRING },
  { name: 'watermark', type: STRING },
];

export function describe(
  statement: Describe, catalog: Catalog, config: SessionConfig,
): CommandResult {
  if (statement.object !== 'table') {
    const feature = `DESCRIBE ${statement.object.toUpperCase()}`;
    throw errorOf('MR2100', { feature }, { position: statement.position });
  }
  const parts = statement.name.parts.map((part) => part.name);
  return describeObject(catalog.resolve(parts, catalog.current, statement.position), catalog,
    config);
}

export function describeObject(
  object: CatalogObject, catalog: Catalog, config: SessionConfig,
): CommandResult {
  const fields = object.kind === 'view'
    ? viewFields(object.query, object.columns, catalog, config)
    : scanTable(openSession(catalog, config), object).schema;
  const rows = fields.map(({ name, type }): readonly Value[] => {
    const table = object.kind === 'table' ? object : null;
    return [
      name, typeText(type), type.nullable, keyText(table, name), extrasText(table, name),
      table?.watermark?.column === name ? table.watermark.text : null,
    ];
  });
  return { columns: COLUMNS, rows };
}

function viewFields(
  query: Query, names: readonly string[], catalog: Catalog, config: SessionConfig,
): readonly RowField[] {
  const { schema } = new Planner(catalog, config).plan(query);
  return schema.map((field, i) => ({ name: names[i] ?? field.name, type: field.type }));
}

/** The null column says whether it may be NULL, so the type leaves it out. */
function typeText(type: DataType): string {
  const text = typeToString(withNullable(type, true));
  return type.timeAttribute === undefined ? text : `${text} *${type.timeAttribute.toUpperCase()}*`;
}

function keyText(table: CatalogTable | null, name: string): string | null {
  const key = table?.primaryKey ?? [];
  return key.includes(name) ? `PRI(${key.join(', ')})` : null;
}

function extrasText(table: CatalogTable | null, name: string): string | null {
  const column = table?.columns.find((one) => one.name === name);
  if (column?.kind === 'computed') return `AS ${column.text}`;
  if (column?.kind !== 'metadata') return null;
  const from = column.key === name ? '' : ` FROM '${column.key}'`;
  return `METADATA${from}${column.virtual ? ' VIRTUAL' : ''}`;
}

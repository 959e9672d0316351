/** DESCRIBE of tables, views and catalogs as Flink prints it: one row a column, or a property. */
import { errorOf } from '../../errors/index.js';
import type { Catalog } from '../../catalog/catalog.js';
import type { CatalogObject, CatalogTable } from '../../catalog/table.js';
import type { Value } from '../../batch/values.js';
import { functionNames as builtInFunctions } from '../../plan/bind/functions.js';
import type { Describe } from '../../sql/ast/command.js';
import type { QualifiedName } from '../../sql/ast/index.js';
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
/** Shown only where a column has one. */
const COMMENT: RowField = { name: 'comment', type: STRING };

export function describe(statement: Describe, catalog: Catalog): CommandResult {
  const { object, name, position, extended } = statement;
  const parts = name.parts.map((part) => part.name);
  if (object === 'catalog') return describeCatalog(catalog, parts.join('.'), extended, statement);
  if (object === 'function' && !extended) return describeFunction(name);
  if (object !== 'table') {
    const feature = `DESCRIBE ${object.toUpperCase()}`;
    throw errorOf('MR2100', { feature }, { position });
  }
  return describeObject(catalog.resolve(parts, catalog.current, name.position));
}

export function describeObject(object: CatalogObject): CommandResult {
  const table = object.kind === 'table' ? object : null;
  const shown = table === null ? (object.kind === 'view' ? object.schema : []) : fieldsOf(table);
  const comments = new Map((table?.columns ?? []).map((one) => [one.name, one.comment]));
  const hasComments = [...comments.values()].some((one) => one !== undefined);
  const rows = shown.map(({ name, type }): readonly Value[] => {
    const row: Value[] = [
      name, typeText(type), type.nullable, keyText(table, name), extrasText(table, name),
      table?.watermark?.column === name ? table.watermark.text : null,
    ];
    return hasComments ? [...row, comments.get(name) ?? null] : row;
  });
  return { columns: hasComments ? [...COLUMNS, COMMENT] : COLUMNS, rows };
}

/** With the row time marked. */
function fieldsOf(table: CatalogTable): readonly RowField[] {
  return table.columns.map(({ name, type }) => ({
    name, type: table.watermark?.column === name ? { ...type, timeAttribute: 'rowtime' } : type,
  }));
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

/** A function of Flink itself; there are no others. */
function describeFunction({ parts, position }: QualifiedName): CommandResult {
  const name = parts.map((part) => part.name).join('.');
  const isKnown = builtInFunctions().some((one) => one.toUpperCase() === name.toUpperCase());
  if (!isKnown) throw errorOf('MR2003', { name }, { position });
  return {
    columns: [{ name: 'info name', type: STRING }, { name: 'info value', type: STRING }],
    rows: [['is system function', 'true'], ['is temporary', 'false']],
  };
}

function describeCatalog(
  catalog: Catalog, name: string, extended: boolean, { position }: Describe,
): CommandResult {
  const { properties } = catalog.catalog(name, position);
  if (properties === null) {
    throw errorOf('MR2018', { detail: `catalog ${name} has no properties` }, { position });
  }
  const { type = '', ...options } = properties.options;
  const rows: Value[][] = [
    ['name', name], ['type', type], ['comment', properties.comment ?? null],
  ];
  if (extended) {
    for (const key of Object.keys(options).sort()) rows.push([`option:${key}`, options[key]!]);
  }
  const columns = ['info name', 'info value'].map((one) => ({ name: one, type: STRING }));
  return { columns, rows };
}

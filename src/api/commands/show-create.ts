/** SHOW CREATE TABLE and VIEW, in Flink's layout. */
import type { Catalog } from '../../catalog/catalog.js';
import type { CatalogTable, CatalogView, TableColumn } from '../../catalog/table.js';
import { errorOf } from '../../errors/index.js';
import type { ShowCreate } from '../../sql/ast/command.js';
import { MAX_LENGTH, STRING, typeToString, type DataType } from '../../types/data-type.js';
import type { CommandResult } from './command-result.js';

export function showCreate(statement: ShowCreate, catalog: Catalog): CommandResult {
  const { position, object: kind } = statement;
  if (kind !== 'table' && kind !== 'view') {
    throw errorOf('MR2100', { feature: `SHOW CREATE ${kind.toUpperCase()}` }, { position });
  }
  const parts = statement.name.parts.map((part) => part.name);
  const found = catalog.resolve(parts, catalog.current, position);
  if (found.kind !== kind) {
    throw errorOf('MR2007', { detail: `${parts.join('.')} is a ${found.kind}` }, { position });
  }
  const text = found.kind === 'table' ? createTable(found) : createView(found);
  return { columns: [{ name: 'result', type: STRING }], rows: [[text]], style: 'text' };
}

const quote = (name: string): string => `\`${name.replaceAll('`', '``')}\``;
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

function pathOf({ path }: CatalogTable | CatalogView): string {
  return [path.catalog, path.database, path.name].map(quote).join('.');
}

function createTable(table: CatalogTable): string {
  const elements = table.columns.map(columnText);
  const { watermark, primaryKey } = table;
  if (watermark !== null) {
    elements.push(`WATERMARK FOR ${quote(watermark.column)} AS ${watermark.text}`);
  }
  if (primaryKey.length > 0) {
    const keys = primaryKey.map(quote).join(', ');
    elements.push(`CONSTRAINT ${quote(`PK_${primaryKey.join('_')}`)} PRIMARY KEY (${keys}) ` +
      'NOT ENFORCED');
  }
  const options = Object.entries(table.options).map(([key, value]) =>
    `  ${literal(key)} = ${literal(value)}`);
  const partitions = table.partitionedBy.length === 0 ? ''
    : `PARTITIONED BY (${table.partitionedBy.map(quote).join(', ')})\n`;
  const comment = table.comment === undefined ? '' : `COMMENT ${literal(table.comment)}\n`;
  return `CREATE ${table.temporary ? 'TEMPORARY ' : ''}TABLE ${pathOf(table)} (\n` +
    `${elements.map((element) => `  ${element}`).join(',\n')}\n)\n${comment}${partitions}` +
    `WITH (\n${options.join(',\n')}\n)\n`;
}

function columnText(column: TableColumn): string {
  const comment = column.comment === undefined ? '' : ` COMMENT ${literal(column.comment)}`;
  if (column.kind === 'computed') return `${quote(column.name)} AS ${column.text}${comment}`;
  const type = `${quote(column.name)} ${longType(column.type)}`;
  if (column.kind === 'physical') return type + comment;
  const from = column.key === column.name ? '' : ` FROM ${literal(column.key)}`;
  return `${type} METADATA${from}${column.virtual ? ' VIRTUAL' : ''}${comment}`;
}

/** Flink spells STRING and BYTES out here. */
function longType(type: DataType): string {
  return typeToString(type)
    .replaceAll(/\bSTRING\b/g, `VARCHAR(${MAX_LENGTH})`)
    .replaceAll(/\bBYTES\b/g, `VARBINARY(${MAX_LENGTH})`);
}

function createView(view: CatalogView): string {
  const columns = view.columns.length === 0 ? '' : ` (\n${view.columns
    .map((name) => `  ${quote(name)}`).join(',\n')}\n)`;
  return `CREATE ${view.temporary ? 'TEMPORARY ' : ''}VIEW ${pathOf(view)}${columns}\n` +
    `AS ${view.text}\n`;
}

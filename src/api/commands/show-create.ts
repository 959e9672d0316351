/** SHOW CREATE TABLE, VIEW and CATALOG, in Flink's layout: options stand sorted by key. */
import type { Catalog } from '../../catalog/catalog.js';
import type { CatalogTable, CatalogView, TableColumn } from '../../catalog/table.js';
import { errorOf } from '../../errors/index.js';
import type { ShowCreate } from '../../sql/ast/command.js';
import { MAX_LENGTH, STRING, typeToString, type DataType } from '../../types/data-type.js';
import type { CommandResult } from './command-result.js';

export function showCreate(statement: ShowCreate, catalog: Catalog): CommandResult {
  const { object: kind, name: { parts, position } } = statement;
  const names = parts.map((part) => part.name);
  if (kind === 'catalog') return result(createCatalog(catalog, statement, names.join('.')));
  if (kind !== 'table' && kind !== 'view') {
    const feature = `SHOW CREATE ${kind.replace('-', ' ').toUpperCase()}`;
    throw errorOf('MR2100', { feature }, { position: statement.position });
  }
  const found = catalog.resolve(names, catalog.current, position);
  if (found.kind !== kind) {
    const hint = `write SHOW CREATE ${found.kind.toUpperCase()}`;
    throw errorOf('MR2018', { detail: `${names.join('.')} is a ${found.kind}` },
      { position, hint });
  }
  return result(found.kind === 'table' ? createTable(found) : createView(found));
}

const result = (text: string): CommandResult =>
  ({ columns: [{ name: 'result', type: STRING }], rows: [[text]], style: 'text' });

const quote = (name: string): string => `\`${name.replaceAll('`', '``')}\``;
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

function pathOf({ path }: CatalogTable | CatalogView): string {
  return [path.catalog, path.database, path.name].map(quote).join('.');
}

function createTable(table: CatalogTable): string {
  const elements = table.columns.map(columnText);
  const { watermark, primaryKey, primaryKeyName = '' } = table;
  if (watermark !== null) {
    elements.push(`WATERMARK FOR ${quote(watermark.column)} AS ${watermark.text}`);
  }
  if (primaryKey.length > 0) {
    const keys = primaryKey.map(quote).join(', ');
    elements.push(`CONSTRAINT ${quote(primaryKeyName)} PRIMARY KEY (${keys}) NOT ENFORCED`);
  }
  const partitions = table.partitionedBy.length === 0 ? ''
    : `PARTITIONED BY (${table.partitionedBy.map(quote).join(', ')})\n`;
  return `CREATE ${table.temporary ? 'TEMPORARY ' : ''}TABLE ${pathOf(table)} (\n` +
    `${elements.map((element) => `  ${element}`).join(',\n')}\n)\n` +
    `${commentText(table.comment)}${distributionText(table)}${partitions}` +
    withText(table.options);
}

/** An empty comment is none. */
function commentText(comment: string | undefined): string {
  return comment === undefined || comment === '' ? '' : `COMMENT ${literal(comment)}\n`;
}

function distributionText({ distribution }: CatalogTable): string {
  if (distribution === undefined) return '';
  const { method, columns, buckets } = distribution;
  const by = columns.length === 0 ? ''
    : ` BY ${method?.toUpperCase() ?? ''}(${columns.map(quote).join(', ')})`;
  return `DISTRIBUTED${by}${buckets === undefined ? '' : ` INTO ${buckets} BUCKETS`}\n`;
}

function withText(options: Readonly<Record<string, string>>): string {
  const lines = Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `  ${literal(key)} = ${literal(value)}`);
  return lines.length === 0 ? '' : `WITH (\n${lines.join(',\n')}\n)\n`;
}

function columnText(column: TableColumn): string {
  const comment = column.comment === undefined ? '' : ` COMMENT ${literal(column.comment)}`;
  if (column.kind === 'computed') return `${quote(column.name)} AS ${column.text}${comment}`;
  const type = `${quote(column.name)} ${longType(column.type)}`;
  if (column.kind === 'physical') return type + comment;
  const from = column.key === column.name ? '' : ` FROM ${literal(column.key)}`;
  return `${type} METADATA${from}${column.virtual ? ' VIRTUAL' : ''}${comment}`;
}

/** Flink spells STRING, BYTES and TIMESTAMP_LTZ out here. */
function longType(type: DataType): string {
  return typeToString(type)
    .replaceAll(/\bSTRING\b/g, `VARCHAR(${MAX_LENGTH})`)
    .replaceAll(/\bBYTES\b/g, `VARBINARY(${MAX_LENGTH})`)
    .replaceAll(/\bTIMESTAMP_LTZ(\(\d\))/g, 'TIMESTAMP$1 WITH LOCAL TIME ZONE');
}

function createView(view: CatalogView): string {
  const columns = view.schema.map(({ name }) => `  ${quote(name)}`).join(',\n');
  return `CREATE ${view.temporary ? 'TEMPORARY ' : ''}VIEW ${pathOf(view)} (\n${columns}\n)\n` +
    `${commentText(view.comment)}AS ${view.text}\n`;
}

function createCatalog(catalog: Catalog, { name }: ShowCreate, wanted: string): string {
  const { position } = name;
  const { properties } = catalog.catalog(wanted, position);
  if (properties === null) {
    throw errorOf('MR2018', { detail: `catalog ${wanted} has no properties` }, { position });
  }
  return `CREATE CATALOG ${quote(wanted)}\n${commentText(properties.comment)}` +
    withText(properties.options);
}

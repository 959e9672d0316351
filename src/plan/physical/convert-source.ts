/**
 * Tables as sources: which kinds of rows they give, and what makes a changelog of those that name
 * their rows by key alone.
 */
import { fail } from '../../errors/index.js';
import { changeKinds, listedMetadata } from '../../catalog/options.js';
import { STRING, typeToString, withNullable, type RowField } from '../../types/data-type.js';
import { CONNECTORS, type ConnectorRow } from '../../../spec/connectors.js';
import { physicalFields } from '../../catalog/fields.js';
import { pathText } from '../../catalog/table.js';
import type { Scan } from '../logical/node.js';
import { checkDirection, splitOptions } from './connector.js';
import type { ConvertContext } from './context.js';
import { normalized } from './normalize.js';
import { APPEND, type Rel, type SourceOp, type Traits } from './rel.js';
import { sourceTraits } from './traits.js';

export function convertScan(node: Scan, context: ConvertContext): Rel {
  const parts = splitOptions(node.options);
  const { connector, options, format } = parts;
  checkDirection(pathText(node.table.path), parts, 'source');
  const outside = outsideColumns(node);
  const kinds = changeKinds(node);
  const op: SourceOp = {
    kind: 'source', connector, options, format, table: node.table,
    columns: node.columns.map((one) => {
      const from = outside.get(one.path[0] ?? '');
      return from === undefined ? one : { ...one, from };
    }),
    tableSchema: [...physicalFields(node.table), ...metadataFields(node)]
      .filter(({ name }) => !outside.has(name)),
    hasUpdateBefore: kinds.includes('UB'),
  };
  const traits = changingSource(sourceTraits(node.schema.length), node, kinds);
  const source: Rel = { op, inputs: [], schema: node.schema, traits };
  if (!traits.updates && !traits.deletes) return source;
  const isUpsert = traits.updates && !op.hasUpdateBefore;
  const [key] = traits.upsertKeys;
  const dropsDuplicates = context.hasDuplicateEvents && key !== undefined;
  return isUpsert || dropsDuplicates ? normalized(source, requireKey(node, key), dropsDuplicates)
    : source;
}

/** What stands behind the columns in rows of the connector `values`: metadata by their keys. */
function metadataFields({ table, options }: Scan): readonly RowField[] {
  return listedMetadata({ options }, 'readable-metadata').map(({ key }) => {
    const column = table.columns.find((one) => one.kind === 'metadata' && one.key === key);
    return column === undefined ? { name: `metadata ${key}`, type: STRING }
      : { name: column.name, type: column.type };
  });
}

/**
 * Columns that stand in no record of a table of files: those of its partitions, and metadata.
 * Tables of other connectors may declare metadata as long as nobody reads it.
 */
function outsideColumns({ table, options, columns }: Scan): ReadonlyMap<string, string> {
  const outside = new Map<string, string>();
  const { connector } = options;
  if (connector === 'values') return outside;
  if (connector === 'filesystem') {
    for (const name of table.partitionedBy) outside.set(name, 'partition');
  }
  const rows: readonly ConnectorRow[] = CONNECTORS;
  const known = rows.find((row) => row.name === connector)?.metadata ?? [];
  for (const one of table.columns) {
    if (one.kind !== 'metadata') continue;
    const given = known.find(({ key }) => key === one.key)?.type.replace(' NOT NULL', '');
    const isRead = columns.some(({ path }) => path[0] === one.name);
    if (isRead && given !== typeToString(withNullable(one.type, true))) {
      fail('MR2100', { feature: `metadata column ${one.name} of another type than ${given}` });
    }
    outside.set(one.name, one.key);
  }
  return outside;
}

/** Which kinds of rows a table may give beside inserts. */
function changingSource(traits: Traits, node: Scan, kinds: readonly string[]): Traits {
  const updates = kinds.includes('UA');
  const deletes = kinds.includes('D');
  if (!updates && !deletes) return { ...traits, upsertKeys: primaryKeyOf(node) };
  const isByKey = deletes && node.options['source.produces-delete-by-key'] === 'true';
  return {
    ...APPEND, updates, deletes, upsertKeys: primaryKeyOf(node),
    ...(isByKey ? { deletesByKey: true } : {}),
    ...(kinds.includes('I') ? {} : { noInserts: true }),
  };
}

function primaryKeyOf(node: Scan): readonly (readonly number[])[] {
  const { primaryKey } = node.table;
  const key = primaryKey.map((name) =>
    node.columns.findIndex((one) => one.path.length === 1 && one.path[0] === name));
  return key.length === 0 || key.includes(-1) ? [] : [key.sort((a, b) => a - b)];
}

function requireKey(node: Scan, key: readonly number[] | undefined): readonly number[] {
  if (key !== undefined) return key;
  const table = pathText(node.table.path);
  return fail('MR2007', {
    detail: `table ${table} gives updates without old rows, which needs a primary key`,
  }, {
    detail: `Table '${table}' produces a changelog stream that contains UPDATE_AFTER but no ` +
      'UPDATE_BEFORE, this requires defining primary key on the table.',
  });
}

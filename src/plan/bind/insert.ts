/**
 * INSERT INTO: the query's columns fitted to the table's, by position or by a column list.
 */
import { fail, suggest, type Position } from '../../errors/index.js';
import type { CatalogTable } from '../../catalog/table.js';
import type { Insert } from '../../sql/ast/statement.js';
import { withNullable, type RowField } from '../../types/data-type.js';
import { project } from '../logical/build.js';
import { column, constant, type Expression } from '../logical/expression.js';
import type { LogicalNode, Sink } from '../logical/node.js';
import { coerceImplicitly } from './cast.js';
import { bindQuery } from './query.js';
import type { BindSession } from './session.js';

export function bindInsert(session: BindSession, insert: Insert): Sink {
  refuseForms(insert);
  const parts = insert.table.parts.map((part) => part.name);
  const table = session.catalog.resolve(parts, session.names, insert.table.position);
  if (table.kind === 'view') {
    return fail('MR2007', { detail: `INSERT INTO a view: ${parts.join('.')}` },
      { position: insert.table.position });
  }
  const { node } = bindQuery(session, insert.query);
  const fields = sinkFields(table);
  const targets = insert.columns.length === 0 ? fields : targetFields(insert, fields);
  const fitted = fitColumns(session, node, fields, targets, insert.position);
  const options: Record<string, string> = { ...table.options };
  for (const hint of insert.hints) {
    for (const entry of hint.options) options[entry.key] = entry.value;
  }
  return Object.freeze({ kind: 'sink', input: fitted, table, options, schema: fields });
}

function refuseForms(insert: Insert): void {
  const refuse = (feature: string, present: boolean): void => {
    if (present) fail('MR2100', { feature }, { position: insert.position });
  };
  refuse('INSERT OVERWRITE', insert.overwrite);
  refuse('UPSERT INTO', insert.upsert);
  refuse('INSERT ... PARTITION (...)', insert.partition !== undefined);
  refuse('ON CONFLICT', insert.onConflict !== undefined);
}

/** What a sink writes: all but computed and virtual columns. */
export function sinkFields(table: CatalogTable): readonly RowField[] {
  return table.columns.flatMap((one): readonly RowField[] => {
    if (one.kind === 'computed' || (one.kind === 'metadata' && one.virtual)) return [];
    const keyed = table.primaryKey.includes(one.name);
    return [{ name: one.name, type: keyed ? withNullable(one.type, false) : one.type }];
  });
}

function targetFields(insert: Insert, fields: readonly RowField[]): readonly RowField[] {
  return insert.columns.map((name) => {
    if (name.parts.length > 1) {
      fail('MR2100', { feature: 'INSERT into nested fields' }, { position: name.position });
    }
    const wanted = name.parts[0]?.name ?? '';
    const field = fields.find((one) => one.name === wanted);
    if (field !== undefined) return field;
    const suggestion = suggest(wanted, fields.map((one) => one.name));
    return fail('MR2002', { name: wanted, suggestion }, { position: name.position });
  });
}

/** Columns not named in the list are NULL. */
function fitColumns(
  session: BindSession, node: LogicalNode, fields: readonly RowField[],
  targets: readonly RowField[], position: Position,
): LogicalNode {
  if (node.schema.length !== targets.length) {
    const detail = `the query has ${node.schema.length}, the table takes ${targets.length}`;
    fail('MR2013', { detail }, { position });
  }
  const zone = session.config.zone;
  const expressions = fields.map((field): Expression => {
    const index = targets.indexOf(field);
    const source = node.schema[index];
    if (source !== undefined) {
      const value = column(index, source.type);
      return coerceImplicitly(value, field.type, zone, `column ${field.name}`, position);
    }
    if (!field.type.nullable) {
      fail('MR3004', { column: field.name }, { position });
    }
    return constant(null, field.type);
  });
  const isAsIs = expressions.length === node.schema.length &&
    expressions.every((one, i) => one.kind === 'column' && one.index === i);
  return isAsIs ? node : project(node, expressions, sinkNames(node, targets, fields));
}

/** Flink shows the query's names at the sink. */
function sinkNames(
  node: LogicalNode, targets: readonly RowField[], fields: readonly RowField[],
): readonly string[] {
  return fields.map((field) => node.schema[targets.indexOf(field)]?.name ?? field.name);
}

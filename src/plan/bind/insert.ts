/**
 * INSERT INTO: the query's columns fitted to the table's, by position or by a column list. Columns
 * of a static partition are constants; columns that nobody names are NULL.
 */
import { fail, suggest, type Position } from '../../errors/index.js';
import { validateMetadata, validateOptions } from '../../catalog/options.js';
import type { CatalogTable } from '../../catalog/table.js';
import type { Insert } from '../../sql/ast/statement.js';
import { withNullable, type RowField } from '../../types/data-type.js';
import { project } from '../logical/build.js';
import { column, constant, type Expression } from '../logical/expression.js';
import type { LogicalNode, Sink } from '../logical/node.js';
import { coerceImplicitly } from './cast.js';
import { ExpressionBinder } from './expression-binder.js';
import { bindQuery } from './query.js';
import { EMPTY_SCOPE } from './scope.js';
import type { BindSession } from './session.js';

export function bindInsert(session: BindSession, insert: Insert): Sink {
  const parts = insert.table.parts.map((part) => part.name);
  const { position } = insert.table;
  const table = session.catalog.resolve(parts, session.names, position);
  if (table.kind === 'table') return bindInsertInto(session, insert, table);
  return fail('MR2018', { detail: `INSERT INTO a view: ${parts.join('.')}` }, { position });
}

/** `table` stands for the one that the statement names. */
export function bindInsertInto(session: BindSession, insert: Insert, table: CatalogTable): Sink {
  refuseForms(insert, table);
  const options: Record<string, string> = { ...table.options };
  for (const hint of insert.hints) {
    for (const entry of hint.options) options[entry.key] = entry.value;
  }
  validateOptions({ ...table, options }, insert.table.position);
  validateMetadata(table, 'sink', insert.table.position);
  const { node } = bindQuery(session, insert.query);
  const fields = sinkFields(table);
  const fixed = fixedColumns(session, insert, table, fields);
  const open = fields.filter((field) => !fixed.has(field.name));
  const targets = insert.columns.length === 0 ? open : targetFields(insert, fields);
  const fitted = fitColumns(session, node, { fields, targets, fixed }, insert.position);
  const enforcer = session.config.text('table.exec.sink.not-null-enforcer');
  return Object.freeze({
    kind: 'sink', input: fitted, table, options, schema: fields,
    dropsNulls: enforcer.toUpperCase() === 'DROP', onConflict: insert.onConflict ?? null,
    position: insert.table.position,
  });
}

function refuseForms(insert: Insert, table: CatalogTable): void {
  const refuse = (feature: string, present: boolean): void => {
    if (present) fail('MR2100', { feature }, { position: insert.position });
  };
  refuse('INSERT OVERWRITE', insert.overwrite && table.options['connector'] !== 'values');
  refuse('UPSERT INTO', insert.upsert);
}

/** What a sink writes: all but computed and virtual columns. */
function sinkFields(table: CatalogTable): readonly RowField[] {
  return table.columns.flatMap((one): readonly RowField[] => {
    if (one.kind === 'computed' || (one.kind === 'metadata' && one.virtual)) return [];
    const keyed = table.primaryKey.includes(one.name);
    return [{ name: one.name, type: keyed ? withNullable(one.type, false) : one.type }];
  });
}

/** PARTITION (a = 1): the values of columns that the query does not give. */
function fixedColumns(
  session: BindSession, { partition }: Insert, table: CatalogTable, fields: readonly RowField[],
): ReadonlyMap<string, Expression> {
  const binder = new ExpressionBinder(session, EMPTY_SCOPE,
    { clause: 'PARTITION', aggregates: false, over: false });
  return new Map((partition?.entries ?? []).flatMap(({ column: name, value }) => {
    const { position } = name;
    const field = fields.find((one) => one.name === name.name);
    if (field === undefined || !table.partitionedBy.includes(name.name)) {
      const detail = `column ${name.name} is no partition column`;
      return fail('MR2016', { detail }, { position });
    }
    if (value === undefined) return [];
    const bound = coerceImplicitly(binder.bind(value), field.type, binder.zone,
      `partition column ${name.name}`, position);
    return [[name.name, bound] as const];
  }));
}

function targetFields(insert: Insert, fields: readonly RowField[]): readonly RowField[] {
  const targets = insert.columns.map((name) => {
    if (name.parts.length > 1) {
      fail('MR2100', { feature: 'INSERT into nested fields' }, { position: name.position });
    }
    const wanted = name.parts[0]?.name ?? '';
    const field = fields.find((one) => one.name === wanted);
    if (field !== undefined) return field;
    const suggestion = suggest(wanted, fields.map((one) => one.name));
    return fail('MR2002', { name: wanted, suggestion }, { position: name.position });
  });
  for (const [i, field] of targets.entries()) {
    if (targets.indexOf(field) === i) continue;
    fail('MR2016', { detail: `column ${field.name} is written twice` },
      { position: insert.columns[i]?.position });
  }
  return targets;
}

interface SinkColumns {
  /** All that the sink writes. */
  readonly fields: readonly RowField[];
  /** Those that the query's columns go to, in the query's order. */
  readonly targets: readonly RowField[];
  readonly fixed: ReadonlyMap<string, Expression>;
}

function fitColumns(
  session: BindSession, node: LogicalNode, { fields, targets, fixed }: SinkColumns,
  position: Position,
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
    const value = fixed.get(field.name);
    if (value !== undefined) return value;
    if (!field.type.nullable) {
      const detail = `column ${field.name} is NOT NULL and gets no value`;
      fail('MR2016', { detail }, { position });
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

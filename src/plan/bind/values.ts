/**
 * VALUES: rows of constants, or, where a value is no constant, one projection a row.
 */
import { fail } from '../../errors/index.js';
import type { Values as ValuesSyntax } from '../../sql/ast/query.js';
import { INT, notNull, withNullable, type DataType, type RowField } from '../../types/data-type.js';
import { project, union } from '../logical/build.js';
import type { Expression } from '../logical/expression.js';
import type { LogicalNode } from '../logical/node.js';
import { coerce } from './cast.js';
import { constantValue } from './constant-value.js';
import { ExpressionBinder } from './expression-binder.js';
import { commonOf } from './operators.js';
import { EMPTY_SCOPE } from './scope.js';
import type { BindSession } from './session.js';

export function bindValues(session: BindSession, syntax: ValuesSyntax): LogicalNode {
  const binder = new ExpressionBinder(session, EMPTY_SCOPE,
    { clause: 'VALUES', aggregates: false, over: false });
  const rows = syntax.rows.map((row) => binder.bindAll(row));
  const schema = commonSchema(rows, syntax);
  const fitted = rows.map((row) => row.map((value, i) =>
    coerce(value, schema[i]?.type ?? value.type, binder.zone)));
  const constants = fitted.map((row) => row.map((value) => constantValue(value, binder.zone)));
  if (constants.every((row) => row.every((value) => value !== undefined))) {
    const values = constants.map((row) => row.map((value) => value?.value ?? null));
    return Object.freeze({ kind: 'values', rows: values, schema });
  }
  return computedRows(fitted, schema);
}

function commonSchema(
  rows: readonly (readonly Expression[])[], syntax: ValuesSyntax,
): readonly RowField[] {
  const [first = []] = rows;
  if (rows.some((row) => row.length !== first.length)) {
    fail('MR2013', { detail: 'rows of VALUES differ in length' }, { position: syntax.position });
  }
  return first.map((value, i): RowField => {
    const column = rows.map((row) => row[i] ?? value);
    return { name: `EXPR$${i}`, type: commonOfColumn(column, syntax) };
  });
}

/** Flink makes strings of different length VARCHAR: there is no blank padding. */
function commonOfColumn(column: readonly Expression[], syntax: ValuesSyntax): DataType {
  const type = commonOf(column, syntax.position);
  return withNullable(type, column.some((value) => value.type.nullable));
}

function computedRows(
  rows: readonly (readonly Expression[])[], schema: readonly RowField[],
): LogicalNode {
  const names = schema.map((field) => field.name);
  const one: LogicalNode = Object.freeze({
    kind: 'values', rows: [[0]], schema: [{ name: 'ZERO', type: notNull(INT) }],
  });
  const nodes = rows.map((row) => project(one, row, names));
  const [only] = nodes;
  return only !== undefined && nodes.length === 1 ? only : union(nodes, schema);
}


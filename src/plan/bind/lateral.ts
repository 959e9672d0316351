/**
 * Joins whose right side may name columns of the left: UNNEST becomes a Correlate, a LATERAL
 * sub-query a join by the conditions about the outer query that it holds.
 */
import { fail } from '../../errors/index.js';
import type { Position } from '../../sql/ast/node.js';
import type { JoinTable, TableExpression } from '../../sql/ast/table.js';
import { BOOLEAN, notNull, withNullable } from '../../types/data-type.js';
import { allColumns, correlate, join, project } from '../logical/build.js';
import {
  call as callOf, column, columnsIn, columnTypesOf, conjunction, conjuncts, constant,
  type Expression, inline, mapColumns, TRUE,
} from '../logical/expression.js';
import type { JoinType, LogicalNode, TableFunctionCall } from '../logical/node.js';
import { uniqueNames } from '../logical/unique-names.js';
import { anyOuter, decorrelated, hasOuter, outerToLeft } from './correlate.js';
import { orZero } from './sub-query-value.js';

/** Whether a table of FROM may name columns of what stands left of it. */
export function isLateral(table: TableExpression): boolean {
  const inner = table.kind === 'aliased-table' ? table.input : table;
  return inner.kind === 'unnest' ||
    ((inner.kind === 'derived-table' || inner.kind === 'table-function') && inner.lateral);
}

/**
 * A comma binds looser than JOIN, but a lateral table names what stands left of the comma too:
 * `a, b JOIN c` becomes `(a, b) JOIN c` where b or c is lateral.
 */
export function leftDeep(syntax: JoinTable): JoinTable {
  const { left, right, type } = syntax;
  if (right.kind !== 'join' || (type !== 'comma' && type !== 'cross')) return syntax;
  if (!hasLateral(right) || !KEEPS_LEFT.has(right.type)) return syntax;
  if (right.natural || right.using.length > 0) return syntax;
  return { ...right, left: leftDeep({ ...syntax, left, right: right.left }) };
}

const KEEPS_LEFT: ReadonlySet<JoinTable['type']> = new Set(['inner', 'left', 'cross', 'comma']);

function hasLateral(table: TableExpression): boolean {
  return table.kind === 'join' ? hasLateral(table.left) || hasLateral(table.right)
    : isLateral(table);
}

interface LateralJoin {
  readonly left: LogicalNode;
  /** References to columns of the left side stand as outer ones. */
  readonly right: LogicalNode;
  readonly joinType: JoinType;
  /** Over both sides. */
  readonly condition: Expression;
  readonly position: Position;
}

/** Output: the columns of both sides. */
export function lateralJoin(parts: LateralJoin): LogicalNode {
  const { left, right, joinType, condition, position } = parts;
  if (!anyOuter(right)) return join(left, right, joinType, condition);
  if (joinType !== 'inner' && joinType !== 'left') {
    return fail('MR2100', { feature: `${joinType.toUpperCase()} JOIN with a lateral table` },
      { position });
  }
  const made = functionRows(right);
  return made === undefined ? joinDecorrelated(parts)
    : joinFunction({ ...parts, joinType }, made);
}

/** A table function with what stands over it; both count the function's columns. */
interface FunctionRows {
  readonly call: TableFunctionCall;
  readonly conditions: readonly Expression[];
  readonly projections: readonly Expression[];
}

function functionRows(node: LogicalNode): FunctionRows | undefined {
  switch (node.kind) {
    case 'project': {
      const below = functionRows(node.input);
      return below === undefined ? undefined : {
        ...below, projections: node.expressions.map((one) => inline(one, below.projections)),
      };
    }
    case 'filter': {
      const below = functionRows(node.input);
      if (below === undefined) return undefined;
      const more = conjuncts(inline(node.condition, below.projections));
      return { ...below, conditions: [...below.conditions, ...more] };
    }
    case 'correlate': {
      const { call } = node;
      const isAlone = node.input.kind === 'values' && node.joinType === 'inner';
      if (!isAlone || node.condition !== null || call.function === 'lookup') return undefined;
      const row = node.input.schema.map((field) => constant(0, field.type));
      const own = call.fields.map((field, i) => column(i, field.type));
      return { call, conditions: [], projections: [...row, ...own] };
    }
    default:
      return undefined;
  }
}

function joinFunction(
  { left, joinType, condition, position }: LateralJoin & { readonly joinType: 'inner' | 'left' },
  made: FunctionRows,
): LogicalNode {
  const width = left.schema.length;
  const onRight = conjuncts(condition).map((part) => {
    if ([...columnsIn(part)].some((index) => index < width)) refuseOuter('ON', position);
    return inline(mapColumns(part, (index) => index - width), made.projections);
  });
  const conditions = [...made.conditions, ...onRight].filter((part) => !isTrue(part));
  if (conditions.some(hasOuter)) refuseOuter('WHERE', position);
  if (made.projections.some(hasOuter)) refuseOuter('a select list', position);
  const needsMark = joinType === 'left' && made.projections.some((one) => one.kind !== 'column');
  const plain = needsMark ? withOrdinality(made.call) : made.call;
  const functionCall = { ...plain, arguments: outerToLeft(plain.arguments, 0) };
  const node = correlate(left, { joinType, call: functionCall,
    condition: conjunction(conditions) });
  const mark = column(node.schema.length - 1, node.schema.at(-1)!.type);
  const shown = made.projections.map((one) => {
    const value = columnTypesOf(one, (index) => ({
      index: index + width, type: node.schema[index + width]!.type,
    }));
    return value.kind === 'column' || !needsMark ? value : whereMade(mark, value);
  });
  const names = uniqueNames([...left.schema.map((field) => field.name),
    ...shown.map((_, i) => node.schema[width + i]?.name ?? `f${i}`)]);
  return project(node, [...allColumns(left), ...shown], names);
}

const isTrue = (part: Expression): boolean => part.kind === 'literal' && part.value === true;

/** Its last column says which rows the function made. */
function withOrdinality(plain: TableFunctionCall): TableFunctionCall {
  if (plain.function !== 'unnest') return plain;
  return {
    ...plain, function: 'unnest-with-ordinality',
    fields: [...plain.fields, { name: 'ORDINALITY', type: ORDINALITY }],
  };
}

const ORDINALITY = { root: 'INTEGER', nullable: false } as const;

/** A value computed of the function's row; NULL beside a row of which it makes none. */
function whereMade(mark: Expression, value: Expression): Expression {
  const isMade = callOf({
    kernel: 'is_not_null', name: 'IS NOT NULL', arguments: [mark], type: notNull(BOOLEAN),
  });
  const type = withNullable(value.type, true);
  return callOf({
    kernel: 'case', name: 'CASE', arguments: [isMade, value, constant(null, type)], type,
  });
}

function refuseOuter(where: string, position: Position): never {
  return fail('MR2100', { feature: `a table function with names of the left side in ${where}` },
    { position });
}

/**
 * What an aggregation without keys gives for a row of which it finds none is lost in an inner
 * join, as in Flink.
 */
function joinDecorrelated(
  { left, right, joinType, condition, position }: LateralJoin,
): LogicalNode {
  const inner = decorrelated(right, left, position);
  const width = left.schema.length;
  const on = outerToLeft(inner.conditions, width);
  const parts = [...conjuncts(condition), ...on].filter((part) => !isTrue(part));
  const node = join(left, inner.node, joinType, conjunction(parts) ?? TRUE);
  const kept = node.schema.slice(0, width + right.schema.length);
  const shown = kept.map((field, i): Expression => {
    const value = column(i, field.type);
    const isZero = joinType === 'left' && inner.zeroColumns.includes(i - width);
    return isZero && on.length > 0 ? orZero(value) : value;
  });
  return project(node, shown, kept.map((field) => field.name));
}

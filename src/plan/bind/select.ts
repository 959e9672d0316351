/**
 * SELECT: FROM, WHERE, grouping, the select list, DISTINCT, QUALIFY.
 */
import { fail } from '../../errors/index.js';
import type { Expression as Syntax } from '../../sql/ast/expression.js';
import type { Identifier, Position } from '../../sql/ast/node.js';
import type { OrderItem, Select, SelectItem } from '../../sql/ast/query.js';
import { BOOLEAN, type RowField } from '../../types/data-type.js';
import { aggregate, filter, oneRow, project, withStateTtl } from '../logical/build.js';
import {
  column, conjunction, conjuncts, contains, type Expression, TRUE,
} from '../logical/expression.js';
import type { Aggregate, LogicalNode } from '../logical/node.js';
import { uniqueNames } from '../logical/unique-names.js';
import { bindGrouped } from './aggregate-query.js';
import { coerceImplicitly } from './cast.js';
import { type ClauseRules, ExpressionBinder } from './expression-binder.js';
import { bindFrom } from './from.js';
import { isFunction } from './functions.js';
import { type Ordered, selectOrder } from './order-by.js';
import { checkQueryHints, hintedTtl } from './query-hints.js';
import { repeatedName, type Relation } from './relation.js';
import { fieldAccess, type MergedColumn, type ScopeRelation } from './scope.js';
import type { BindSession } from './session.js';
import { SubQueries } from './sub-query.js';
import { filterBySubQueries, joinInValues } from './sub-query-join.js';

/** A column of the select list; `name` is undefined where Flink calls it EXPR$n. */
export interface OutputColumn {
  readonly expression: Expression;
  readonly name: string | undefined;
}

/** A SELECT with its sort keys; columns from `width` on are there only for the sort. */
export interface BoundSelect extends Ordered {
  readonly width: number;
  /** The columns as the text names them: names that are written twice stay so. */
  readonly written: readonly RowField[];
}

/** A SELECT without FROM reads one row. */
const NO_TABLE: Relation = { node: oneRow(), scope: { relations: [] } };

export function bindSelect(
  session: BindSession, select: Select, orderBy: readonly OrderItem[] = [],
): BoundSelect {
  const from = select.from === undefined ? NO_TABLE
    : bindFrom({ ...session, hints: select.hints }, select.from);
  checkQueryHints(select.hints, from.scope);
  const input = bindWhere(session, select, from);
  const bound = selectList(session, select, input, orderBy);
  if (select.quantifier !== 'distinct') return bound;
  const node = withStateTtl(distinct(bound.node), hintedTtl(select.hints, [from.scope]));
  return { ...bound, node };
}

/** A column of USING is ambiguous here, as in Flink. */
function bindWhere(session: BindSession, select: Select, from: Relation): Relation {
  if (select.where === undefined) return from;
  const { scope } = from;
  const binder = new ExpressionBinder(session, { relations: scope.relations },
    { clause: 'WHERE', aggregates: false, over: false, subQueries: new SubQueries() });
  const condition = conjunction(conjuncts(bindCondition(binder, select.where))) ?? TRUE;
  return { node: filterBySubQueries(binder, from.node, condition), scope };
}

/** A condition must be BOOLEAN. */
export function bindCondition(binder: ExpressionBinder, syntax: Syntax): Expression {
  const what = `condition of ${binder.rules.clause}`;
  return coerceImplicitly(binder.bind(syntax), BOOLEAN, binder.zone, what, syntax.position);
}

function selectList(
  session: BindSession, select: Select, input: Relation, orderBy: readonly OrderItem[],
): BoundSelect {
  const windows = new Map(select.windows.map((one) => [one.name.name, one.window]));
  const rules: ClauseRules = {
    clause: 'SELECT', aggregates: true, over: true, windows,
    grouped: (select.groupBy?.items.length ?? 0) > 0, subQueries: new SubQueries(),
  };
  const binder = new ExpressionBinder(session, input.scope, rules);
  const listed = bindItems(binder, select.items);
  const { all: columns, sortKeys } = selectOrder(binder.within({ ...rules, clause: 'ORDER BY' }),
    orderBy, listed, select.quantifier === 'distinct');
  const having = bindHaving(binder, select);
  const qualify = select.qualify === undefined ? undefined
    : bindCondition(binder.within({ ...rules, clause: 'QUALIFY' }), select.qualify);
  const parts = { columns, having, qualify };
  const node = select.groupBy !== undefined || having !== undefined || hasAggregates(parts)
    ? bindGrouped(binder, select, input.node, parts) : { input: input.node, ...parts };
  const projected = isGroupedAsIs(input.node, node) ? node.input
    : projectColumns(binder, node.input, node.columns, node.qualify);
  const written = listed.map((one, i): RowField =>
    ({ name: nameOf(one, i), type: one.expression.type }));
  return { node: projected, sortKeys, width: listed.length, written };
}

/** A grouped query whose columns are just those of its Aggregate needs no projection. */
function isGroupedAsIs(
  ungrouped: LogicalNode, node: SelectParts & { readonly input: LogicalNode },
): boolean {
  const { schema } = node.input;
  return node.input !== ungrouped && node.qualify === undefined &&
    node.columns.length === schema.length && node.columns.every((one, i) =>
      one.expression.kind === 'column' && one.expression.index === i &&
      nameOf(one, i) === schema[i]?.name);
}

function bindHaving(binder: ExpressionBinder, select: Select): Expression | undefined {
  if (select.having === undefined) return undefined;
  const rules = { ...binder.rules, clause: 'HAVING', over: false };
  return bindCondition(binder.within(rules), select.having);
}

/** What stands behind the grouping. */
export interface SelectParts {
  readonly columns: readonly OutputColumn[];
  readonly having: Expression | undefined;
  readonly qualify: Expression | undefined;
}

function hasAggregates({ columns, qualify }: SelectParts): boolean {
  const all = columns.map((one) => one.expression);
  if (qualify !== undefined) all.push(qualify);
  return all.some((one) => contains(one, (part) => part.kind === 'aggregate'));
}

const nameOf = (column: OutputColumn, index: number): string => column.name ?? `EXPR$${index}`;

/**
 * A name that the text gives stays as it is, though it be there already; what a star stands for
 * is numbered then: `SELECT a, t.*` has a and a0, `SELECT t.*, a` has a twice.
 */
function bindItems(
  binder: ExpressionBinder, items: readonly SelectItem[],
): readonly OutputColumn[] {
  const columns: OutputColumn[] = [];
  for (const item of items) {
    const bound = bindItem(binder, item);
    if (item.expression.kind !== 'star') columns.push(...bound);
    else columns.push(...numbered(bound, columns.map(nameOf)));
  }
  return columns;
}

function numbered(
  columns: readonly OutputColumn[], before: readonly string[],
): readonly OutputColumn[] {
  const names = uniqueNames(columns.map(nameOf), before);
  return columns.map((one, i) => ({ ...one, name: names[i] }));
}

function bindItem(binder: ExpressionBinder, item: SelectItem): readonly OutputColumn[] {
  const { expression } = item;
  if (expression.kind === 'star') {
    return expandStar(binder, expression.qualifier, item.position);
  }
  const bound = binder.bind(expression);
  if (bound.type.root === 'NULL') {
    fail('MR2007', { detail: 'a NULL without type' },
      { position: item.position, hint: 'write CAST(NULL AS type)' });
  }
  return [{ expression: bound, name: item.alias?.name ?? ownName(expression) }];
}

/** Flink's name of a column without alias: that of the column or field it shows. */
export function ownName(syntax: Syntax): string | undefined {
  if (syntax.kind === 'name-reference') return syntax.parts.at(-1)?.name;
  if (syntax.kind === 'function-call' && !syntax.parentheses) {
    return isFunction(syntax.name.parts[0]?.name ?? '') ? undefined : syntax.name.parts[0]?.name;
  }
  if (syntax.kind === 'field-access' && syntax.field.kind === 'identifier') {
    return syntax.field.name;
  }
  return undefined;
}

/** `*`, `t.*`, or `r.*` of a ROW column. */
function expandStar(
  binder: ExpressionBinder, qualifier: readonly Identifier[], position: Position,
): readonly OutputColumn[] {
  const names = qualifier.map((part) => part.name);
  const relations = binder.scope.relations.filter((one) =>
    names.every((name, i) => one.name[one.name.length - names.length + i] === name));
  if (relations.length === 0 && qualifier.length > 0) {
    const row = binder.bind({ kind: 'name-reference', parts: qualifier, position });
    return (row.type.fields ?? []).map((field) =>
      ({ expression: fieldAccess(row, field.name, position), name: field.name }));
  }
  if (relations.length === 0) {
    return fail('MR2007', { detail: 'SELECT * without FROM' }, { position });
  }
  return columnsOf(relations, qualifier.length > 0 ? [] : binder.scope.merged ?? [], position);
}

/** All columns of the relations, those that a join has merged first. */
function columnsOf(
  relations: readonly ScopeRelation[], merged: readonly MergedColumn[], position: Position,
): readonly OutputColumn[] {
  const hidden = new Set(merged.flatMap((one) => one.hides));
  const own = relations.flatMap(({ fields, offset }) => {
    const repeated = repeatedName(fields);
    if (repeated !== undefined) fail('MR2005', { name: repeated }, { position });
    return fields.flatMap((field, i): OutputColumn[] => (hidden.has(offset + i) ? []
      : [{ expression: column(offset + i, field.type), name: field.name }]));
  });
  return [...merged, ...own];
}

/** With QUALIFY its condition is one more column, dropped behind the filter. */
function projectColumns(
  binder: ExpressionBinder, input: LogicalNode, columns: readonly OutputColumn[],
  qualify: Expression | undefined,
): LogicalNode {
  const names = uniqueNames(columns.map(nameOf));
  const expressions = columns.map((one) => one.expression);
  const all = joinInValues(binder, input,
    qualify === undefined ? expressions : [...expressions, qualify]);
  if (qualify === undefined) return project(all.node, all.expressions, names);
  const wide = project(all.node, all.expressions, [...names, 'QualifyExpression']);
  const kept = filter(wide, column(expressions.length, qualify.type));
  return project(kept, expressions.map((one, i) => column(i, one.type)), names);
}

/** DISTINCT: a grouping by all columns. */
export function distinct(node: LogicalNode): Aggregate {
  return aggregate(node, node.schema.map((_, i) => i), []);
}


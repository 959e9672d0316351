/**
 * ORDER BY, LIMIT and OFFSET. A key is an ordinal, a name of the select list, or an expression
 * over what the select list is made from, which then becomes a column behind it for the sort.
 */
import { fail } from '../../errors/index.js';
import type { Expression as Syntax } from '../../sql/ast/expression.js';
import type { OrderItem, Query } from '../../sql/ast/query.js';
import { project, sort } from '../logical/build.js';
import { column, type Expression, expressionsEqual } from '../logical/expression.js';
import type { LogicalNode } from '../logical/node.js';
import type { SortKey } from '../physical/plan.js';
import { ExpressionBinder } from './expression-binder.js';
import type { Relation } from './relation.js';
import { type OutputColumn, ownName } from './select.js';
import type { BindSession } from './session.js';

/** A query whose last columns may be there only for the sort. */
export interface Ordered {
  readonly node: LogicalNode;
  readonly sortKeys: readonly SortKey[];
}

/** Sorts and cuts; only the first `width` columns stay. */
export function bindSort({ node, sortKeys }: Ordered, query: Query, width: number): LogicalNode {
  const offset = rowCount(query.offset) ?? 0;
  const count = rowCount(query.limit) ?? null;
  const sorted = sort(node, { orderBy: sortKeys, offset, count });
  if (node.schema.length === width) return sorted;
  const kept = node.schema.slice(0, width);
  return project(sorted, kept.map((field, i) => column(i, field.type)),
    kept.map((field) => field.name));
}

/** Keys of a SELECT: `columns` is the select list; what it lacks is added behind it. */
export function selectOrder(
  binder: ExpressionBinder, items: readonly OrderItem[], columns: readonly OutputColumn[],
  isDistinct: boolean,
): { readonly all: readonly OutputColumn[]; readonly sortKeys: readonly SortKey[] } {
  const all = [...columns];
  const sortKeys = items.map((item): SortKey => {
    const known = ordinal(item.expression, columns.length) ?? named(item.expression, columns);
    return sortKey(item, known ?? place(binder, item, all, isDistinct));
  });
  return { all, sortKeys };
}

function place(
  binder: ExpressionBinder, item: OrderItem, all: OutputColumn[], isDistinct: boolean,
): number {
  const { position } = item.expression;
  const expression = binder.bind(item.expression);
  const found = all.findIndex((one) => expressionsEqual(one.expression, expression));
  if (found >= 0) return found;
  if (isDistinct) {
    fail('MR2007', { detail: 'ORDER BY of a SELECT DISTINCT is not in the select list' },
      { position });
  }
  return all.push({ expression, name: ownName(item.expression) ?? `$f${all.length}` }) - 1;
}

/** Keys of a UNION, VALUES and other bodies: over the output alone. */
export function outputOrder(
  session: BindSession, items: readonly OrderItem[], { node, scope }: Relation,
): Ordered {
  const binder = new ExpressionBinder(session, { relations: scope.relations },
    { clause: 'ORDER BY', aggregates: false, over: false });
  const all: Expression[] = node.schema.map((field, i) => column(i, field.type));
  const sortKeys = items.map((item): SortKey => {
    const index = ordinal(item.expression, node.schema.length);
    if (index !== undefined) return sortKey(item, index);
    const bound = binder.bind(item.expression);
    return sortKey(item, bound.kind === 'column' ? bound.index : all.push(bound) - 1);
  });
  if (all.length === node.schema.length) return { node, sortKeys };
  const names = all.map((_, i) => node.schema[i]?.name ?? `$f${i}`);
  return { node: project(node, all, names), sortKeys };
}

/** NULL is the smallest value: first where ascending, last where descending. */
function sortKey(item: OrderItem, index: number): SortKey {
  const nullsFirst = item.nulls === undefined ? !item.descending : item.nulls === 'first';
  return { column: index, descending: item.descending, nullsFirst };
}

/** ORDER BY 2: the second column. */
function ordinal(syntax: Syntax, width: number): number | undefined {
  if (syntax.kind !== 'number-literal' || syntax.form !== 'integer') return undefined;
  const index = Number(syntax.text) - 1;
  if (index >= 0 && index < width) return index;
  const detail = `ORDER BY ordinal is out of range: ${syntax.text}`;
  return fail('MR2022', { detail }, { position: syntax.position });
}

/** A name of the select list, before a column of the same name below. */
function named(syntax: Syntax, columns: readonly OutputColumn[]): number | undefined {
  const [name, ...more] = syntax.kind === 'name-reference' ? syntax.parts : [];
  if (name === undefined || more.length > 0) return undefined;
  const found = columns.findIndex((one) => one.name === name.name);
  if (columns.findLastIndex((one) => one.name === name.name) > found) {
    fail('MR2005', { name: name.name }, { position: name.position });
  }
  return found < 0 ? undefined : found;
}

/** A LIMIT or OFFSET: an unsigned integer literal. */
function rowCount(syntax: Syntax | undefined): number | undefined {
  if (syntax === undefined) return undefined;
  if (syntax.kind === 'number-literal' && syntax.form === 'integer') return Number(syntax.text);
  return fail('MR2100', { feature: 'LIMIT or OFFSET that is no literal' },
    { position: syntax.position });
}

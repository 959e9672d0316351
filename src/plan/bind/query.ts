/**
 * Queries: WITH, the body, ORDER BY and LIMIT.
 */
import { fail } from '../../errors/index.js';
import type { Expression as Syntax } from '../../sql/ast/expression.js';
import type { Query, QueryBody, Values } from '../../sql/ast/query.js';
import { project, sort } from '../logical/build.js';
import { column, type Expression, type OrderKey } from '../logical/expression.js';
import type { LogicalNode } from '../logical/node.js';
import type { SortKey } from '../physical/plan.js';
import { ExpressionBinder } from './expression-binder.js';
import { bindTableName, renamed } from './from.js';
import { bindOrderItem } from './over.js';
import { relation, type Relation } from './relation.js';
import { scopeOf } from './scope.js';
import { bindSelect } from './select.js';
import type { BindSession } from './session.js';
import { bindSetOperation } from './set-operation.js';
import { bindValues } from './values.js';

export function bindQuery(session: BindSession, query: Query): Relation {
  if (query.recursive) fail('MR2100', { feature: 'WITH RECURSIVE' }, { position: query.position });
  const inner = withCommonTables(session, query);
  const body = bindBody(inner, query.body);
  if (query.orderBy.length === 0 && query.limit === undefined && query.offset === undefined) {
    return body;
  }
  return relation(bindSort(inner, query, body.node));
}

function withCommonTables(session: BindSession, query: Query): BindSession {
  if (query.with.length === 0) return session;
  const tables = new Map(session.commonTables);
  const inner = { ...session, commonTables: tables };
  for (const common of query.with) {
    const bound = bindQuery(inner, common.query);
    tables.set(common.name.name, renamed(bound, common.columns.map((one) => one.name)));
  }
  return inner;
}

export function bindBody(session: BindSession, body: QueryBody): Relation {
  switch (body.kind) {
    case 'select':
      return relation(bindSelect(session, body));
    case 'set-operation':
      return relation(bindSetOperation(session, body));
    case 'values':
      return relation(bindValues(session, body satisfies Values));
    case 'explicit-table':
      return bindTableName(session, body.table);
    case 'query':
      return bindQuery(session, body);
  }
}

function bindSort(session: BindSession, query: Query, input: LogicalNode): LogicalNode {
  const binder = new ExpressionBinder(session, scopeOf([], input.schema),
    { clause: 'ORDER BY', aggregates: false, over: false });
  const keys = query.orderBy.map((item): OrderKey => {
    const bound = bindOrderItem(binder, item);
    return { ...bound, expression: ordinal(input, item.expression) ?? bound.expression };
  });
  const { node, sortKeys } = sortColumns(input, keys);
  const sorted = sort(node, {
    orderBy: sortKeys, offset: rowCount(query.offset) ?? 0, count: rowCount(query.limit) ?? null,
  });
  if (node === input) return sorted;
  const kept = input.schema.map((field, i) => column(i, field.type));
  return project(sorted, kept, input.schema.map((field) => field.name));
}

/** ORDER BY 2: the second column. */
function ordinal(input: LogicalNode, syntax: Syntax): Expression | undefined {
  if (syntax.kind !== 'number-literal' || syntax.form !== 'integer') return undefined;
  const index = Number(syntax.text) - 1;
  const field = input.schema[index];
  if (field !== undefined) return column(index, field.type);
  const detail = `ORDER BY ordinal is out of range: ${syntax.text}`;
  return fail('MR2007', { detail }, { position: syntax.position });
}

/** Sort keys that are no plain columns become columns behind the others. */
export function sortColumns(
  input: LogicalNode, keys: readonly OrderKey[],
): { readonly node: LogicalNode; readonly sortKeys: readonly SortKey[] } {
  const all: Expression[] = input.schema.map((field, i) => column(i, field.type));
  const sortKeys = keys.map(({ expression, descending, nullsFirst }) => {
    if (expression.kind === 'column') return { column: expression.index, descending, nullsFirst };
    all.push(expression);
    return { column: all.length - 1, descending, nullsFirst };
  });
  if (all.length === input.schema.length) return { node: input, sortKeys };
  const names = all.map((_, i) => input.schema[i]?.name ?? `$f${i}`);
  return { node: project(input, all, names), sortKeys };
}

/** A LIMIT or OFFSET: an unsigned integer literal. */
function rowCount(syntax: Syntax | undefined): number | undefined {
  if (syntax === undefined) return undefined;
  if (syntax.kind === 'number-literal' && syntax.form === 'integer') return Number(syntax.text);
  return fail('MR2100', { feature: 'LIMIT or OFFSET that is no literal' },
    { position: syntax.position });
}

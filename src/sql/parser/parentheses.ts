/**
 * What may stand in parentheses: a query, an expression, or several.
 */
import type { Expression, Query } from '../ast/index.js';
import { errorOf } from '../../errors/index.js';
import type { Cursor } from './cursor.js';
import { expression } from './expressions.js';
import { atQuery, continueQuery, query } from './queries.js';

/** Either a query, or expressions. */
export type QueryOrExpressions =
  | { readonly query: Query }
  | { readonly query?: never; readonly expressions: readonly Expression[] };

/** (query) or (a, b, ...). */
export function queryOrExpressions(cursor: Cursor): QueryOrExpressions {
  cursor.expect('(');
  const inside = bareQueryOrExpressions(cursor);
  cursor.expect(')');
  return inside;
}

/** query or a, b, ...: a query may also start with parentheses of its own. */
function bareQueryOrExpressions(cursor: Cursor): QueryOrExpressions {
  const start = cursor.index;
  if (atQuery(cursor)) return { query: allowedQuery(cursor) };
  const first = cursor.allowingQueries(cursor.queriesAllowed, () => expression(cursor));
  if (first.kind === 'scalar-query' && atQueryTail(cursor)) {
    return { query: continueQuery(cursor, start, first.query) };
  }
  const expressions = [first];
  while (cursor.accept(',')) expressions.push(expression(cursor));
  return { expressions };
}

/** A query, if one may stand here. */
export function allowedQuery(cursor: Cursor): Query {
  if (!cursor.queriesAllowed) throw errorOf('MR1019', {}, cursor.context(cursor.index));
  return query(cursor);
}

const queryTails: ReadonlySet<string> = new Set([
  'UNION', 'INTERSECT', 'EXCEPT', 'ORDER', 'LIMIT', 'OFFSET', 'FETCH',
]);

/** Whether what follows belongs to a query: a set operation, ORDER BY, LIMIT. */
export function atQueryTail(cursor: Cursor): boolean {
  return queryTails.has(cursor.word());
}

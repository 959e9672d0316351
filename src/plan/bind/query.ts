/**
 * Queries: WITH, the body, ORDER BY and LIMIT.
 */
import { fail } from '../../errors/index.js';
import type { Query, QueryBody, Values } from '../../sql/ast/query.js';
import { bindTableName, renamed } from './from.js';
import { bindSort, outputOrder } from './order-by.js';
import { relation, type Relation } from './relation.js';
import { bindSelect } from './select.js';
import type { BindSession } from './session.js';
import { bindSetOperation } from './set-operation.js';
import { bindValues } from './values.js';

export function bindQuery(session: BindSession, query: Query): Relation {
  if (query.recursive) fail('MR2100', { feature: 'WITH RECURSIVE' }, { position: query.position });
  const inner = withCommonTables(session, query);
  const { body, orderBy } = query;
  if (orderBy.length === 0 && query.limit === undefined && query.offset === undefined) {
    return bindBody(inner, body);
  }
  if (body.kind === 'select') {
    const ordered = bindSelect(inner, body, orderBy);
    return relation(bindSort(ordered, query, ordered.width));
  }
  const { node } = bindBody(inner, body);
  return relation(bindSort(outputOrder(inner, orderBy, node), query, node.schema.length));
}

/** The session with the common tables of the query's WITH in sight. */
export function withCommonTables(session: BindSession, query: Query): BindSession {
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
      return relation(bindSelect(session, body).node);
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

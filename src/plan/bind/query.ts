/**
 * Queries: WITH, the body, ORDER BY and LIMIT.
 */
import { fail } from '../../errors/index.js';
import type { CommonTable, Query, QueryBody, Values } from '../../sql/ast/query.js';
import { placed, type LogicalNode } from '../logical/node.js';
import { bindTableName, renamed } from './from.js';
import { bindSort, outputOrder, type Ordered } from './order-by.js';
import { failRepeated, refuseRepeated, relation, repeatedName, type Relation, writtenFields }
  from './relation.js';
import { bindSelect } from './select.js';
import { placeIn, type BindSession } from './session.js';
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
    return relation(sortOf(inner, ordered, query, ordered.width), [], ordered.written);
  }
  const bound = bindBody(inner, body);
  const written = writtenFields(bound);
  const ordered = outputOrder(inner, orderBy, bound);
  return relation(sortOf(inner, ordered, query, written.length), [], written);
}

function sortOf(
  session: BindSession, ordered: Ordered, query: Query, width: number,
): LogicalNode {
  const written = query.orderBy[0]?.expression ?? query.limit ?? query.offset ?? query;
  return placed(bindSort(ordered, query, width), placeIn(session, written.position));
}

/** The session with the common tables of the query's WITH in sight. */
export function withCommonTables(session: BindSession, query: Query): BindSession {
  if (query.with.length === 0) return session;
  const tables = new Map(session.commonTables);
  const inner = { ...session, commonTables: tables };
  for (const common of query.with) {
    tables.set(common.name.name, bindCommonTable(inner, common));
  }
  return inner;
}

function bindCommonTable(session: BindSession, { query, columns }: CommonTable): Relation {
  const bound = bindQuery(session, query);
  if (columns.length === 0) {
    const repeated = repeatedName(writtenFields(bound));
    return repeated === undefined ? bound : failRepeated(repeated, query.position);
  }
  refuseRepeated(columns);
  const { length } = bound.node.schema;
  if (columns.length !== length) {
    const detail = `${columns.length} names for ${length} columns`;
    fail('MR2013', { detail }, { position: columns[0]?.position });
  }
  return renamed(bound, columns.map((one) => one.name));
}

export function bindBody(session: BindSession, body: QueryBody): Relation {
  switch (body.kind) {
    case 'select': {
      const { node, written } = bindSelect(session, body);
      return relation(node, [], written);
    }
    case 'set-operation':
      return bindSetOperation(session, body);
    case 'values':
      return relation(bindValues(session, body satisfies Values));
    case 'explicit-table':
      return bindTableName(session, body.table);
    case 'query':
      return bindQuery(session, body);
  }
}

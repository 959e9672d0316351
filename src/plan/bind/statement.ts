/** Statements that become jobs: queries, INSERT, statement sets. */
import type { Query } from '../../sql/ast/query.js';
import type { Insert } from '../../sql/ast/statement.js';
import type { Sink } from '../logical/node.js';
import { bindInsert } from './insert.js';
import { bindQuery } from './query.js';
import type { BindSession } from './session.js';

/** A query's rows go to a collect sink. */
export function bindCollect(session: BindSession, query: Query): Sink {
  const { node } = bindQuery(session, query);
  return Object.freeze({
    kind: 'sink', input: node, table: null, options: {}, schema: node.schema,
  });
}

export function bindInserts(session: BindSession, inserts: readonly Insert[]): readonly Sink[] {
  return inserts.map((insert) => bindInsert(session, insert));
}

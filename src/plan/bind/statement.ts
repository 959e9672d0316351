/** Statements that become jobs: queries, INSERT, statement sets. */
import type { CatalogTable } from '../../catalog/table.js';
import type { CreateTable } from '../../sql/ast/create.js';
import type { Query } from '../../sql/ast/query.js';
import type { Insert } from '../../sql/ast/statement.js';
import type { Sink } from '../logical/node.js';
import { bindInsert, bindInsertInto } from './insert.js';
import { bindQuery } from './query.js';
import type { BindSession } from './session.js';
import { insertOf } from './table/as-query.js';
import { bindCreateTable } from './table-definition.js';

/** A query's rows go to a collect sink. */
export function bindCollect(session: BindSession, query: Query): Sink {
  const { node } = bindQuery(session, query);
  return Object.freeze({
    kind: 'sink', input: node, table: null, options: {}, dropsNulls: false,
    onConflict: null, schema: node.schema, position: query.position,
  });
}

export function bindInserts(session: BindSession, inserts: readonly Insert[]): readonly Sink[] {
  return inserts.map((insert) => bindInsert(session, insert));
}

/**
 * CREATE TABLE ... AS: the table need not be there yet, so that it can be explained. One that was
 * there before takes the query's columns by position.
 */
export function bindTableAs(session: BindSession, statement: CreateTable, query: Query): Sink {
  const made = bindCreateTable(session, statement);
  const found = session.catalog.find(made.path);
  const table = found?.kind === 'table' ? found : made;
  const insert = insertOf(statement, query, bindQuery(session, query).node.schema);
  const isMade = columnNames(table) === columnNames(made);
  return bindInsertInto(session, isMade ? insert : { ...insert, columns: [] }, table);
}

const columnNames = (table: CatalogTable): string =>
  JSON.stringify(table.columns.map((one) => one.name));

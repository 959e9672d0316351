/**
 * CREATE TABLE and CREATE VIEW turned into what the catalog holds. What is wrong with names, types
 * and expressions is found here; what is wrong with options, where the table is read or written.
 */
import { fail } from '../../errors/index.js';
import type { CatalogTable, CatalogView, ObjectPath } from '../../catalog/table.js';
import type { CreateTable, CreateView } from '../../sql/ast/create.js';
import type { Identifier, QualifiedName } from '../../sql/ast/node.js';
import type { LikeClause } from '../../sql/ast/table-definition.js';
import type { Query } from '../../sql/ast/query.js';
import { queryLines } from '../../sql/unparse/index.js';
import type { RowField } from '../../types/data-type.js';
import { bindQuery } from './query.js';
import { failRepeated, refuseRepeated, repeatedName, writtenFields } from './relation.js';
import type { BindSession } from './session.js';
import { tableAsQuery } from './table/as-query.js';
import {
  columnsOf, draftDistribution, draftOf, nameOf, optionsOf, primaryKeyOf, watermarkOf,
  type TableDraft,
} from './table/draft.js';
import { likeTable } from './table/like.js';
import { resolveTable } from './table/resolve.js';
import { expandQuery } from './view-query.js';

export function bindCreateTable(session: BindSession, statement: CreateTable): CatalogTable {
  const own = ownDraft(session, statement);
  const { like, query, position } = statement;
  if (like !== undefined) return resolveTable(session, likeTable(own, base(session, like), like));
  if (query !== undefined) {
    if (statement.temporary) {
      fail('MR2016', { detail: 'CREATE TABLE ... AS makes no temporary tables' }, { position });
    }
    const { schema } = bindQuery(session, query).node;
    return resolveTable(session, tableAsQuery(own, statement.elements, schema));
  }
  const named = statement.elements.find((one) => one.kind === 'column-name');
  if (named !== undefined) {
    const detail = `column ${named.name.name} has no type`;
    fail('MR2016', { detail }, { position: named.position });
  }
  return resolveTable(session, own);
}

function ownDraft(session: BindSession, statement: CreateTable): TableDraft {
  const { elements, comment } = statement;
  return {
    path: pathOf(session, statement.name), temporary: statement.temporary,
    columns: columnsOf(elements), watermark: watermarkOf(elements),
    primaryKey: primaryKeyOf(elements), partitionedBy: statement.partitionedBy.map(nameOf),
    distribution: draftDistribution(statement.distribution), partitions: [],
    options: optionsOf(statement.options),
    ...(comment === undefined ? {} : { comment: comment.value }),
  };
}

function base(session: BindSession, { table }: LikeClause): TableDraft {
  const { position } = table;
  const found = session.catalog.resolve(partsOf(table), session.names, position);
  if (found.kind === 'table') return draftOf(found);
  return fail('MR2018', { detail: `${found.path.name} of LIKE is a view` }, { position });
}

const partsOf = (name: QualifiedName): readonly string[] => name.parts.map((part) => part.name);

function pathOf(session: BindSession, name: QualifiedName): ObjectPath {
  return session.catalog.path(partsOf(name), session.names, name.position);
}

/** The query is bound once: a view that cannot be read is not created. */
export function bindCreateView(session: BindSession, statement: CreateView): CatalogView {
  const { columns, query, comment, position } = statement;
  return {
    ...bindView(session, query, columns, position),
    path: pathOf(session, statement.name), temporary: statement.temporary,
    ...(comment === undefined ? {} : { comment: comment.value }),
  };
}

/** What the query makes of a view; names in `columns` stand for the query's own. */
export function bindView(
  session: BindSession, query: Query, columns: readonly Identifier[],
  position: Query['position'],
): Pick<CatalogView, 'kind' | 'query' | 'text' | 'schema' | 'scope'> {
  const bound = bindQuery(session, query);
  const { schema } = bound.node;
  if (columns.length > 0 && columns.length !== schema.length) {
    const detail = `${columns.length} names for ${schema.length} columns`;
    fail('MR2013', { detail }, { position });
  }
  const named = schema.map(({ name, type }, i): RowField =>
    ({ name: columns[i]?.name ?? name, type }));
  const expanded = expandQuery(session, query);
  const repeated = columns.length > 0 ? undefined : repeatedName(writtenFields(bound));
  if (repeated !== undefined) failRepeated(repeated, position);
  refuseRepeated(columns);
  return {
    kind: 'view', query: expanded, text: queryLines(expanded), schema: named,
    scope: session.names,
  };
}

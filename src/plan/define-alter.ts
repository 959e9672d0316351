/** ALTER of tables, views, databases and catalogs. Temporary tables and views cannot be altered. */
import { fail } from '../errors/index.js';
import type { Catalog } from '../catalog/catalog.js';
import type { Properties } from '../catalog/database.js';
import type { CatalogObject, CatalogTable, CatalogView } from '../catalog/table.js';
import type {
  AlterCatalog, AlterDatabase, AlterTable, AlterView,
} from '../sql/ast/alter.js';
import type { QualifiedName } from '../sql/ast/node.js';
import type { BindSession } from './bind/session.js';
import { changeTable } from './bind/table/alter.js';
import { optionsOf } from './bind/table/draft.js';
import { resolveTable } from './bind/table/resolve.js';
import { bindView } from './bind/table-definition.js';

const partsOf = (name: QualifiedName): readonly string[] => name.parts.map((part) => part.name);

export function alterTable(session: BindSession, { name, ifExists, action }: AlterTable): boolean {
  const { catalog } = session;
  const path = catalog.path(partsOf(name), session.names, name.position);
  if (ifExists && catalog.find(path) === undefined) return true;
  const table = catalog.resolvePermanent(partsOf(name), 'table', name.position) as CatalogTable;
  if (action.kind === 'rename-to') return rename(session, table, action.name);
  catalog.replace(table.path, resolveTable(session, changeTable(table, action)));
  return true;
}

export function alterView(session: BindSession, { name, action }: AlterView): boolean {
  const { catalog } = session;
  const view = catalog.resolvePermanent(partsOf(name), 'view', name.position) as CatalogView;
  if (action.kind === 'rename-to') return rename(session, view, action.name);
  const changed = { ...view, ...bindView(session, action.query, [], action.position) };
  catalog.replace(view.path, changed);
  return true;
}

/** Within its catalog and database, wherever the session stands. */
function rename(session: BindSession, object: CatalogObject, name: QualifiedName): boolean {
  const { catalog } = session;
  const { position } = name;
  const path = catalog.path(partsOf(name), session.names, position);
  if (path.catalog !== object.path.catalog || path.database !== object.path.database) {
    fail('MR2017', { detail: 'RENAME moves nothing into another database' }, { position });
  }
  catalog.replace(object.path, { ...object, path }, position);
  return true;
}

/** Catalog and database of a name of one or two parts. */
export function databaseName(
  catalog: Catalog, name: QualifiedName,
): readonly [catalog: string, database: string] {
  const [database = '', owner = catalog.current.catalog, third] = [...partsOf(name)].reverse();
  if (third !== undefined) {
    const detail = `the name of a database has one or two parts: ${partsOf(name).join('.')}`;
    fail('MR2016', { detail }, { position: name.position });
  }
  return [owner, database];
}

export function alterDatabase(catalog: Catalog, { name, action }: AlterDatabase): boolean {
  const [owner, database] = databaseName(catalog, name);
  catalog.alterDatabase(owner, database, (properties) => withOptions(properties, action.options),
    name.position);
  return true;
}

function withOptions(
  properties: Properties, options: Parameters<typeof optionsOf>[0],
): Properties {
  return { ...properties, options: { ...properties.options, ...optionsOf(options) } };
}

export function alterCatalog(catalog: Catalog, { name, action }: AlterCatalog): boolean {
  catalog.alterCatalog(partsOf(name).join('.'), (properties) => {
    switch (action.kind) {
      case 'set-comment': return { ...properties, comment: action.comment.value };
      case 'set-options': return withOptions(properties, action.options);
      case 'reset-options': return withoutOptions(properties, action.keys, name);
    }
  }, name.position);
  return true;
}

function withoutOptions(
  properties: Properties, keys: readonly string[], { position }: QualifiedName,
): Properties {
  if (keys.length === 0) fail('MR2017', { detail: 'RESET needs a key' }, { position });
  if (keys.includes('type')) {
    fail('MR2017', { detail: "RESET cannot take 'type' away" }, { position });
  }
  const left = Object.entries(properties.options).filter(([key]) => !keys.includes(key));
  return { ...properties, options: Object.fromEntries(left) };
}

/**
 * Statements that change the catalog: CREATE and DROP of tables, views, databases, catalogs; USE.
 */
import { fail } from '../errors/index.js';
import type { Catalog } from '../catalog/catalog.js';
import type { Drop } from '../sql/ast/command.js';
import type { QualifiedName } from '../sql/ast/node.js';
import type { Statement } from '../sql/ast/statement.js';
import { openSession } from './bind/session.js';
import { bindCreateTable, bindCreateView, optionsOf } from './bind/table-definition.js';
import type { SessionConfig } from './config.js';

/**
 * Applies the statement; false if it is none of these. `source` is the text that the statement's
 * positions point into.
 */
export function define(
  catalog: Catalog, config: SessionConfig, statement: Statement, source: string,
): boolean {
  const session = openSession(catalog, config);
  switch (statement.kind) {
    case 'create-table':
      catalog.create(bindCreateTable(session, statement, source),
        { ifNotExists: statement.ifNotExists });
      return true;
    case 'create-view': {
      const how = { ifNotExists: statement.ifNotExists, replace: statement.orReplace };
      catalog.create(bindCreateView(session, statement, source), how);
      return true;
    }
    case 'create-database': {
      const [catalogName, name] = databaseName(catalog, statement.name);
      catalog.createDatabase(catalogName, name, statement.ifNotExists,
        optionsOf(statement.options));
      return true;
    }
    case 'create-catalog':
      catalog.createCatalog(names(statement.name).join('.'), statement.ifNotExists);
      return true;
    case 'use-catalog':
      catalog.useCatalog(names(statement.name).join('.'));
      return true;
    case 'use-database': {
      const [catalogName, name] = databaseName(catalog, statement.name);
      catalog.useDatabase(name, catalogName);
      return true;
    }
    case 'drop':
      return drop(catalog, statement);
    default:
      return false;
  }
}

const names = (name: QualifiedName): readonly string[] => name.parts.map((part) => part.name);

function databaseName(catalog: Catalog, name: QualifiedName): readonly [string, string] {
  const [database = '', owner = catalog.current.catalog] = [...names(name)].reverse();
  return [owner, database];
}

function drop(catalog: Catalog, statement: Drop): boolean {
  const { object, ifExists, temporary, name } = statement;
  if (object === 'table' || object === 'view') {
    catalog.drop(catalog.path(names(name)), { kind: object, temporary, ifExists }, name.position);
    return true;
  }
  if (object !== 'database') {
    return fail('MR2101', { statement: `DROP ${object.toUpperCase()}` },
      { position: statement.position });
  }
  const [owner, database] = databaseName(catalog, name);
  if (!catalog.databases(owner).includes(database) && ifExists) return true;
  catalog.dropDatabase(owner, database, statement.behavior === 'cascade');
  return true;
}

/**
 * Statements that change the catalog: CREATE, ALTER and DROP of tables, views, databases and
 * catalogs; USE; modules.
 */
import { fail, suggest } from '../errors/index.js';
import type { Catalog } from '../catalog/catalog.js';
import type { Properties } from '../catalog/database.js';
import type { CreateCatalog, CreateDatabase, CreateTable } from '../sql/ast/create.js';
import type { Drop } from '../sql/ast/command.js';
import type { QualifiedName } from '../sql/ast/node.js';
import type { Statement } from '../sql/ast/statement.js';
import { functionNames } from './bind/functions.js';
import { openSession } from './bind/session.js';
import { optionsOf } from './bind/table/draft.js';
import { bindCreateTable, bindCreateView } from './bind/table-definition.js';
import type { SessionConfig } from './config.js';
import {
  alterCatalog, alterDatabase, alterTable, alterView, databaseName,
} from './define-alter.js';

/** Applies the statement; false if it is none of these. CREATE TABLE ... AS runs no job here. */
export function define(catalog: Catalog, config: SessionConfig, statement: Statement): boolean {
  const session = openSession(catalog, config);
  switch (statement.kind) {
    case 'create-table':
      createTable(catalog, config, statement);
      return true;
    case 'create-view':
      return created(catalog.create(bindCreateView(session, statement),
        { ifNotExists: statement.ifNotExists, replace: statement.orReplace },
        statement.name.position));
    case 'create-database':
      return createDatabase(catalog, statement);
    case 'create-catalog':
      return created(catalog.createCatalog(names(statement.name).join('.'),
        propertiesOf(statement), statement.ifNotExists, statement.name.position));
    case 'alter-table': return alterTable(session, statement);
    case 'alter-view': return alterView(session, statement);
    case 'alter-database': return alterDatabase(catalog, statement);
    case 'alter-catalog': return alterCatalog(catalog, statement);
    case 'drop': return drop(catalog, statement);
    default: return defineScope(catalog, statement);
  }
}

/** What names and functions are looked up in. */
function defineScope(catalog: Catalog, statement: Statement): boolean {
  const { position } = statement;
  switch (statement.kind) {
    case 'use-catalog':
      catalog.useCatalog(names(statement.name).join('.'), statement.name.position);
      return true;
    case 'use-database': {
      const [owner, name] = databaseName(catalog, statement.name);
      catalog.useDatabase(name, owner, statement.name.position);
      return true;
    }
    case 'use-modules':
      catalog.modules.use(statement.modules.map((one) => one.name), position);
      return true;
    case 'load-module':
      catalog.modules.load(statement.name.name, statement.name.position);
      return true;
    case 'unload-module':
      catalog.modules.unload(statement.name.name, statement.name.position);
      return true;
    default:
      return false;
  }
}

/** `IF NOT EXISTS` may have found something: done either way. */
const created = (_isNew: boolean): true => true;

/** False if the table was there and IF NOT EXISTS was written. */
export function createTable(
  catalog: Catalog, config: SessionConfig, statement: CreateTable,
): boolean {
  const table = bindCreateTable(openSession(catalog, config), statement);
  const { position } = statement.name;
  const isReplaced = statement.replace !== 'none' && statement.query !== undefined;
  if (statement.replace === 'replace' && catalog.find(table.path) === undefined) {
    fail('MR2001', { name: table.path.name }, { position, hint: 'write CREATE OR REPLACE TABLE' });
  }
  return catalog.create(table,
    { ifNotExists: statement.ifNotExists, replace: isReplaced }, position);
}

const names = (name: QualifiedName): readonly string[] => name.parts.map((part) => part.name);

function propertiesOf({ options, comment }: CreateCatalog | CreateDatabase): Properties {
  return {
    options: optionsOf(options), ...(comment === undefined ? {} : { comment: comment.value }),
  };
}

function createDatabase(catalog: Catalog, statement: CreateDatabase): boolean {
  const { name, ifNotExists } = statement;
  const [owner, database] = databaseName(catalog, name);
  return created(catalog.createDatabase(
    owner, database, propertiesOf(statement), ifNotExists, name.position));
}

function drop(catalog: Catalog, statement: Drop): boolean {
  const { object, ifExists, temporary, name } = statement;
  const { position } = name;
  switch (object) {
    case 'table':
    case 'view':
      catalog.drop(catalog.path(names(name), catalog.current, position),
        { kind: object, temporary, ifExists }, position);
      return true;
    case 'catalog':
      catalog.dropCatalog(names(name).join('.'), ifExists, position);
      return true;
    case 'database': {
      const [owner, database] = databaseName(catalog, name);
      if (ifExists && !catalog.databases(owner, position).includes(database)) return true;
      catalog.dropDatabase(owner, database, statement.behavior === 'cascade', position);
      return true;
    }
    case 'function':
    case 'model':
    case 'connection':
      return ifExists || unknownObject(object, name);
    case 'materialized-table':
      return fail('MR2101', { statement: 'DROP MATERIALIZED TABLE' },
        { position: statement.position });
  }
}

/** Of these there are none: functions of the user cannot be registered yet. */
function unknownObject(object: 'function' | 'model' | 'connection', name: QualifiedName): never {
  const wanted = names(name).join('.');
  const suggestion = object === 'function' ? suggest(wanted, functionNames()) : undefined;
  return fail('MR2014', { object, name: wanted, suggestion }, { position: name.position });
}

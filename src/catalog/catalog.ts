/**
 * The in-memory catalogs: databases of tables and views, with a current catalog and database that
 * partial names are relative to. Temporary objects belong to the session, need no database and
 * hide permanent ones of the same name.
 */
import { fail, suggest, type Position } from '../errors/index.js';
import {
  checkCatalogOptions, defaultDatabase, emptyDatabase, type Database, type Properties,
  type StoredCatalog,
} from './database.js';
import { Modules } from './modules.js';
import { SessionFunctions } from './functions.js';
import type { CatalogObject, ObjectPath } from './table.js';
import { pathText } from './table.js';

const DEFAULT_CATALOG = 'default_catalog';
const DEFAULT_DATABASE = 'default_database';

/** What names are relative to. */
export interface NameScope {
  readonly catalog: string;
  readonly database: string;
}

/** One DROP of a table or view. */
export interface DropRequest {
  readonly kind: CatalogObject['kind'];
  readonly temporary: boolean;
  readonly ifExists: boolean;
}

export class Catalog {
  readonly modules = new Modules();
  readonly functions = new SessionFunctions();
  readonly #catalogs = new Map<string, StoredCatalog>();
  readonly #temporary = new Map<string, CatalogObject>();
  #current: NameScope = { catalog: DEFAULT_CATALOG, database: DEFAULT_DATABASE };

  constructor() {
    const databases = new Map([[DEFAULT_DATABASE, emptyDatabase()]]);
    this.#catalogs.set(DEFAULT_CATALOG, { properties: null, databases });
  }

  get current(): NameScope {
    return this.#current;
  }

  /** Full path of a name of one to three parts. */
  path(
    parts: readonly string[], scope: NameScope = this.#current, position?: Position,
  ): ObjectPath {
    const [name = '', database = scope.database, catalog = scope.catalog] = [...parts].reverse();
    if (parts.length > 3) {
      const detail = `a name has one to three parts: ${parts.join('.')}`;
      fail('MR2016', { detail }, { position });
    }
    return { catalog, database, name };
  }

  /** The table or view of a name; undefined if there is none. */
  find(path: ObjectPath): CatalogObject | undefined {
    return this.#temporary.get(pathText(path)) ?? this.findPermanent(path);
  }

  /** The same without the temporary ones, which ALTER cannot change. */
  findPermanent(path: ObjectPath): CatalogObject | undefined {
    return this.#catalogs.get(path.catalog)?.databases.get(path.database)?.objects.get(path.name);
  }

  /** The table or view of a name, or MR2001 with the closest name there is. */
  resolve(
    parts: readonly string[], scope: NameScope = this.#current, position?: Position,
  ): CatalogObject {
    const path = this.path(parts, scope, position);
    return this.find(path) ?? this.#unknown(parts.join('.'), path, position);
  }

  /** A permanent table or view of a kind, for ALTER. */
  resolvePermanent(
    parts: readonly string[], kind: CatalogObject['kind'], position?: Position,
  ): CatalogObject {
    const path = this.path(parts, this.#current, position);
    const found = this.findPermanent(path);
    const hidden = this.#temporary.has(pathText(path));
    if (found === undefined && hidden) {
      const detail = `${path.name} is temporary`;
      return fail('MR2017', { detail }, { position, hint: 'drop it and create it anew' });
    }
    if (found === undefined) return this.#unknown(parts.join('.'), path, position);
    if (found.kind === kind) return found;
    return fail('MR2018', { detail: `${path.name} is a ${found.kind}` }, { position });
  }

  /** False if the name is taken and `ifNotExists`; MR2010 if taken and neither is asked for. */
  create(
    object: CatalogObject,
    how: { readonly ifNotExists?: boolean; readonly replace?: boolean } = {},
    position?: Position,
  ): boolean {
    const { path } = object;
    const objects = object.temporary ? this.#temporary : this.#objects(path, position);
    const key = object.temporary ? pathText(path) : path.name;
    if (objects.has(key) && how.replace !== true) {
      if (how.ifNotExists === true) return false;
      fail('MR2010', { name: pathText(path) }, { position });
    }
    objects.set(key, Object.freeze(object));
    return true;
  }

  /** What stands at the path of a permanent object gives way to another. */
  replace(old: ObjectPath, object: CatalogObject, position?: Position): void {
    const target = this.#objects(object.path, position);
    const moved = pathText(old) !== pathText(object.path);
    if (moved && target.has(object.path.name)) {
      fail('MR2010', { name: pathText(object.path) }, { position });
    }
    this.#objects(old).delete(old.name);
    target.set(object.path.name, Object.freeze(object));
  }

  /** False if there was none and `ifExists`; MR2001 if there was none otherwise. */
  drop(path: ObjectPath, { kind, temporary, ifExists }: DropRequest, position?: Position): boolean {
    const key = pathText(path);
    if (temporary) {
      if (this.#temporary.get(key)?.kind === kind) return this.#temporary.delete(key);
      return ifExists ? false : fail('MR2001', { name: key }, { position });
    }
    if (this.#temporary.get(key)?.kind === kind) {
      const remedy = `drop the temporary ${kind} first`;
      fail('MR2019', { name: key, remedy }, { position });
    }
    const objects = this.#catalogs.get(path.catalog)?.databases.get(path.database)?.objects;
    if (objects?.get(path.name)?.kind === kind) return objects.delete(path.name);
    return ifExists ? false : fail('MR2001', { name: key }, { position });
  }

  /** Names of the tables and views of a database, sorted. */
  list(
    catalog = this.#current.catalog, database = this.#current.database,
    kind?: CatalogObject['kind'], position?: Position,
  ): readonly string[] {
    const { objects } = this.database(catalog, database, position);
    const temporary = [...this.#temporary.values()].filter(({ path }) =>
      path.catalog === catalog && path.database === database);
    const all = new Map([...objects.values(), ...temporary].map((one) => [one.path.name, one]));
    return [...all.values()].filter((object) => kind === undefined || object.kind === kind)
      .map((object) => object.path.name).sort();
  }

  catalogs(): readonly string[] {
    return [...this.#catalogs.keys()].sort();
  }

  databases(catalog = this.#current.catalog, position?: Position): readonly string[] {
    return [...this.catalog(catalog, position).databases.keys()].sort();
  }

  useCatalog(name: string, position?: Position): void {
    const database = defaultDatabase(this.catalog(name, position), DEFAULT_DATABASE);
    this.#current = { catalog: name, database };
  }

  useDatabase(database: string, catalog = this.#current.catalog, position?: Position): void {
    this.database(catalog, database, position);
    this.#current = { catalog, database };
  }

  /** A new in-memory catalog with its default database. */
  createCatalog(
    name: string, properties: Properties, ifNotExists = false, position?: Position,
  ): boolean {
    if (this.#catalogs.has(name)) {
      return ifNotExists ? false : fail('MR2010', { name }, { position });
    }
    checkCatalogOptions(properties.options, position);
    const stored: StoredCatalog = { properties, databases: new Map() };
    stored.databases.set(defaultDatabase(stored, DEFAULT_DATABASE), emptyDatabase());
    this.#catalogs.set(name, stored);
    return true;
  }

  /** MR2017 for the catalog that was there from the start. */
  alterCatalog(
    name: string, change: (properties: Properties) => Properties, position?: Position,
  ): void {
    const { properties, databases } = this.catalog(name, position);
    if (properties === null) {
      return fail('MR2017', { detail: `catalog ${name} has no properties` }, { position });
    }
    const changed = change(properties);
    checkCatalogOptions(changed.options, position);
    this.#catalogs.set(name, { properties: changed, databases });
  }

  /** MR2019 for the current one. */
  dropCatalog(name: string, ifExists: boolean, position?: Position): boolean {
    if (!this.#catalogs.has(name) && ifExists) return false;
    this.catalog(name, position);
    if (name === this.#current.catalog) {
      fail('MR2019', { name, remedy: 'USE another catalog first' }, { position });
    }
    return this.#catalogs.delete(name);
  }

  createDatabase(
    catalog: string, name: string, properties: Properties, ifNotExists = false,
    position?: Position,
  ): boolean {
    const { databases } = this.catalog(catalog, position);
    if (databases.has(name)) return ifNotExists ? false : fail('MR2010', { name }, { position });
    databases.set(name, emptyDatabase(properties));
    return true;
  }

  alterDatabase(
    catalog: string, name: string, change: (properties: Properties) => Properties,
    position?: Position,
  ): void {
    const { properties, objects } = this.database(catalog, name, position);
    this.catalog(catalog).databases.set(name, { properties: change(properties), objects });
  }

  /** MR2019 for the current one, and for one that holds something unless `cascade`. */
  dropDatabase(catalog: string, name: string, cascade: boolean, position?: Position): void {
    const { objects } = this.database(catalog, name, position);
    if (catalog === this.#current.catalog && name === this.#current.database) {
      fail('MR2019', { name, remedy: 'USE another database first' }, { position });
    }
    if (objects.size > 0 && !cascade) {
      const detail = `it holds ${objects.size} tables or views`;
      fail('MR2019', { name, remedy: 'write CASCADE' }, { position, detail });
    }
    this.catalog(catalog).databases.delete(name);
  }

  /** MR2014 if there is none. */
  catalog(name: string, position?: Position): StoredCatalog {
    const found = this.#catalogs.get(name);
    if (found !== undefined) return found;
    const suggestion = suggest(name, this.#catalogs.keys());
    return fail('MR2014', { object: 'catalog', name, suggestion }, { position });
  }

  /** MR2014 if there is none. */
  database(catalog: string, name: string, position?: Position): Database {
    const { databases } = this.catalog(catalog, position);
    const found = databases.get(name);
    if (found !== undefined) return found;
    const suggestion = suggest(name, databases.keys());
    return fail('MR2014', { object: 'database', name, suggestion }, { position });
  }

  #objects(path: ObjectPath, position?: Position): Map<string, CatalogObject> {
    return this.database(path.catalog, path.database, position).objects;
  }

  #unknown(name: string, path: ObjectPath, position?: Position): never {
    const there = this.#catalogs.get(path.catalog)?.databases.has(path.database) ?? false;
    const suggestion = there ? suggest(path.name, this.list(path.catalog, path.database))
      : undefined;
    return fail('MR2001', { name, suggestion }, { position });
  }
}

/**
 * The in-memory catalogs: databases of tables and views, with a current catalog and database that
 * partial names are relative to. Temporary objects hide permanent ones of the same name.
 */
import { fail, suggest, type Position } from '../errors/index.js';
import type { CatalogObject, ObjectPath } from './table.js';
import { pathText } from './table.js';

export const DEFAULT_CATALOG = 'default_catalog';
export const DEFAULT_DATABASE = 'default_database';

interface Database {
  readonly options: Readonly<Record<string, string>>;
  readonly permanent: Map<string, CatalogObject>;
  readonly temporary: Map<string, CatalogObject>;
}

/** What names are relative to. */
export interface NameScope {
  readonly catalog: string;
  readonly database: string;
}

type Databases = Map<string, Database>;

const emptyDatabase = (options: Readonly<Record<string, string>> = {}): Database =>
  ({ options, permanent: new Map(), temporary: new Map() });

export class Catalog {
  readonly #catalogs = new Map<string, Databases>();
  #current: NameScope = { catalog: DEFAULT_CATALOG, database: DEFAULT_DATABASE };

  constructor() {
    this.#catalogs.set(DEFAULT_CATALOG, new Map([[DEFAULT_DATABASE, emptyDatabase()]]));
  }

  get current(): NameScope {
    return this.#current;
  }

  /** Full path of a name of one to three parts. */
  path(parts: readonly string[], scope: NameScope = this.#current): ObjectPath {
    const [name = '', database = scope.database, catalog = scope.catalog] = [...parts].reverse();
    if (parts.length > 3) fail('MR2001', { name: parts.join('.') });
    return { catalog, database, name };
  }

  /** The table or view of a name; undefined if there is none. */
  find(path: ObjectPath): CatalogObject | undefined {
    const database = this.#catalogs.get(path.catalog)?.get(path.database);
    return database?.temporary.get(path.name) ?? database?.permanent.get(path.name);
  }

  /** The table or view of a name, or MR2001 with the closest name there is. */
  resolve(
    parts: readonly string[], scope: NameScope = this.#current, position?: Position,
  ): CatalogObject {
    const path = this.path(parts, scope);
    const found = this.find(path);
    if (found !== undefined) return found;
    const suggestion = suggest(path.name, this.list(path.catalog, path.database));
    return fail('MR2001', { name: parts.join('.'), suggestion }, { position });
  }

  /** False if the name is taken and `ifNotExists`; MR2010 if taken and neither is asked for. */
  create(
    object: CatalogObject,
    how: { readonly ifNotExists?: boolean; readonly replace?: boolean } = {},
  ): boolean {
    const objects = this.#objects(object.path, object.temporary);
    if (objects.has(object.path.name) && how.replace !== true) {
      if (how.ifNotExists === true) return false;
      fail('MR2010', { name: pathText(object.path) });
    }
    objects.set(object.path.name, Object.freeze(object));
    return true;
  }

  /** False if there was none and `ifExists`; MR2001 if there was none otherwise. */
  drop(
    path: ObjectPath,
    how: { kind: CatalogObject['kind']; temporary: boolean; ifExists: boolean },
    position?: Position,
  ): boolean {
    const objects = this.#objects(path, how.temporary);
    if (objects.get(path.name)?.kind === how.kind) return objects.delete(path.name);
    if (how.ifExists) return false;
    return fail('MR2001', { name: pathText(path) }, { position });
  }

  /** Names of the tables and views of a database, sorted. */
  list(
    catalog = this.#current.catalog, database = this.#current.database,
    kind?: CatalogObject['kind'],
  ): readonly string[] {
    const found = this.#database(catalog, database);
    const all = new Map([...found.permanent, ...found.temporary]);
    return [...all.values()].filter((object) => kind === undefined || object.kind === kind)
      .map((object) => object.path.name).sort();
  }

  catalogs(): readonly string[] {
    return [...this.#catalogs.keys()].sort();
  }

  databases(catalog = this.#current.catalog): readonly string[] {
    return [...this.#databases(catalog).keys()].sort();
  }

  useCatalog(catalog: string): void {
    this.#databases(catalog);
    this.#current = { catalog, database: DEFAULT_DATABASE };
  }

  useDatabase(database: string, catalog = this.#current.catalog): void {
    this.#database(catalog, database);
    this.#current = { catalog, database };
  }

  /** A new in-memory catalog with its default database. */
  createCatalog(name: string, ifNotExists = false): boolean {
    if (this.#catalogs.has(name)) return ifNotExists ? false : fail('MR2010', { name });
    this.#catalogs.set(name, new Map([[DEFAULT_DATABASE, emptyDatabase()]]));
    return true;
  }

  createDatabase(
    catalog: string, name: string, ifNotExists = false,
    options: Readonly<Record<string, string>> = {},
  ): boolean {
    const databases = this.#databases(catalog);
    if (databases.has(name)) return ifNotExists ? false : fail('MR2010', { name });
    databases.set(name, emptyDatabase(options));
    return true;
  }

  /** MR2010 (its contents) unless empty or `cascade`. */
  dropDatabase(catalog: string, name: string, cascade: boolean): void {
    const database = this.#database(catalog, name);
    const used = database.permanent.size + database.temporary.size;
    if (used > 0 && !cascade) fail('MR2010', { name: `${name} holds ${used} tables or views` });
    this.#databases(catalog).delete(name);
  }

  #objects(path: ObjectPath, temporary: boolean): Map<string, CatalogObject> {
    const database = this.#database(path.catalog, path.database);
    return temporary ? database.temporary : database.permanent;
  }

  #databases(catalog: string): Databases {
    const found = this.#catalogs.get(catalog);
    if (found !== undefined) return found;
    const suggestion = suggest(catalog, this.#catalogs.keys());
    return fail('MR2014', { object: 'catalog', name: catalog, suggestion });
  }

  #database(catalog: string, name: string): Database {
    const databases = this.#databases(catalog);
    const found = databases.get(name);
    if (found !== undefined) return found;
    const suggestion = suggest(name, databases.keys());
    return fail('MR2014', { object: 'database', name, suggestion });
  }
}

/** Catalogs and databases as they are kept: what stands in them and what was said about them. */
import { fail, suggest, type Position } from '../errors/index.js';
import type { CatalogObject } from './table.js';

/** What CREATE and ALTER say about a catalog or a database. */
export interface Properties {
  readonly options: Readonly<Record<string, string>>;
  readonly comment?: string;
}

/** A database with its permanent tables and views. */
export interface Database {
  readonly properties: Properties;
  readonly objects: Map<string, CatalogObject>;
}

export interface StoredCatalog {
  /** Null for the catalog that was there from the start: it has none. */
  readonly properties: Properties | null;
  readonly databases: Map<string, Database>;
}

const CATALOG_TYPE = 'generic_in_memory';
const DATABASE_OPTION = 'default-database';

export function emptyDatabase(properties: Properties = { options: {} }): Database {
  return { properties, objects: new Map() };
}

/** The database that USE CATALOG goes to. */
export function defaultDatabase({ properties }: StoredCatalog, otherwise: string): string {
  return properties === null ? otherwise : properties.options[DATABASE_OPTION] ?? 'default';
}

/** MR2009 without a type, MR2014 for one that is not there, MR2004 for other options. */
export function checkCatalogOptions(
  options: Readonly<Record<string, string>>, position?: Position,
): void {
  const { type } = options;
  if (type === undefined) fail('MR2009', { name: 'type' }, { position });
  if (type !== CATALOG_TYPE) {
    const hint = `there is ${CATALOG_TYPE}`;
    fail('MR2014', { object: 'type of catalog', name: type }, { position, hint });
  }
  for (const name of Object.keys(options)) {
    if (name === 'type' || name === DATABASE_OPTION) continue;
    const suggestion = suggest(name, ['type', DATABASE_OPTION]);
    fail('MR2004', { name, suggestion }, { position });
  }
}

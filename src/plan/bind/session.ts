/**
 * What binding a statement needs beside its text: the catalog, the scope of names, the options,
 * and the common tables in sight.
 */
import type { Catalog, NameScope } from '../../catalog/catalog.js';
import type { Position } from '../../errors/index.js';
import type { Hint } from '../../sql/ast/query.js';
import type { SessionConfig } from '../config.js';
import type { Relation } from './relation.js';
import type { Scope } from './scope.js';

export interface BindSession {
  readonly catalog: Catalog;
  readonly config: SessionConfig;
  /** What partial table names are relative to. */
  readonly names: NameScope;
  /** Common tables of WITH, inner ones over outer ones. */
  readonly commonTables: ReadonlyMap<string, Relation>;
  /** Views being expanded, outermost first: a view may not contain itself. */
  readonly expanding: readonly string[];
  /** The query around a sub-query, whose columns the sub-query may name. */
  readonly outer?: OuterQuery | undefined;
  /** Of the SELECT whose FROM is bound. */
  readonly hints?: readonly Hint[] | undefined;
}

/** The place of a syntax node for errors found later; none inside views, whose text is another. */
export function placeIn(session: BindSession, position: Position): Position | undefined {
  return session.expanding.length === 0 ? position : undefined;
}

export interface OuterQuery {
  readonly scope: Scope;
  readonly outer: OuterQuery | undefined;
}

export function openSession(catalog: Catalog, config: SessionConfig): BindSession {
  return { catalog, config, names: catalog.current, commonTables: new Map(), expanding: [] };
}

/**
 * What stands in FROM: tables, views, common tables, sub-queries, window functions, aliases.
 */
import { fail, MillraceError, type Position } from '../../errors/index.js';
import { validateMetadata, validateOptions } from '../../catalog/options.js';
import type { CatalogTable, CatalogView } from '../../catalog/table.js';
import { pathText } from '../../catalog/table.js';
import type { QualifiedName } from '../../sql/ast/node.js';
import type { Hint, Query } from '../../sql/ast/query.js';
import type { AliasedTable, NamedTable, TableExpression } from '../../sql/ast/table.js';
import { project } from '../logical/build.js';
import { column } from '../logical/expression.js';
import { placed, type LogicalNode } from '../logical/node.js';
import { bindJoin } from './join.js';
import { bindMatchRecognize } from './match-recognize.js';
import { withinPlanSize } from './plan-size.js';
import { bindQuery } from './query.js';
import { refuseRepeated, relation, type Relation, writtenFields } from './relation.js';
import { placeIn, type BindSession } from './session.js';
import { bindTableFunction } from './table-function.js';
import { scanTable } from './table-scan.js';
import { bindUnnest } from './unnest.js';

export function bindFrom(session: BindSession, from: TableExpression): Relation {
  switch (from.kind) {
    case 'named-table':
      return bindNamedTable(session, from);
    case 'derived-table':
      return bindQueryInFrom(session, from.query);
    case 'aliased-table':
      return bindAlias(session, from);
    case 'table-function':
      return bindTableFunction(session, from.call);
    case 'join':
      return bindJoin(session, from);
    case 'match-recognize':
      return bindMatchRecognize(session, from);
    case 'unnest':
      return bindUnnest(session, from);
    default:
      return fail('MR2100', { feature: featureOf(from) }, { position: from.position });
  }
}

/** A sub-query has no name, whatever stands in it. */
function bindQueryInFrom(session: BindSession, query: Query): Relation {
  const bound = bindQuery(session, query);
  return relation(bound.node, [], writtenFields(bound));
}

function featureOf(from: TableExpression): string {
  switch (from.kind) {
    case 'table-as-of':
      return 'FOR SYSTEM_TIME AS OF';
    case 'sampled-table':
      return 'TABLESAMPLE';
    default:
      return from.kind.toUpperCase();
  }
}

function bindNamedTable(session: BindSession, from: NamedTable): Relation {
  const parts = from.name.parts.map((part) => part.name);
  return bindTableName(session, from.name, parts, hintOptions(from.hints));
}

/** A common table hides a table of the same name. */
export function bindTableName(
  session: BindSession, name: QualifiedName,
  parts: readonly string[] = name.parts.map((part) => part.name),
  hints: Readonly<Record<string, string>> = {},
): Relation {
  const [first = ''] = parts;
  const common = parts.length === 1 ? session.commonTables.get(first) : undefined;
  if (common !== undefined) {
    return relation(withinPlanSize(common.node, name.position), [first]);
  }
  const object = session.catalog.resolve(parts, session.names, name.position);
  const full = [object.path.catalog, object.path.database, object.path.name];
  const node = object.kind === 'table' ? readTable(session, object, hints, name.position)
    : expandView(session, object, name.position).node;
  const place = placeIn(session, name.position);
  return relation(placed(withinPlanSize(node, name.position), place), full);
}

/** What the options of a table mean counts only now that it is read. */
function readTable(
  session: BindSession, table: CatalogTable, hints: Readonly<Record<string, string>>,
  position: Position,
): LogicalNode {
  validateOptions({ ...table, options: { ...table.options, ...hints } }, position);
  validateMetadata(table, 'source', position);
  return scanTable(session, table, hints);
}

function hintOptions(hints: readonly Hint[]): Readonly<Record<string, string>> {
  const options: Record<string, string> = {};
  for (const hint of hints) {
    if (hint.name.toUpperCase() !== 'OPTIONS') {
      fail('MR2100', { feature: `hint ${hint.name}` }, { position: hint.position });
    }
    for (const entry of hint.options) options[entry.key] = entry.value;
  }
  return options;
}

/** A view's names are relative to where it was made; outer common tables are out of sight. */
function expandView(session: BindSession, view: CatalogView, position: Position): Relation {
  const name = pathText(view.path);
  if (session.expanding.includes(name)) {
    fail('MR2007', { detail: `view contains itself: ${name}` }, { position });
  }
  const inner: BindSession = {
    ...session, names: view.scope, commonTables: new Map(),
    expanding: [...session.expanding, name], outer: undefined,
  };
  try {
    return renamed(bindQuery(inner, view.query), view.schema.map((field) => field.name));
  } catch (error) {
    throw error instanceof MillraceError ? error.movedTo(position, `in view ${name}`) : error;
  }
}

function bindAlias(session: BindSession, from: AliasedTable): Relation {
  const input = bindFrom(session, from.input);
  const names = isNamedByAlias(from, input) ? [from.alias.name]
    : from.columns.map((one) => one.name);
  refuseRepeated(from.columns);
  if (names.length > 0 && names.length !== input.node.schema.length) {
    const detail = `${names.length} aliases for ${input.node.schema.length} columns`;
    fail('MR2013', { detail }, { position: from.position });
  }
  const bound = renamed(input, names);
  return relation(bound.node, [from.alias.name], writtenFields(bound));
}

/** The one column of UNNEST or VALUES is called as the table. */
function isNamedByAlias(from: AliasedTable, { node }: Relation): boolean {
  const { input } = from;
  const isRows = input.kind === 'unnest' ||
    (input.kind === 'derived-table' && input.query.body.kind === 'values');
  return isRows && from.columns.length === 0 && node.schema.length === 1;
}

/** The first columns under other names; the same if there are none. */
export function renamed(input: Relation, names: readonly string[]): Relation {
  const { node } = input;
  if (names.length === 0) return input;
  const all = node.schema.map((field, i) => names[i] ?? field.name);
  return relation(project(node, node.schema.map((field, i) => column(i, field.type)), all));
}

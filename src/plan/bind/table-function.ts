/** Functions that stand for a table, by their name, and the tables that are their arguments. */
import { fail } from '../../errors/index.js';
import type { FunctionCall, TableArgument } from '../../sql/ast/call.js';
import { allColumns, project } from '../logical/build.js';
import type { LogicalNode } from '../logical/node.js';
import { bindChangelogFunction, CHANGELOG_FUNCTIONS } from './changelog-function.js';
import { bindTableName } from './from.js';
import { bindQuery } from './query.js';
import { relation, type Relation } from './relation.js';
import type { BindSession } from './session.js';
import { bindWindowFunction } from './window-function.js';

export function bindTableFunction(session: BindSession, call: FunctionCall): Relation {
  const name = call.name.parts.map((part) => part.name).join('.').toUpperCase();
  return CHANGELOG_FUNCTIONS.has(name) ? bindChangelogFunction(session, call, name)
    : bindWindowFunction(session, call, name);
}

export function bindTableArgument(session: BindSession, data: TableArgument): Relation {
  if (data.table !== undefined) return relation(allOf(bindTableName(session, data.table).node));
  if (data.query !== undefined) return bindQuery(session, data.query);
  if (data.call !== undefined) return bindTableFunction(session, data.call);
  return fail('MR9001', { detail: 'empty table argument' });
}

/** TABLE t stands for SELECT * FROM t. */
function allOf(node: LogicalNode): LogicalNode {
  return project(node, allColumns(node), node.schema.map((field) => field.name));
}

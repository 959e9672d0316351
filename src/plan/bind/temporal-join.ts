/** FOR SYSTEM_TIME AS OF on the right side of a join: which times of both sides meet. */
import { fail } from '../../errors/index.js';
import type { Expression as Syntax } from '../../sql/ast/expression.js';
import type { TableExpression } from '../../sql/ast/table.js';
import { columnsIn } from '../logical/expression.js';
import type { AsOf, LogicalNode } from '../logical/node.js';
import { ExpressionBinder } from './expression-binder.js';
import type { Relation } from './relation.js';
import type { BindSession } from './session.js';

/** The table without its FOR SYSTEM_TIME, and the time it names. */
export function splitAsOf(
  table: TableExpression,
): { readonly table: TableExpression; readonly time: Syntax | undefined } {
  if (table.kind === 'table-as-of') return { table: table.input, time: table.time };
  if (table.kind !== 'aliased-table' || table.input.kind !== 'table-as-of') {
    return { table, time: undefined };
  }
  const { input, time } = table.input;
  return { table: { ...table, input }, time };
}

/** The time must be a time attribute of the left side; the right side's is its first row time. */
export function bindAsOf(
  session: BindSession, time: Syntax, left: Relation, right: LogicalNode,
): AsOf {
  const binder = new ExpressionBinder(session, left.scope,
    { clause: 'FOR SYSTEM_TIME AS OF', aggregates: false, over: false });
  const bound = binder.bind(time);
  const { position } = time;
  if (columnsIn(bound).size === 0) {
    fail('MR2100', { feature: 'FOR SYSTEM_TIME AS OF a fixed time' }, { position });
  }
  const { timeAttribute } = bound.type;
  if (bound.kind !== 'column' || timeAttribute === undefined) {
    return fail('MR2100', {
      feature: "FOR SYSTEM_TIME AS OF anything but the left table's time attribute",
    }, { position });
  }
  const found = right.schema.findIndex(({ type }) => type.timeAttribute === 'rowtime');
  const version = right.schema[found];
  if (timeAttribute === 'rowtime' && version !== undefined &&
    version.type.root !== bound.type.root) {
    fail('MR2016', {
      detail: `temporal join of row times ${bound.type.root} and ${version.type.root}`,
    }, { position });
  }
  return { attribute: timeAttribute, left: bound.index, right: found < 0 ? null : found };
}

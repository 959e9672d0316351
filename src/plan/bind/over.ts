/**
 * OVER: only ROW_NUMBER(), which a filter on it turns into a Top-N or a deduplication.
 */
import { fail } from '../../errors/index.js';
import type { FunctionCall } from '../../sql/ast/call.js';
import type { OrderItem, WindowSpecification } from '../../sql/ast/query.js';
import { ROW_NUMBER_TYPE } from '../logical/build.js';
import type { Expression, OrderKey } from '../logical/expression.js';
import type { ExpressionBinder } from './expression-binder.js';

export function bindOver(
  binder: ExpressionBinder, syntax: FunctionCall, over: WindowSpecification, name: string,
): Expression {
  const { position } = syntax;
  if (!binder.rules.over) {
    fail('MR2007', { detail: `OVER in ${binder.rules.clause}: ${name}` }, { position });
  }
  if (name !== 'ROW_NUMBER') return binder.unsupported(`${name}() OVER`, position);
  const window = completeWindow(binder, over);
  if (window.frame !== undefined) return binder.unsupported('a frame of ROW_NUMBER', position);
  const inner = binder.within({
    clause: 'OVER', aggregates: binder.rules.aggregates, over: false,
    grouped: binder.rules.grouped ?? true,
  });
  return Object.freeze({
    kind: 'over', function: 'ROW_NUMBER', type: ROW_NUMBER_TYPE,
    partition: inner.bindAll(window.partitionBy),
    orderBy: window.orderBy.map((item) => bindOrderItem(inner, item)),
  });
}

/** A window that names a base takes from it what it does not say itself. */
function completeWindow(
  binder: ExpressionBinder, window: WindowSpecification,
): WindowSpecification {
  if (window.base === undefined) return window;
  const base = binder.rules.windows?.get(window.base.name);
  if (base === undefined) {
    return fail('MR2014', { object: 'window', name: window.base.name },
      { position: window.base.position });
  }
  const outer = completeWindow(binder, base);
  return {
    ...window,
    partitionBy: window.partitionBy.length > 0 ? window.partitionBy : outer.partitionBy,
    orderBy: window.orderBy.length > 0 ? window.orderBy : outer.orderBy,
  };
}

/** NULL is the smallest value: first where ascending, last where descending. */
export function bindOrderItem(binder: ExpressionBinder, item: OrderItem): OrderKey {
  return {
    expression: binder.bind(item.expression),
    descending: item.descending,
    nullsFirst: item.nulls === undefined ? !item.descending : item.nulls === 'first',
  };
}

/**
 * CASE and NULLIF: forms that evaluate only what is needed.
 */
import type { CaseExpression } from '../../sql/ast/expression.js';
import type { Position } from '../../sql/ast/node.js';
import { NULL } from '../../types/data-type.js';
import { constant, type Expression } from '../logical/expression.js';
import type { ExpressionBinder } from './expression-binder.js';

/** A simple CASE compares its operand with each value; without ELSE the rest is NULL. */
export function bindCase(binder: ExpressionBinder, syntax: CaseExpression): Expression {
  const operand = syntax.operand === undefined ? undefined : binder.bind(syntax.operand);
  const parts: Expression[] = [];
  for (const branch of syntax.branches) {
    const conditions = binder.bindAll(branch.conditions).map((value) =>
      operand === undefined ? value : binder.call('=', [operand, value], branch.position));
    parts.push(anyOf(binder, conditions, branch.position), binder.bind(branch.result));
  }
  const otherwise = syntax.otherwise;
  parts.push(otherwise === undefined ? constant(null, NULL) : binder.bind(otherwise));
  return binder.call('CASE', parts, syntax.position);
}

function anyOf(
  binder: ExpressionBinder, conditions: readonly Expression[], position: Position,
): Expression {
  const [first] = conditions;
  if (first !== undefined && conditions.length === 1) return first;
  return binder.call('OR', conditions, position);
}

/** NULLIF(a, b): CASE WHEN a = b THEN NULL ELSE a END. */
export function bindNullIf(
  binder: ExpressionBinder, [a, b]: readonly Expression[], position: Position,
): Expression | undefined {
  if (a === undefined || b === undefined) return undefined;
  const equal = binder.call('=', [a, b], position);
  return binder.call('CASE', [equal, constant(null, NULL), a], position);
}

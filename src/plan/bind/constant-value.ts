/**
 * The value of an expression without columns, found with the TypeScript evaluator.
 */
import { evaluateConstant } from '../../expr/evaluate.js';
import { contains, isDeterministic, type Expression } from '../logical/expression.js';
import { toPlanExpression } from '../logical/plan-expression.js';
import type { LiteralValue } from '../physical/plan.js';

/** Whether the expression has one value for all rows and all time. */
export function isConstant(expression: Expression): boolean {
  return isDeterministic(expression) &&
    !contains(expression, (part) => part.kind !== 'literal' && part.kind !== 'call');
}

/** Undefined if it is no constant, or if evaluating it fails: the error stays where it is. */
export function constantValue(
  expression: Expression, zone: string,
): { readonly value: LiteralValue } | undefined {
  if (expression.kind === 'literal') return expression;
  if (!isConstant(expression) || !hasLiteralForm(expression)) return undefined;
  try {
    return { value: evaluateConstant(toPlanExpression(expression), { nowMs: 0, zone }) };
  } catch {
    return undefined;
  }
}

/** Rows, arrays and maps have no literal. */
function hasLiteralForm(expression: Expression): boolean {
  return !contains(expression, (part) =>
    ['ROW', 'ARRAY', 'MAP', 'MULTISET'].includes(part.type.root));
}

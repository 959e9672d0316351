/**
 * Operators of points in time and spans: INTERVAL n DAY, OVERLAPS.
 */
import type { BinaryOperation, Expression as Syntax, IntervalExpression }
  from '../../sql/ast/expression.js';
import type { Position } from '../../sql/ast/node.js';
import type { Expression } from '../logical/expression.js';
import type { ExpressionBinder } from './expression-binder.js';
import { bindLiteral } from './literal.js';

/** INTERVAL n DAY: one unit, n times. */
export function bindIntervalOf(binder: ExpressionBinder, syntax: IntervalExpression): Expression {
  const { operand, qualifier, position } = syntax;
  const unit = bindLiteral({
    kind: 'interval-literal', text: '1', negative: syntax.negative, qualifier, position,
  });
  return binder.call('*', [unit, binder.bind(operand)], position);
}

interface Period {
  readonly start: Expression;
  readonly end: Expression;
}

/** Both periods with their earlier end first: each starts no later than the other ends. */
export function bindOverlaps(binder: ExpressionBinder, syntax: BinaryOperation): Expression {
  const { position } = syntax;
  const left = periodOf(binder, syntax.left, position);
  const right = periodOf(binder, syntax.right, position);
  const tests = [
    binder.call('>=', [left.end, right.start], position),
    binder.call('>=', [right.end, left.start], position),
  ];
  return binder.call('AND', tests, position);
}

/** (start, end), (start, span), in either order of time. */
function periodOf(binder: ExpressionBinder, syntax: Syntax, position: Position): Period {
  const parts = syntax.kind === 'row-constructor' ? syntax.fields
    : syntax.kind === 'period-constructor' ? [syntax.start, syntax.end] : [];
  const [first, second] = binder.bindAll(parts);
  if (first === undefined || second === undefined || parts.length !== 2) {
    return binder.unsupported('OVERLAPS of anything but pairs', position);
  }
  const isSpan = second.type.root.startsWith('INTERVAL');
  const other = isSpan ? binder.call('+', [first, second], position) : second;
  const isOrdered = binder.call('<=', [first, other], position);
  return {
    start: binder.call('CASE', [isOrdered, first, other], position),
    end: binder.call('CASE', [isOrdered, other, first], position),
  };
}

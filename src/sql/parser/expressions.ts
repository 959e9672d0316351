/**
 * Expressions: a precedence climber over operators, with the binding powers of Flink's operator
 * table. Operands are in primaries.ts.
 */
import type { BinaryOperator, Expression } from '../ast/index.js';
import type { Cursor } from './cursor.js';
import { infixOperator, predicate, precedence } from './operators.js';
import { primary } from './primaries.js';

/** An expression of lowest precedence. */
export function expression(cursor: Cursor): Expression {
  return cursor.nested(() => climb(cursor, 0));
}

/** An expression in which no query may stand (DDL, PARTITION BY, JSON arguments). */
export function expressionWithoutQuery(cursor: Cursor): Expression {
  return cursor.allowingQueries(false, () => expression(cursor));
}

/** An expression whose operators all bind tighter than `floor`. */
export function climb(cursor: Cursor, floor: number): Expression {
  const start = cursor.index;
  let left = prefixed(cursor);
  for (;; cursor.deepen()) {
    const predicated = predicate(cursor, start, left, floor);
    if (predicated !== undefined) {
      left = predicated;
      continue;
    }
    const operator = infixOperator(cursor, floor);
    if (operator === undefined) return left;
    left = operator === 'and' || operator === 'or'
      ? logicalChain(cursor, start, left, operator)
      : binary(cursor, start, left, operator);
  }
}

/** NOT x, -x, +x, or an operand. */
function prefixed(cursor: Cursor): Expression {
  const start = cursor.index;
  const operator = cursor.acceptOneOf('-', '+', 'NOT');
  if (operator === undefined) return primary(cursor);
  const operand = cursor.nested(() => operator === 'NOT'
    ? climb(cursor, precedence.not) : climb(cursor, precedence.sign));
  const position = cursor.from(start);
  return operator === 'NOT'
    ? { kind: 'unary-operation', operator: 'not', operand, position }
    : { kind: 'unary-operation', operator, operand, position };
}

function binary(
  cursor: Cursor, start: number, left: Expression, operator: BinaryOperator,
): Expression {
  const right = cursor.nested(() => climb(cursor, precedence.of[operator]));
  return { kind: 'binary-operation', operator, left, right, position: cursor.from(start) };
}

/** Longest chain of AND or OR that is nested to the left; longer ones become balanced. */
const longestLeftChain = 64;

interface Operand {
  readonly expression: Expression;
  readonly start: number;
  readonly endOffset: number;
}

/** a AND b AND c ...: the first AND has been read. */
function logicalChain(
  cursor: Cursor, start: number, first: Expression, operator: 'and' | 'or',
): Expression {
  const word = operator === 'and' ? 'AND' : 'OR';
  const operands: Operand[] = [{ expression: first, start, endOffset: endOf(cursor, -1) }];
  do {
    const operandStart = cursor.index;
    const operand = cursor.nested(() => climb(cursor, precedence.of[operator]));
    operands.push({ expression: operand, start: operandStart, endOffset: endOf(cursor) });
  } while (cursor.accept(word));
  cursor.deepen(chainDepth(operands.length));
  const join = (left: Operand, right: Operand): Operand => {
    const position = { ...cursor.from(left.start), endOffset: right.endOffset };
    const joined: Expression = {
      kind: 'binary-operation', operator, left: left.expression, right: right.expression, position,
    };
    return { expression: joined, start: left.start, endOffset: right.endOffset };
  };
  return combine(operands, join).expression;
}

function chainDepth(count: number): number {
  return count <= longestLeftChain ? count
    : longestLeftChain + Math.ceil(Math.log2(count / longestLeftChain));
}

/** Joins operands in order: to the left if few, else as a balanced tree. Equal in meaning. */
function combine(operands: readonly Operand[], join: (l: Operand, r: Operand) => Operand): Operand {
  if (operands.length <= longestLeftChain) return operands.reduce(join);
  const middle = Math.ceil(operands.length / 2);
  return join(combine(operands.slice(0, middle), join), combine(operands.slice(middle), join));
}

function endOf(cursor: Cursor, ahead = 0): number {
  return cursor.tokens.ends[cursor.index - 1 + ahead] ?? 0;
}

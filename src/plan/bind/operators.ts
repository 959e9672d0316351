/**
 * Operators of the grammar: infix, prefix, IS, BETWEEN, LIKE, IN. Each becomes a call of the row
 * of spec/functions.ts that has its sign as name, or comparisons joined by AND and OR.
 */
import type {
  BetweenPredicate, BinaryOperation, Expression as Syntax, InList, IsPredicate, LikePredicate,
  UnaryOperation,
} from '../../sql/ast/expression.js';
import type { Position } from '../../sql/ast/node.js';
import { typesEqual, type DataType } from '../../types/data-type.js';
import { commonType, comparisonType, isCharacter } from '../../types/merging.js';
import { encodeText } from '../../batch/strings.js';
import { fail } from '../../errors/index.js';
import { compileLike } from '../../expr/kernels/like.js';
import { constant, type Constant, type Expression } from '../logical/expression.js';
import { coerce } from './cast.js';
import { constantValue } from './constant-value.js';
import type { ExpressionBinder } from './expression-binder.js';
import { bindOverlaps } from './intervals.js';
import { integerConstant } from './literal.js';

const SIGNS: Readonly<Partial<Record<BinaryOperation['operator'], string>>> = {
  '=': '=', '<>': '<>', '<': '<', '<=': '<=', '>': '>', '>=': '>=',
  '+': '+', '-': '-', '*': '*', '/': '/', '%': '%', '||': '||',
  'is-distinct-from': 'IS DISTINCT FROM', 'is-not-distinct-from': 'IS NOT DISTINCT FROM',
};

export function bindBinary(binder: ExpressionBinder, syntax: BinaryOperation): Expression {
  if (syntax.operator === 'and' || syntax.operator === 'or') {
    return bindConnective(binder, syntax, syntax.operator);
  }
  if (syntax.operator === 'overlaps') return bindOverlaps(binder, syntax);
  const sign = SIGNS[syntax.operator];
  if (sign === undefined) {
    return binder.unsupported(syntax.operator.replaceAll('-', ' ').toUpperCase(), syntax.position);
  }
  const operands = [binder.bind(syntax.left), binder.bind(syntax.right)];
  if (sign === '/' && isZero(operands[1], binder.zone) && isConstant(operands[0], binder.zone)) {
    fail('MR2007', { detail: 'division by zero' }, { position: syntax.position });
  }
  return binder.call(sign, operands, syntax.position, sign === '%' ? 'MOD' : sign);
}

/** A constant divided by 0 is refused, as by Flink; of a column only the rows can tell. */
function isConstant(dividend: Expression | undefined, zone: string): boolean {
  return dividend !== undefined && constantValue(dividend, zone) !== undefined;
}

function isZero(divisor: Expression | undefined, zone: string): boolean {
  const value = divisor === undefined ? undefined : constantValue(divisor, zone)?.value;
  return value === 0 || value === 0n;
}

/** Chains of the same connective become one call: `a AND b AND c` has three arguments. */
function bindConnective(
  binder: ExpressionBinder, syntax: BinaryOperation, operator: 'and' | 'or',
): Expression {
  const operands: Syntax[] = [];
  let rest: Syntax = syntax;
  while (rest.kind === 'binary-operation' && rest.operator === operator) {
    operands.push(rest.right);
    rest = rest.left;
  }
  operands.push(rest);
  return binder.call(operator.toUpperCase(), binder.bindAll(operands.reverse()), syntax.position);
}

export function bindUnary(binder: ExpressionBinder, syntax: UnaryOperation): Expression {
  const { operator, operand, position } = syntax;
  if (operator === 'not') return binder.call('NOT', [binder.bind(operand)], position);
  const value = binder.bind(operand);
  const negative = negated(value, operand.kind === 'number-literal') ??
    binder.call('NEGATE', [value], position, '-');
  return operator === '+' ? value : negative;
}

/** -1 is a constant of its own; -0e0 is 0.0, as in Flink. */
function negated(value: Expression, isWritten: boolean): Constant | undefined {
  if (value.kind !== 'literal') return undefined;
  if (typeof value.value === 'number') {
    return constant(isWritten ? 0 - value.value : -value.value, value.type);
  }
  if (typeof value.value !== 'bigint') return undefined;
  return isWritten && value.type.root === 'BIGINT' ? integerConstant(-value.value)
    : constant(-value.value, value.type);
}

export function bindIs(binder: ExpressionBinder, syntax: IsPredicate): Expression {
  const test = syntax.test.replaceAll('-', ' ').toUpperCase();
  if (syntax.test.startsWith('json')) return bindIsJson(binder, syntax, test);
  if (!['NULL', 'TRUE', 'FALSE', 'UNKNOWN'].includes(test)) {
    return binder.unsupported(`IS ${test}`, syntax.position);
  }
  const name = `IS ${syntax.negated ? 'NOT ' : ''}${test}`;
  const shown = name.replace('UNKNOWN', 'NULL');
  return binder.call(name, [binder.bind(syntax.operand)], syntax.position, shown);
}

function bindIsJson(
  binder: ExpressionBinder, syntax: IsPredicate, test: string,
): Expression {
  const name = `IS ${test === 'JSON' ? 'JSON VALUE' : test}`;
  const found = binder.call(name, [binder.bind(syntax.operand)], syntax.position);
  return syntax.negated ? binder.call('NOT', [found], syntax.position) : found;
}

export function bindBetween(binder: ExpressionBinder, syntax: BetweenPredicate): Expression {
  const { position } = syntax;
  const operand = binder.bind(syntax.operand);
  const low = binder.bind(syntax.low);
  const high = binder.bind(syntax.high);
  const plain = inRange(binder, operand, low, high, syntax);
  if (!syntax.symmetric) return plain;
  const swapped = inRange(binder, operand, high, low, syntax);
  return binder.call(syntax.negated ? 'AND' : 'OR', [plain, swapped], position);
}

function inRange(
  binder: ExpressionBinder, operand: Expression, low: Expression, high: Expression,
  { negated: isNegated, position }: BetweenPredicate,
): Expression {
  const [from, to, joined] = isNegated ? ['<', '>', 'OR'] : ['>=', '<=', 'AND'];
  const bounds = [
    binder.call(from, [operand, low], position), binder.call(to, [operand, high], position),
  ];
  return binder.call(joined, bounds, position);
}

export function bindLike(binder: ExpressionBinder, syntax: LikePredicate): Expression {
  const name = { like: 'LIKE', ilike: 'ILIKE', rlike: 'RLIKE', 'similar-to': 'SIMILAR TO' }[
    syntax.operator];
  const operands = [binder.bind(syntax.operand), binder.bind(syntax.pattern)];
  if (syntax.escape !== undefined) operands.push(binder.bind(syntax.escape));
  if (name === 'LIKE') checkEscape(operands, binder.zone, syntax.position);
  const found = binder.call(name, operands, syntax.position);
  return syntax.negated ? binder.call('NOT', [found], syntax.position) : found;
}

/** A constant pattern whose escapes are wrong fails at planning. */
function checkEscape(operands: readonly Expression[], zone: string, position: Position): void {
  const [, pattern, escape] = operands.map((operand) => constantValue(operand, zone)?.value);
  if (typeof escape !== 'string' || escape === '') return;
  if ([...escape].length !== 1) {
    fail('MR2007', { detail: `Invalid escape character '${escape}'` }, { position });
  }
  if (typeof pattern !== 'string') return;
  if (compileLike(encodeText(pattern), encodeText(escape)) === undefined) {
    fail('MR2007', { detail: `Invalid escape sequence '${pattern}'` }, { position });
  }
}

/** a IN (x, y) is a = x OR a = y, over one common type of all. */
export function bindInList(binder: ExpressionBinder, syntax: InList): Expression {
  const operand = binder.bind(syntax.operand);
  const values = binder.bindAll(syntax.values);
  const type = commonType([operand, ...values].map((value) => value.type)) ??
    typeOfTexts(operand, values) ?? commonOf([operand, ...values], syntax.position);
  const wanted = coerce(operand, type, binder.zone);
  const sign = syntax.negated ? '<>' : '=';
  const tests = values.map((value) => {
    const fitted = typesEqual(value.type, type, true) ? value : coerce(value, type, binder.zone);
    return binder.call(sign, [wanted, fitted], syntax.position);
  });
  const [only, ...others] = tests;
  if (only !== undefined && others.length === 0) return only;
  return binder.call(syntax.negated ? 'AND' : 'OR', tests, syntax.position);
}

/** Among texts, a number or a time takes them for numbers or times. */
function typeOfTexts(operand: Expression, values: readonly Expression[]): DataType | null {
  const areTexts = !isCharacter(operand.type) && values.every((value) => isCharacter(value.type));
  const [first] = values;
  return areTexts && first !== undefined ? comparisonType(operand.type, first.type) : null;
}

export function commonOf(values: readonly Expression[], position: Position): DataType {
  const type = commonType(values.map((value) => value.type));
  if (type !== null) return type;
  return fail('MR2007', { detail: 'the values have no common type' }, { position });
}

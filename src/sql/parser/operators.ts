/**
 * Operators behind an operand: which one is next, and how tightly it binds.
 */
import type {
  BinaryOperator, Expression, InList, InQuery, IsTest, LikePredicate, QuantifiedComparison,
} from '../ast/index.js';
import type { Cursor } from './cursor.js';
import { climb } from './expressions.js';
import { queryOrExpressions } from './parentheses.js';
import { primary } from './primaries.js';

/** Binding powers, as Flink's (Calcite's) operator table has them; larger binds tighter. */
export const precedence = {
  not: 26,
  is: 28,
  /** BETWEEN, IN, LIKE, SIMILAR TO, SOME, ALL. */
  predicate: 32,
  sign: 80,
  of: {
    'multiset-union': 14, 'multiset-union-all': 14,
    'multiset-except': 14, 'multiset-except-all': 14,
    'multiset-intersect': 18, 'multiset-intersect-all': 18,
    or: 22, and: 24,
    '=': 30, '<>': 30, '<': 30, '<=': 30, '>': 30, '>=': 30,
    'is-distinct-from': 30, 'is-not-distinct-from': 30,
    'member-of': 30, 'submultiset-of': 30, 'not-submultiset-of': 30,
    overlaps: 30, contains: 30, equals: 30, precedes: 30, succeeds: 30,
    'immediately-precedes': 30, 'immediately-succeeds': 30,
    '+': 40, '-': 40, '*': 60, '/': 60, '%': 60, '||': 60,
  } satisfies Record<BinaryOperator, number>,
} as const;

/** Operators that are one token. */
const simpleOperators: ReadonlyMap<string, BinaryOperator> = new Map<string, BinaryOperator>([
  ...(['=', '<>', '<', '<=', '>', '>=', '+', '-', '*', '/', '%', '||'] as const)
    .map((symbol) => [symbol, symbol] as const),
  ['AND', 'and'], ['OR', 'or'], ['OVERLAPS', 'overlaps'], ['CONTAINS', 'contains'],
  ['EQUALS', 'equals'], ['PRECEDES', 'precedes'], ['SUCCEEDS', 'succeeds'],
]);

/** Operators that are several words, longest first where one starts with another. */
const wordyOperators: readonly (readonly [readonly string[], BinaryOperator])[] = [
  [['IS', 'NOT', 'DISTINCT', 'FROM'], 'is-not-distinct-from'],
  [['IS', 'DISTINCT', 'FROM'], 'is-distinct-from'],
  [['MEMBER', 'OF'], 'member-of'],
  [['SUBMULTISET', 'OF'], 'submultiset-of'],
  [['NOT', 'SUBMULTISET', 'OF'], 'not-submultiset-of'],
  [['IMMEDIATELY', 'PRECEDES'], 'immediately-precedes'],
  [['IMMEDIATELY', 'SUCCEEDS'], 'immediately-succeeds'],
  [['MULTISET', 'UNION', 'ALL'], 'multiset-union-all'],
  [['MULTISET', 'UNION', 'DISTINCT'], 'multiset-union'],
  [['MULTISET', 'UNION'], 'multiset-union-all'],
  [['MULTISET', 'INTERSECT', 'ALL'], 'multiset-intersect-all'],
  [['MULTISET', 'INTERSECT', 'DISTINCT'], 'multiset-intersect'],
  [['MULTISET', 'INTERSECT'], 'multiset-intersect-all'],
  [['MULTISET', 'EXCEPT', 'ALL'], 'multiset-except-all'],
  [['MULTISET', 'EXCEPT', 'DISTINCT'], 'multiset-except'],
  [['MULTISET', 'EXCEPT'], 'multiset-except-all'],
];

const wordyStarts: ReadonlySet<string> = new Set(wordyOperators.map(([words]) => words[0] ?? ''));

/** Takes the next infix operator if it binds tighter than `floor`. */
export function infixOperator(cursor: Cursor, floor: number): BinaryOperator | undefined {
  const word = cursor.word();
  const simple = simpleOperators.get(word);
  if (simple !== undefined) {
    if (precedence.of[simple] <= floor) return undefined;
    cursor.index++;
    return simple;
  }
  cursor.note('an operator');
  if (word === '!=') cursor.unexpected('<>');
  if (!wordyStarts.has(word)) return undefined;
  for (const [words, operator] of wordyOperators) {
    if (!cursor.atAll(...words)) continue;
    if (precedence.of[operator] <= floor) return undefined;
    cursor.index += words.length;
    return operator;
  }
  return undefined;
}

const predicateStarts: ReadonlySet<string> = new Set([
  'IS', 'NOT', 'IN', 'BETWEEN', 'LIKE', 'ILIKE', 'RLIKE', 'SIMILAR', 'FORMAT',
  '=', '<>', '<', '<=', '>', '>=',
]);

/** operand IS ..., [NOT] IN, BETWEEN, LIKE, = SOME (..): if it binds tighter than `floor`. */
export function predicate(
  cursor: Cursor, start: number, operand: Expression, floor: number,
): Expression | undefined {
  if (!predicateStarts.has(cursor.word())) return undefined;
  if (floor < precedence.is) {
    const test = isPredicate(cursor, start, operand);
    if (test !== undefined) return test;
  }
  if (floor > precedence.predicate) return undefined;
  // LIKE is right associative: it may follow the upper bound of a BETWEEN, the others may not.
  return likePredicate(cursor, start, operand)
    ?? (floor < precedence.predicate ? rangePredicate(cursor, start, operand) : undefined);
}

function isPredicate(cursor: Cursor, start: number, operand: Expression): Expression | undefined {
  if (cursor.at('FORMAT')) return jsonFormatted(cursor, start, operand);
  if (!cursor.at('IS')) return undefined;
  const distinct = cursor.word(cursor.word(1) === 'NOT' ? 2 : 1) === 'DISTINCT';
  if (distinct) return undefined;
  cursor.expect('IS');
  const negated = cursor.accept('NOT');
  const test = isTest(cursor);
  return { kind: 'is-predicate', operand, test, negated, position: cursor.from(start) };
}

function isTest(cursor: Cursor): IsTest {
  if (cursor.acceptAll('A', 'SET')) return 'a-set';
  if (cursor.accept('JSON')) {
    const form = cursor.acceptOneOf('VALUE', 'OBJECT', 'ARRAY', 'SCALAR');
    return form === undefined ? 'json' : isJsonTests[form];
  }
  return isTests[cursor.expectOneOf('NULL', 'TRUE', 'FALSE', 'UNKNOWN', 'EMPTY')];
}

const isTests = {
  NULL: 'null', TRUE: 'true', FALSE: 'false', UNKNOWN: 'unknown', EMPTY: 'empty',
} as const;

const isJsonTests = {
  VALUE: 'json-value', OBJECT: 'json-object', ARRAY: 'json-array', SCALAR: 'json-scalar',
} as const;

function jsonFormatted(cursor: Cursor, start: number, operand: Expression): Expression | undefined {
  if (!cursor.acceptAll('FORMAT', 'JSON')) return undefined;
  if (!cursor.accept('ENCODING')) {
    return { kind: 'json-formatted', operand, position: cursor.from(start) };
  }
  const encoding = cursor.expectOneOf('UTF8', 'UTF16', 'UTF32');
  return { kind: 'json-formatted', operand, encoding, position: cursor.from(start) };
}

const likeOperators: ReadonlyMap<string, LikePredicate['operator']> = new Map([
  ['LIKE', 'like'], ['ILIKE', 'ilike'], ['RLIKE', 'rlike'], ['SIMILAR', 'similar-to'],
]);

function likePredicate(cursor: Cursor, start: number, operand: Expression): Expression | undefined {
  const negated = cursor.word() === 'NOT';
  const operator = likeOperators.get(cursor.word(negated ? 1 : 0));
  if (operator === undefined) return undefined;
  cursor.index += negated ? 2 : 1;
  if (operator === 'similar-to') cursor.expect('TO');
  // Right associative: a LIKE b IN (c) is a LIKE (b IN (c)).
  const pattern = cursor.nested(() => climb(cursor, precedence.predicate - 0.5));
  const escape = cursor.accept('ESCAPE') ? primary(cursor) : undefined;
  const position = cursor.from(start);
  return {
    kind: 'like', operator, operand, pattern, negated, position,
    ...(escape === undefined ? {} : { escape }),
  };
}

/** IN, BETWEEN, and comparisons with SOME, ANY, ALL. */
function rangePredicate(
  cursor: Cursor, start: number, operand: Expression,
): Expression | undefined {
  const quantified = quantifiedComparison(cursor, start, operand);
  if (quantified !== undefined) return quantified;
  const negated = cursor.word() === 'NOT';
  const word = cursor.word(negated ? 1 : 0);
  if (word !== 'IN' && word !== 'BETWEEN') return undefined;
  cursor.index += negated ? 2 : 1;
  return word === 'IN'
    ? inPredicate(cursor, start, operand, negated)
    : betweenPredicate(cursor, start, operand, negated);
}

function inPredicate(
  cursor: Cursor, start: number, operand: Expression, negated: boolean,
): InList | InQuery {
  const inside = queryOrExpressions(cursor);
  const position = cursor.from(start);
  return inside.query === undefined
    ? { kind: 'in-list', operand, values: inside.expressions, negated, position }
    : { kind: 'in-query', operand, query: inside.query, negated, position };
}

function betweenPredicate(
  cursor: Cursor, start: number, operand: Expression, negated: boolean,
): Expression {
  const symmetric = cursor.acceptOneOf('SYMMETRIC', 'ASYMMETRIC') === 'SYMMETRIC';
  const low = lowerBound(cursor);
  cursor.expect('AND');
  const high = cursor.nested(() => climb(cursor, precedence.predicate));
  const position = cursor.from(start);
  return { kind: 'between', operand, low, high, symmetric, negated, position };
}

/** Up to the AND of BETWEEN, everything belongs to the lower bound, OR included. */
function lowerBound(cursor: Cursor): Expression {
  const start = cursor.index;
  let left = cursor.nested(() => climb(cursor, precedence.of.and));
  while (cursor.accept('OR')) {
    cursor.deepen();
    const right = cursor.nested(() => climb(cursor, precedence.of.and));
    const position = cursor.from(start);
    left = { kind: 'binary-operation', operator: 'or', left, right, position };
  }
  return left;
}

const comparisons: ReadonlySet<string> = new Set(['=', '<>', '<', '<=', '>', '>=']);

function quantifiedComparison(
  cursor: Cursor, start: number, operand: Expression,
): QuantifiedComparison | undefined {
  const operator = cursor.word();
  const quantifier = cursor.word(1);
  if (!comparisons.has(operator) || cursor.word(2) !== '(') return undefined;
  if (quantifier !== 'SOME' && quantifier !== 'ANY' && quantifier !== 'ALL') return undefined;
  cursor.index += 2;
  const inside = queryOrExpressions(cursor);
  return {
    kind: 'quantified-comparison', operand,
    operator: operator as QuantifiedComparison['operator'],
    quantifier: quantifier === 'ALL' ? 'all' : 'some',
    ...(inside.query === undefined ? { values: inside.expressions } : { query: inside.query }),
    position: cursor.from(start),
  };
}

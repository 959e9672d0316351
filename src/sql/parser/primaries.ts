/**
 * Operands of expressions: literals, names, parentheses, constructors, CASE, and what may follow
 * each of them: .field and [index].
 */
import type { CaseBranch, Expression, MapEntry } from '../ast/index.js';
import { errorOf } from '../../errors/index.js';
import { TokenKind } from '../lexer/tokens.js';
import { atFunctionCall, contextVariables, functionCall, jdbcFunctionCall } from './calls.js';
import type { Cursor } from './cursor.js';
import { expression, expressionWithoutQuery } from './expressions.js';
import {
  atIntervalUnit, binaryLiteral, braceLiteral, dateTimeLiteral, decimalLiteral, interval,
  intervalQualifier, numberLiteral, stringLiteral,
} from './literals.js';
import { atIdentifier, identifier, qualifiedName } from './names.js';
import { allowedQuery, queryOrExpressions } from './parentheses.js';
import { nameOrStar } from './references.js';
import { specialCall } from './special-calls.js';

/** An operand with its field and element accesses. */
export function primary(cursor: Cursor): Expression {
  const start = cursor.index;
  let operand = atom(cursor);
  for (;; cursor.deepen()) {
    if (cursor.accept('[')) {
      const index = expression(cursor);
      cursor.expect(']');
      operand = { kind: 'element-access', operand, index, position: cursor.from(start) };
    } else if (operand.kind !== 'star' && cursor.accept('.')) {
      const field = identifier(cursor);
      operand = { kind: 'field-access', operand, field, position: cursor.from(start) };
    } else if (cursor.word() === 'AT') {
      operand = atTimeZone(cursor, start, operand);
    } else {
      return operand;
    }
  }
}

/** AT TIME ZONE zone, AT LOCAL: standard SQL that Flink does not parse; the binder refuses it. */
function atTimeZone(cursor: Cursor, start: number, operand: Expression): Expression {
  cursor.expect('AT');
  if (cursor.accept('LOCAL')) {
    return { kind: 'at-time-zone', operand, position: cursor.from(start) };
  }
  cursor.expect('TIME', 'ZONE');
  const zone = atom(cursor);
  return { kind: 'at-time-zone', operand, zone, position: cursor.from(start) };
}

function atom(cursor: Cursor): Expression {
  switch (cursor.kind()) {
    case TokenKind.integer: case TokenKind.decimal: case TokenKind.approximate:
      return numberLiteral(cursor);
    case TokenKind.string: case TokenKind.prefixedString: case TokenKind.unicodeString:
    case TokenKind.escapeString:
      return stringLiteral(cursor);
    case TokenKind.binaryString:
      return binaryLiteral(cursor);
    case TokenKind.quotedIdentifier: case TokenKind.word:
      return wordAtom(cursor);
    default:
      return symbolAtom(cursor);
  }
}

function symbolAtom(cursor: Cursor): Expression {
  const start = cursor.index;
  if (cursor.at('(')) return parenthesized(cursor, false);
  if (cursor.at('{')) {
    return cursor.text(1).toLowerCase() === 'fn' ? jdbcFunctionCall(cursor) : braceLiteral(cursor);
  }
  if (cursor.accept('?')) {
    const index = cursor.parameterCount++;
    return { kind: 'parameter', index, position: cursor.from(start) };
  }
  cursor.unexpected('an expression');
}

function wordAtom(cursor: Cursor): Expression {
  const start = cursor.index;
  const rule = wordRules[cursor.word()];
  const special = rule?.(cursor) ?? specialCall(cursor);
  if (special !== undefined) return special;
  if (atFunctionCall(cursor)) return functionCall(cursor);
  if (contextVariables.has(cursor.word())) {
    const name = cursor.text();
    cursor.index++;
    const position = cursor.from(start);
    const part = { kind: 'identifier', name, quoted: false, position } as const;
    return {
      kind: 'function-call', name: { kind: 'qualified-name', parts: [part], position },
      arguments: [], parentheses: false, position,
    };
  }
  if (!atIdentifier(cursor)) cursor.unexpected('an expression');
  return nameOrStar(cursor);
}

type Rule = (cursor: Cursor) => Expression | undefined;

/** Operands that start with a word of the grammar; a rule may find that it does not apply. */
const wordRules: Readonly<Record<string, Rule>> = {
  NULL: (cursor) => {
    const start = cursor.index++;
    return { kind: 'null-literal', position: cursor.from(start) };
  },
  TRUE: (cursor) => booleanLiteral(cursor, true),
  FALSE: (cursor) => booleanLiteral(cursor, false),
  UNKNOWN: (cursor) => booleanLiteral(cursor, null),
  INTERVAL: interval,
  DATE: dateTimeLiteral, TIME: dateTimeLiteral, TIMESTAMP: dateTimeLiteral,
  DATETIME: dateTimeLiteral,
  DECIMAL: decimalLiteral,
  CASE: caseExpression,
  EXISTS: (cursor) => queryPredicate(cursor, 'exists'),
  UNIQUE: (cursor) => queryPredicate(cursor, 'unique'),
  ROW: (cursor) => cursor.word(1) === '(' ? explicitRow(cursor) : undefined,
  ARRAY: arrayConstructor,
  MULTISET: multisetConstructor,
  MAP: mapConstructor,
  PERIOD: periodConstructor,
  NEXT: (cursor) => sequenceValue(cursor, 'next'),
  CURRENT: (cursor) => sequenceValue(cursor, 'current'),
};

function booleanLiteral(cursor: Cursor, value: boolean | null): Expression {
  const start = cursor.index++;
  return { kind: 'boolean-literal', value, position: cursor.from(start) };
}

function explicitRow(cursor: Cursor): Expression {
  cursor.expect('ROW');
  return parenthesized(cursor, true);
}

/** (query), (a), (a, b), ROW(a); with (a - b) DAY. `ROW` has been read if `explicit`. */
function parenthesized(cursor: Cursor, explicit: boolean): Expression {
  const start = cursor.index - (explicit ? 1 : 0);
  const inside = queryOrExpressions(cursor);
  const position = cursor.from(start);
  if (inside.query !== undefined) return { kind: 'scalar-query', query: inside.query, position };
  const { expressions } = inside;
  const [only] = expressions;
  if (explicit || only === undefined || expressions.length > 1) {
    return { kind: 'row-constructor', fields: expressions, explicit, position };
  }
  if (!atIntervalUnit(cursor) || only.kind !== 'binary-operation' || only.operator !== '-') {
    return only;
  }
  const qualifier = intervalQualifier(cursor);
  const whole = cursor.from(start);
  return { kind: 'datetime-difference', operand: only, qualifier, position: whole };
}

function caseExpression(cursor: Cursor): Expression {
  const start = cursor.index;
  cursor.expect('CASE');
  const operand = cursor.at('WHEN') ? undefined : expression(cursor);
  const branches = [caseBranch(cursor)];
  while (cursor.at('WHEN')) branches.push(caseBranch(cursor));
  const otherwise = cursor.accept('ELSE') ? expression(cursor) : undefined;
  cursor.expect('END');
  return {
    kind: 'case', branches, position: cursor.from(start),
    ...(operand === undefined ? {} : { operand }),
    ...(otherwise === undefined ? {} : { otherwise }),
  };
}

function caseBranch(cursor: Cursor): CaseBranch {
  const start = cursor.index;
  cursor.expect('WHEN');
  const conditions = cursor.list(expression);
  cursor.expect('THEN');
  const result = expression(cursor);
  return { kind: 'case-branch', conditions, result, position: cursor.from(start) };
}

function queryPredicate(cursor: Cursor, kind: 'exists' | 'unique'): Expression {
  const start = cursor.index++;
  const inside = queryOrExpressions(cursor);
  if (inside.query !== undefined) {
    return { kind, query: inside.query, position: cursor.from(start) };
  }
  const [only] = inside.expressions;
  if (only?.kind !== 'scalar-query') cursor.unexpected('a query');
  return { kind, query: only.query, position: cursor.from(start) };
}

function arrayConstructor(cursor: Cursor): Expression | undefined {
  const start = cursor.index;
  if (cursor.word(1) === '[') {
    cursor.index++;
    const elements = bracketList(cursor);
    return { kind: 'array-constructor', elements, position: cursor.from(start) };
  }
  return queryConstructor(cursor, 'array');
}

function multisetConstructor(cursor: Cursor): Expression | undefined {
  const start = cursor.index;
  if (cursor.word(1) === '[') {
    cursor.index++;
    if (cursor.word(1) === ']') cursor.unexpected();
    const elements = bracketList(cursor);
    return { kind: 'multiset-constructor', elements, position: cursor.from(start) };
  }
  return queryConstructor(cursor, 'multiset');
}

function mapConstructor(cursor: Cursor): Expression | undefined {
  const start = cursor.index;
  if (cursor.word(1) !== '[') return queryConstructor(cursor, 'map');
  cursor.index++;
  const elements = bracketList(cursor);
  if (elements.length % 2 !== 0) {
    throw errorOf('MR1024', { count: elements.length }, cursor.context(start));
  }
  const entries: MapEntry[] = [];
  for (let index = 0; index < elements.length; index += 2) {
    const key = elements[index];
    const value = elements[index + 1];
    if (key === undefined || value === undefined) break;
    const position = { ...key.position, endOffset: value.position.endOffset };
    entries.push({ kind: 'map-entry', key, value, position });
  }
  return { kind: 'map-constructor', entries, position: cursor.from(start) };
}

/** [a, b, ...], perhaps empty. */
function bracketList(cursor: Cursor): readonly Expression[] {
  cursor.expect('[');
  if (cursor.accept(']')) return [];
  const elements = cursor.list(expressionWithoutQuery);
  cursor.expect(']');
  return elements;
}

/** ARRAY(query); with values in the parentheses it is a function call. */
function queryConstructor(
  cursor: Cursor, collection: 'array' | 'map' | 'multiset',
): Expression | undefined {
  const start = cursor.index;
  if (cursor.word(1) !== '(' || !queryStarts.has(cursor.word(2))) return undefined;
  cursor.index += 2;
  const query = allowedQuery(cursor);
  cursor.expect(')');
  return { kind: 'query-constructor', collection, query, position: cursor.from(start) };
}

const queryStarts: ReadonlySet<string> = new Set(['SELECT', 'VALUES', 'WITH', 'TABLE']);

function periodConstructor(cursor: Cursor): Expression {
  const start = cursor.index++;
  cursor.expect('(');
  const from = expressionWithoutQuery(cursor);
  cursor.expect(',');
  const to = expressionWithoutQuery(cursor);
  cursor.expect(')');
  return { kind: 'period-constructor', start: from, end: to, position: cursor.from(start) };
}

function sequenceValue(cursor: Cursor, which: 'next' | 'current'): Expression | undefined {
  const start = cursor.index;
  if (!cursor.acceptAll(which === 'next' ? 'NEXT' : 'CURRENT', 'VALUE', 'FOR')) return undefined;
  const { parts } = qualifiedName(cursor);
  return { kind: 'sequence-value', which, sequence: parts, position: cursor.from(start) };
}

/**
 * Expressions as SQL text: parentheses only where the grammar needs them.
 */
import type {
  CaseExpression, Expression, IsPredicate, LikePredicate, TimeUnit,
} from '../ast/index.js';
import { functionUnits } from '../parser/literals.js';
import { precedence } from '../parser/operators.js';
import { callText, namedArgumentText, tableArgumentText } from './calls.js';
import { dataTypeText, qualifierText } from './data-types.js';
import { dotted, identifierText, nameText, quote, stringText, words } from './names.js';
import { queryText } from './queries.js';
import { isSpecialCall, specialCallText } from './special-calls.js';

/** An expression where anything may stand. */
export function expressionText(expression: Expression): string {
  switch (expression.kind) {
    case 'binary-operation': {
      const power = precedence.of[expression.operator];
      const left = operand(expression.left, power);
      return `${left} ${operatorText(expression.operator)} ${operand(expression.right, power + 1)}`;
    }
    case 'unary-operation':
      return expression.operator === 'not'
        ? `NOT ${operand(expression.operand, precedence.not)}`
        : `${expression.operator} ${operand(expression.operand, precedence.sign)}`;
    case 'is-predicate': return isText(expression);
    case 'like': return likeText(expression);
    case 'between': case 'in-list': case 'in-query': case 'quantified-comparison':
      return rangeText(expression);
    case 'json-formatted': {
      const encoding = expression.encoding === undefined ? '' : ` ENCODING ${expression.encoding}`;
      return `${operand(expression.operand, precedence.is)} FORMAT JSON${encoding}`;
    }
    default: return atomText(expression);
  }
}

/** a, b, c */
export function expressionList(expressions: readonly Expression[]): string {
  return expressions.map(expressionText).join(', ');
}

/** An operand of an operator that takes only what binds at least as tightly as `power`. */
function operand(expression: Expression, power: number): string {
  const text = expressionText(expression);
  return powerOf(expression) >= power ? text : `(${text})`;
}

const tightest = 100;

function powerOf(expression: Expression): number {
  switch (expression.kind) {
    case 'binary-operation': return precedence.of[expression.operator];
    case 'unary-operation':
      return expression.operator === 'not' ? precedence.not : precedence.sign;
    case 'is-predicate': case 'json-formatted': return precedence.is;
    case 'like': case 'between': case 'in-list': case 'in-query': case 'quantified-comparison':
      return precedence.predicate;
    case 'at-time-zone': return tightest - 1;
    default: return tightest;
  }
}

type Operator = Extract<Expression, { kind: 'binary-operation' }>['operator'];

function operatorText(operator: Operator): string {
  if (operator === 'multiset-union') return 'MULTISET UNION DISTINCT';
  if (operator === 'multiset-intersect') return 'MULTISET INTERSECT DISTINCT';
  if (operator === 'multiset-except') return 'MULTISET EXCEPT DISTINCT';
  return operator.length > 2 || /[a-z]/.test(operator) ? words(operator) : operator;
}

function isText({ operand: tested, test, negated }: IsPredicate): string {
  return `${operand(tested, precedence.is)} IS${negated ? ' NOT' : ''} ${words(test)}`;
}

function likeText(like: LikePredicate): string {
  const power = precedence.predicate + 1;
  const not = like.negated ? ' NOT' : '';
  const escape = like.escape === undefined ? '' : ` ESCAPE ${operand(like.escape, tightest)}`;
  const pattern = operand(like.pattern, power);
  return `${operand(like.operand, power)}${not} ${words(like.operator)} ${pattern}${escape}`;
}

type Range = Extract<
  Expression, { kind: 'between' | 'in-list' | 'in-query' | 'quantified-comparison' }>;

function rangeText(range: Range): string {
  const power = precedence.predicate;
  const left = operand(range.operand, range.operand.kind === 'like' ? power + 1 : power);
  if (range.kind === 'quantified-comparison') {
    const inside = range.query === undefined ? expressionList(range.values ?? [])
      : queryText(range.query);
    return `${left} ${range.operator} ${range.quantifier.toUpperCase()} (${inside})`;
  }
  const not = range.negated ? ' NOT' : '';
  if (range.kind === 'between') {
    const symmetric = range.symmetric ? ' SYMMETRIC' : ' ASYMMETRIC';
    const low = operand(range.low, precedence.of.and + 1);
    return `${left}${not} BETWEEN${symmetric} ${low} AND ${operand(range.high, power + 1)}`;
  }
  const inside = range.kind === 'in-list' ? expressionList(range.values) : queryText(range.query);
  return `${left}${not} IN (${inside})`;
}

/** Expressions that no operator around them can tear apart. */
function atomText(expression: Expression): string {
  if (isSpecialCall(expression)) return specialCallText(expression);
  switch (expression.kind) {
    case 'name-reference': return dotted(expression.parts);
    case 'star': return [...expression.qualifier.map(identifierText), '*'].join('.');
    case 'function-call': return callText(expression);
    case 'parameter': return '?';
    case 'default-value': return 'DEFAULT';
    case 'scalar-query': return `(${queryText(expression.query)})`;
    case 'exists': return `EXISTS (${queryText(expression.query)})`;
    case 'unique': return `UNIQUE (${queryText(expression.query)})`;
    case 'case': return caseText(expression);
    case 'cast': {
      const name = expression.safe ? 'TRY_CAST' : 'CAST';
      return `${name}(${expressionText(expression.operand)} AS ${dataTypeText(expression.type)})`;
    }
    case 'field-access': case 'element-access': case 'at-time-zone': return accessText(expression);
    case 'sequence-value':
      return `${expression.which.toUpperCase()} VALUE FOR ${dotted(expression.sequence)}`;
    case 'named-argument': return namedArgumentText(expression);
    case 'table-argument': return tableArgumentText(expression);
    case 'descriptor': return `DESCRIPTOR(${expressionList(expression.columns)})`;
    case 'model-argument': return `MODEL ${nameText(expression.model)}`;
    default: return valueText(expression);
  }
}

/** Literals and constructors. */
function valueText(expression: Expression): string {
  switch (expression.kind) {
    case 'null-literal': return 'NULL';
    case 'boolean-literal':
      return expression.value === null ? 'UNKNOWN' : String(expression.value).toUpperCase();
    case 'number-literal': return numberText(expression.text, expression.form);
    case 'string-literal': return stringText(expression);
    case 'binary-literal': return `X'${expression.hex}'`;
    case 'datetime-literal': return `${dateTimeWords[expression.type]} ${quote(expression.text)}`;
    case 'interval-literal': case 'interval-expression': case 'datetime-difference':
      return intervalText(expression);
    case 'row-constructor':
      return `${expression.explicit ? 'ROW' : ''}(${expressionList(expression.fields)})`;
    case 'array-constructor': return `ARRAY[${expressionList(expression.elements)}]`;
    case 'multiset-constructor': return `MULTISET[${expressionList(expression.elements)}]`;
    case 'map-constructor':
      return `MAP[${expressionList(expression.entries.flatMap(({ key, value }) => [key, value]))}]`;
    case 'query-constructor':
      return `${expression.collection.toUpperCase()}(${queryText(expression.query)})`;
    case 'period-constructor':
      return `PERIOD (${expressionText(expression.start)}, ${expressionText(expression.end)})`;
    default: return `(${expressionText(expression)})`;
  }
}

/** DECIMAL '1' and DECIMAL '-1.5' would be other literals if written plainly. */
function numberText(text: string, form: 'integer' | 'decimal' | 'approximate'): string {
  return form === 'decimal' && !/^(\d+\.\d*|\.\d+)$/.test(text) ? `DECIMAL ${quote(text)}` : text;
}

const dateTimeWords = {
  date: 'DATE', time: 'TIME', timestamp: 'TIMESTAMP', datetime: 'DATETIME',
  'timestamp-ltz': 'TIMESTAMP WITH LOCAL TIME ZONE', 'timestamp-tz': 'TIMESTAMP WITH TIME ZONE',
  'time-ltz': 'TIME WITH LOCAL TIME ZONE', 'time-tz': 'TIME WITH TIME ZONE',
} as const;

type IntervalLike = Extract<
  Expression, { kind: 'interval-literal' | 'interval-expression' | 'datetime-difference' }>;

function intervalText(interval: IntervalLike): string {
  const qualifier = qualifierText(interval.qualifier);
  if (interval.kind === 'datetime-difference') {
    return `(${expressionText(interval.operand)}) ${qualifier}`;
  }
  const sign = interval.negative ? '-' : '';
  if (interval.kind === 'interval-literal') {
    return `INTERVAL ${sign}${quote(interval.text)} ${qualifier}`;
  }
  const inner = expressionText(interval.operand);
  const bare = ['number-literal', 'name-reference'].includes(interval.operand.kind);
  return `INTERVAL ${sign}${bare ? inner : `(${inner})`} ${qualifier}`;
}

type Access = Extract<Expression, { kind: 'field-access' | 'element-access' | 'at-time-zone' }>;

/** Operands that .field and [index] can follow without parentheses. */
const accessible: ReadonlySet<Expression['kind']> = new Set([
  'function-call', 'cast', 'case', 'field-access', 'element-access', 'scalar-query',
  'row-constructor', 'array-constructor', 'map-constructor',
]);

function accessText(access: Access): string {
  const inner = expressionText(access.operand);
  const isName = access.operand.kind === 'name-reference' && access.kind !== 'field-access';
  const base = isName || accessible.has(access.operand.kind) ? inner : `(${inner})`;
  switch (access.kind) {
    case 'element-access': return `${base}[${expressionText(access.index)}]`;
    case 'at-time-zone':
      if (access.zone === undefined) return `${base} AT LOCAL`;
      return `${base} AT TIME ZONE ${operand(access.zone, tightest)}`;
    case 'field-access':
      return `${base}.${access.field.kind === 'star' ? '*' : identifierText(access.field)}`;
  }
}

function caseText({ operand: tested, branches, otherwise }: CaseExpression): string {
  const parts = ['CASE'];
  if (tested !== undefined) parts.push(expressionText(tested));
  for (const { conditions, result } of branches) {
    parts.push(`WHEN ${expressionList(conditions)} THEN ${expressionText(result)}`);
  }
  if (otherwise !== undefined) parts.push(`ELSE ${expressionText(otherwise)}`);
  return [...parts, 'END'].join(' ');
}

/** A unit of EXTRACT and the like; names that are no units as identifiers. */
export function unitText(unit: TimeUnit | string): string {
  return functionUnits.has(unit) || /^WEEK\([A-Z]+\)$/.test(unit)
    ? unit : identifierText({ kind: 'identifier', name: unit, quoted: false, position: nowhere });
}

const nowhere = { line: 1, column: 1, offset: 0, endOffset: 0 } as const;

/**
 * The functions that exist only inside of MATCH_RECOGNIZE: FIRST and LAST move along the rows of a
 * variable, MATCH_ROWTIME and MATCH_PROCTIME tell the time of the match.
 */
import { fail, type Position } from '../../errors/index.js';
import type { FunctionCall } from '../../sql/ast/call.js';
import type { Expression as Syntax } from '../../sql/ast/expression.js';
import { notNull, timestamp, withNullable, withTimeAttribute } from '../../types/data-type.js';
import {
  type AggregateExpression, call, childrenOf, columnsIn, contains, type Expression, rewrite,
} from '../logical/expression.js';
import { resolveAggregate } from './aggregates.js';
import { coerce } from './cast.js';
import type { ExpressionBinder } from './expression-binder.js';

/** What a clause of MATCH_RECOGNIZE knows of its surroundings. */
export interface MatchClause {
  readonly clause: 'define' | 'measures';
  /** Columns of the input; column i of variable v is (v + 1) * width + i, without one it is i. */
  readonly width: number;
}

const NAVIGATION = new Set(['FIRST', 'LAST', 'PREV', 'NEXT']);
const NAMES = new Set([
  ...NAVIGATION, 'CLASSIFIER', 'MATCH_NUMBER', 'MATCH_ROWTIME', 'MATCH_PROCTIME',
]);

/** Kernels that only the match operator knows. */
const MATCH_ROW = 'match_row';
const MATCH_TIME = 'match_time';

export const isMatchFunction = (name: string): boolean => NAMES.has(name);

export function bindMatchCall(
  binder: ExpressionBinder, syntax: FunctionCall, name: string, match: MatchClause,
): Expression {
  const { position } = syntax;
  if (syntax.matchSemantics === 'running') binder.unsupported('RUNNING', position);
  switch (name) {
    case 'MATCH_ROWTIME':
      return matchTime(binder, syntax, match);
    case 'MATCH_PROCTIME': {
      const bound = binder.call('PROCTIME', [], position, 'MATCH_PROCTIME');
      return bound.kind === 'call' ? { ...bound, type: withTimeAttribute(bound.type, 'proctime') }
        : bound;
    }
    case 'CLASSIFIER':
    case 'MATCH_NUMBER':
      return binder.unsupported(name, position);
    default:
      return navigation(binder, syntax, name, match);
  }
}

function matchTime(
  binder: ExpressionBinder, syntax: FunctionCall, { clause }: MatchClause,
): Expression {
  const { position } = syntax;
  if (clause === 'define') binder.unsupported('MATCH_ROWTIME in DEFINE', position);
  const [field, ...more] = binder.bindAll(syntax.arguments);
  const isTime = field === undefined || field.type.timeAttribute === 'rowtime';
  if (!isTime || more.length > 0) {
    fail('MR2006', { call: 'MATCH_ROWTIME', signatures: 'MATCH_ROWTIME([rowtime column])' },
      { position });
  }
  const type = field?.type ?? timestamp(3);
  return call({
    kernel: MATCH_TIME, name: 'MATCH_ROWTIME', arguments: [], deterministic: false,
    type: withTimeAttribute(notNull(type), 'rowtime'),
  });
}

/** FIRST(a + b, 1): each column is that of the second row. */
function navigation(
  binder: ExpressionBinder, syntax: FunctionCall, name: string, match: MatchClause,
): Expression {
  const { position } = syntax;
  const [operand, count, ...more] = syntax.arguments;
  if (operand === undefined || more.length > 0) {
    return fail('MR2006', { call: name, signatures: `${name}(column[, rows])` }, { position });
  }
  const isPhysical = name === 'PREV' || name === 'NEXT';
  const offset = count === undefined ? (isPhysical ? 1 : 0) : rowsOf(count);
  if (isPhysical) {
    if (match.clause === 'measures') {
      fail('MR2022', { detail: `${name} in MEASURES` }, { position });
    }
    if (offset !== 0) binder.unsupported(`${name}: rows outside of the match`, position);
  }
  const clause = `the arguments of ${name}`;
  const inner = binder.within({ ...binder.rules, aggregates: false, clause });
  const bound = inner.bind(operand);
  oneVariable(bound, match.width, name, position);
  return rewrite(bound, (part) => {
    if (part.kind === 'call' && part.kernel === MATCH_ROW && !isPhysical) {
      return fail('MR2022', { detail: `${part.name} inside of ${name}` }, { position });
    }
    if (part.kind === 'call' && part.kernel === MATCH_ROW) return part;
    if (part.kind !== 'column') return undefined;
    return call({
      kernel: MATCH_ROW, name: isPhysical ? 'LAST' : name, arguments: [part], type: part.type,
      options: { first: name === 'FIRST', offset },
    });
  });
}

/** A number of rows: an integer literal. */
function rowsOf(syntax: Syntax): number {
  const rows = syntax.kind === 'number-literal' && syntax.form === 'integer'
    ? Number(syntax.text) : -1;
  if (rows >= 0 && rows <= 0x7fffffff) return rows;
  return fail('MR2022', { detail: 'a number of rows that is no literal' },
    { position: syntax.position });
}

/** The one variable that columns of an expression stand behind; -1 where they have none. */
function oneVariable(
  expression: Expression, width: number, name: string, position: Position,
): number {
  const variables = new Set([...columnsIn(expression)].map((i) => Math.floor(i / width) - 1));
  const [first, second] = variables;
  if (second !== undefined) {
    fail('MR2022', { detail: `several pattern variables in ${name}` }, { position });
  }
  if (first === undefined && childrenOf(expression).length > 0) return -1;
  return first ?? -1;
}

/** An aggregate of MATCH_RECOGNIZE is over the rows of one variable. */
export function checkMatchAggregate(
  args: readonly Expression[], match: MatchClause, name: string, position: Position,
): void {
  const variables = args.map((arg) => oneVariable(arg, match.width, name, position));
  if (new Set(variables).size > 1) {
    fail('MR2022', { detail: `several pattern variables in ${name}` }, { position });
  }
  const isMoving = args.some((arg) =>
    contains(arg, (part) => part.kind === 'call' && part.kernel === MATCH_ROW));
  if (isMoving) fail('MR2022', { detail: `FIRST or LAST inside of ${name}` }, { position });
}

const MOMENTS = new Set(['STDDEV_POP', 'STDDEV_SAMP', 'VAR_POP', 'VAR_SAMP']);

/** An AVG is SUM / COUNT, and so wraps where SUM does, as in Flink. */
export function matchAggregate(
  binder: ExpressionBinder, bound: AggregateExpression, position: Position,
): Expression {
  if (MOMENTS.has(bound.function)) {
    return binder.unsupported(`${bound.function} in MATCH_RECOGNIZE`, position);
  }
  const [argument] = bound.arguments;
  if (bound.function !== 'AVG' || argument === undefined) return bound;
  const part = (name: string): Expression => {
    const resolved = resolveAggregate(name, [{ type: argument.type }], { grouped: false });
    return Object.freeze({ ...bound, function: resolved.function, type: resolved.resultType });
  };
  const quotient = binder.call('/', [part('SUM'), part('COUNT')], position);
  const type = withNullable(bound.type, argument.type.nullable);
  return coerce(quotient, type, binder.zone);
}

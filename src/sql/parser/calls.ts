/**
 * Function calls: the name, arguments of all sorts, and the clauses behind the parentheses.
 */
import type {
  Expression, FunctionCall, Identifier, QualifiedName, TableArgument,
} from '../ast/index.js';
import { TokenKind } from '../lexer/tokens.js';
import type { Cursor } from './cursor.js';
import { expression } from './expressions.js';
import { atIdentifier, identifier, identifierOrList, qualifiedName } from './names.js';
import { allowedQuery, atQueryTail } from './parentheses.js';
import { atQuery, continueQuery, orderBy, orderItem } from './queries.js';
import { starOf } from './references.js';
import { windowReference } from './windows.js';

/** Reserved words that are names of functions all the same. */
const reservedFunctions: ReadonlySet<string> = new Set(`
  ABS AVG CARDINALITY CEILING CHAR CHAR_LENGTH CHARACTER_LENGTH CLASSIFIER COALESCE COLLECT
  COVAR_POP COVAR_SAMP CUME_DIST COUNT CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP DENSE_RANK
  ELEMENT EVERY EXP FIRST_VALUE FLOOR FUSION INTERSECTION GROUPING HOUR LAG LEAD LEFT LAST_VALUE
  LN LOCALTIME LOCALTIMESTAMP LOWER MATCH_NUMBER MAX MIN MINUTE MOD MONTH NEXT NTH_VALUE NTILE
  NULLIF OCTET_LENGTH PERCENTILE_CONT PERCENTILE_DISC PERCENT_RANK POWER PREV RANK REGR_COUNT
  REGR_SXX REGR_SYY RIGHT ROW_NUMBER SECOND SOME SQRT STDDEV_POP STDDEV_SAMP SUM UPPER TRUNCATE
  USER VAR_POP VAR_SAMP YEAR DATE TIME TIMESTAMP DATETIME ARRAY CEIL SUBSTRING TRANSLATE TRIM
  CONVERT
`.trim().split(/\s+/));

/** Functions without arguments that are written without parentheses. */
export const contextVariables: ReadonlySet<string> = new Set([
  'CURRENT_CATALOG', 'CURRENT_DATE', 'CURRENT_DEFAULT_TRANSFORM_GROUP', 'CURRENT_PATH',
  'CURRENT_ROLE', 'CURRENT_SCHEMA', 'CURRENT_TIME', 'CURRENT_TIMESTAMP', 'CURRENT_USER',
  'LOCALTIME', 'LOCALTIMESTAMP', 'SESSION_USER', 'SYSTEM_USER', 'USER',
]);

/** Whether a (qualified) function name with an opening parenthesis is next. */
export function atFunctionCall(cursor: Cursor): boolean {
  let ahead = 0;
  if (isMatchModifier(cursor)) ahead = 1;
  if (reservedFunctions.has(cursor.word(ahead))) return cursor.word(ahead + 1) === '(';
  while (atIdentifier(cursor, ahead)) {
    if (cursor.word(ahead + 1) !== '.') return cursor.word(ahead + 1) === '(';
    ahead += 2;
  }
  return false;
}

/** RUNNING or FINAL before a call, not as a name. */
function isMatchModifier(cursor: Cursor): boolean {
  const word = cursor.word();
  return (word === 'RUNNING' || word === 'FINAL') && cursor.kind(1) === TokenKind.word;
}

/** name(arguments) with clauses. */
export function functionCall(cursor: Cursor): Expression {
  const start = cursor.index;
  const modifier = isMatchModifier(cursor)
    ? cursor.expectOneOf('RUNNING', 'FINAL') : undefined;
  const name = functionName(cursor);
  const call = callArguments(cursor, name, start, false);
  const clauses = callClauses(cursor);
  const whole: FunctionCall = {
    ...call, ...clauses, position: cursor.from(start),
    ...(modifier === undefined ? {}
      : { matchSemantics: modifier === 'RUNNING' ? 'running' : 'final' }),
  };
  return descriptorOf(whole) ?? whole;
}

/** A call in FROM or CALL: arguments may be tables; no clauses behind it. */
export function routineCall(cursor: Cursor): FunctionCall {
  const start = cursor.index;
  const name = reservedFunctions.has(cursor.word()) ? functionName(cursor) : qualifiedName(cursor);
  return callArguments(cursor, name, start, true);
}

/** {fn name(arguments)}. */
export function jdbcFunctionCall(cursor: Cursor): Expression {
  const start = cursor.index;
  cursor.expect('{');
  cursor.index++;
  const inner = expression(cursor);
  cursor.expect('}');
  const position = cursor.from(start);
  return inner.kind === 'function-call' ? { ...inner, jdbcEscape: true, position } : inner;
}

/** The name of a function, reserved words among them. */
export function functionName(cursor: Cursor): QualifiedName {
  if (!reservedFunctions.has(cursor.word())) return qualifiedName(cursor);
  const start = cursor.index;
  const name = cursor.text();
  cursor.index++;
  const position = cursor.from(start);
  const part: Identifier = { kind: 'identifier', name, quoted: false, position };
  return { kind: 'qualified-name', parts: [part], position };
}

/** ([DISTINCT] a, b => c, TABLE t ...), or (*). */
function callArguments(
  cursor: Cursor, name: QualifiedName, start: number, table: boolean,
): FunctionCall {
  cursor.expect('(');
  const quantifierWord = table ? undefined : cursor.acceptOneOf('DISTINCT', 'ALL');
  const args: Expression[] = [];
  const quantifier = quantifierWord === 'DISTINCT' ? 'distinct' : 'all';
  if (quantifierWord === undefined && cursor.at('*') && cursor.word(1) === ')') {
    const star = cursor.index++;
    args.push(starOf(cursor, star, []));
  } else if (quantifierWord !== undefined || !cursor.at(')')) {
    const first = cursor.index;
    args.push(...cursor.list((inner) => argument(inner, table, inner.index === first)));
  }
  const tail = isAggregateWithOrder(name) ? aggregateTail(cursor) : {};
  cursor.expect(')');
  return {
    kind: 'function-call', name, arguments: args, parentheses: true, ...tail,
    ...(quantifierWord === undefined ? {} : { quantifier }), position: cursor.from(start),
  };
}

function isAggregateWithOrder(name: QualifiedName): boolean {
  const [only] = name.parts;
  return name.parts.length === 1 && /^array_agg$/i.test(only?.name ?? '');
}

/** [IGNORE NULLS] [ORDER BY ..] [SEPARATOR ..] inside the parentheses. */
function aggregateTail(cursor: Cursor): Partial<FunctionCall> {
  const nullTreatment = nulls(cursor);
  const order = cursor.at('ORDER') ? orderBy(cursor) : undefined;
  const separator = cursor.accept('SEPARATOR') ? expression(cursor) : undefined;
  return {
    ...(nullTreatment === undefined ? {} : { nullTreatment }),
    ...(order === undefined ? {} : { orderBy: order }),
    ...(separator === undefined ? {} : { separator }),
  };
}

function argument(cursor: Cursor, table: boolean, first: boolean): Expression {
  const start = cursor.index;
  if (!atIdentifier(cursor) || cursor.word(1) !== '=>') return argumentValue(cursor, table, first);
  const name = identifier(cursor);
  cursor.expect('=>');
  const value = argumentValue(cursor, table, first);
  return { kind: 'named-argument', name, value, position: cursor.from(start) };
}

/** A query without parentheses may only be the first argument of a scalar call. */
function argumentValue(cursor: Cursor, table: boolean, first: boolean): Expression {
  const start = cursor.index;
  if (cursor.accept('DEFAULT')) return { kind: 'default-value', position: cursor.from(start) };
  if (cursor.at('TABLE')) {
    cursor.expect('TABLE');
    return tableArgument(cursor, start, { table: qualifiedName(cursor) });
  }
  if (!table && first && atQuery(cursor)) {
    const query = allowedQuery(cursor);
    return { kind: 'scalar-query', query, position: cursor.from(start) };
  }
  const value = expression(cursor);
  if (value.kind !== 'scalar-query') return value;
  const query = atSetOperation(cursor) ? continueQuery(cursor, start, value.query) : value.query;
  if (!table && !cursor.at('PARTITION') && !cursor.at('ORDER')) {
    return query === value.query ? value
      : { kind: 'scalar-query', query, position: cursor.from(start) };
  }
  return tableArgument(cursor, start, { query });
}

function atSetOperation(cursor: Cursor): boolean {
  return atQueryTail(cursor) && cursor.word() !== 'ORDER';
}

/** [PARTITION BY a | (a, b)] [ORDER BY a | (a, b)] behind a table. */
function tableArgument(
  cursor: Cursor, start: number, source: Pick<TableArgument, 'table' | 'query'>,
): TableArgument {
  const partitionBy = cursor.acceptAll('PARTITION', 'BY')
    ? identifierOrList(cursor).map((part) => (
      { kind: 'name-reference', parts: [part], position: part.position } as const)) : [];
  let order: TableArgument['orderBy'] = [];
  if (cursor.acceptAll('ORDER', 'BY')) {
    order = cursor.at('(') ? cursor.parenthesized(orderItem) : [orderItem(cursor)];
  }
  return {
    kind: 'table-argument', ...source, partitionBy, orderBy: order, position: cursor.from(start),
  };
}

/** DESCRIPTOR(a, b) is no function but a list of columns. */
function descriptorOf(call: FunctionCall): Expression | undefined {
  const [first] = call.name.parts;
  if (call.name.parts.length !== 1 || !/^descriptor$/i.test(first?.name ?? '')) return undefined;
  const columns = call.arguments.filter((column) => column.kind === 'name-reference');
  if (columns.length !== call.arguments.length || columns.length === 0) return undefined;
  return { kind: 'descriptor', columns, position: call.position };
}

/** IGNORE NULLS, RESPECT NULLS. */
function nulls(cursor: Cursor): FunctionCall['nullTreatment'] {
  if (cursor.acceptAll('IGNORE', 'NULLS')) return 'ignore-nulls';
  return cursor.acceptAll('RESPECT', 'NULLS') ? 'respect-nulls' : undefined;
}

/** [IGNORE NULLS] [WITHIN DISTINCT] [WITHIN GROUP] [FILTER] [OVER] behind a call. */
function callClauses(cursor: Cursor): Partial<FunctionCall> {
  const nullTreatment = nulls(cursor);
  const withinDistinct = cursor.acceptAll('WITHIN', 'DISTINCT')
    ? cursor.parenthesized(expression) : undefined;
  const group = withinGroup(cursor);
  return {
    ...(nullTreatment === undefined ? {} : { nullTreatment }),
    ...(withinDistinct === undefined ? {} : { withinDistinct }),
    ...(group === undefined ? {} : { withinGroup: group }),
    ...aggregateClauses(cursor),
  };
}

/** WITHIN GROUP (ORDER BY ..). */
export function withinGroup(cursor: Cursor): FunctionCall['withinGroup'] {
  if (!cursor.acceptAll('WITHIN', 'GROUP')) return undefined;
  cursor.expect('(');
  const order = orderBy(cursor);
  cursor.expect(')');
  return order;
}

/** [FILTER (WHERE ..)] [OVER ..]. */
export function aggregateClauses(cursor: Cursor): Pick<FunctionCall, 'filter' | 'over'> {
  let filter: Expression | undefined;
  if (cursor.accept('FILTER')) {
    cursor.expect('(', 'WHERE');
    filter = expression(cursor);
    cursor.expect(')');
  }
  const over = cursor.accept('OVER') ? windowReference(cursor) : undefined;
  return {
    ...(filter === undefined ? {} : { filter }),
    ...(over === undefined ? {} : { over }),
  };
}

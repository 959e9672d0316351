/**
 * FROM: tables by name, sub-queries, functions, UNNEST, joins, and what stands behind a table.
 */
import type {
  Expression, JoinTable, PivotItem, PivotTable, SampledTable, TableExpression, UnpivotItem,
  UnpivotTable,
} from '../ast/index.js';
import { errorOf } from '../../errors/index.js';
import { atFunctionCall, routineCall } from './calls.js';
import type { Cursor } from './cursor.js';
import { expression, expressionWithoutQuery } from './expressions.js';
import { hints } from './hints.js';
import { numberLiteral, stringLiteral } from './literals.js';
import { matchRecognize } from './match-recognize.js';
import {
  atIdentifier, identifierList, identifierOrList, optionalIdentifierList,
  qualifiedName,
} from './names.js';
import { atQueryTail, queryOrExpressions } from './parentheses.js';
import { atQuery, continueQuery, optionalAlias, query } from './queries.js';

/** a, b JOIN c ON .., ... */
export function fromClause(cursor: Cursor): TableExpression {
  const start = cursor.index;
  let left = joinedTable(cursor);
  while (cursor.accept(',')) {
    cursor.deepen();
    const right = joinedTable(cursor);
    const position = cursor.from(start);
    left = { kind: 'join', type: 'comma', natural: false, left, right, using: [], position };
  }
  return left;
}

function joinedTable(cursor: Cursor): TableExpression {
  const start = cursor.index;
  let left = tablePrimary(cursor);
  for (;; cursor.deepen()) {
    const natural = cursor.accept('NATURAL');
    const type = joinType(cursor);
    if (type === undefined) {
      if (natural) cursor.unexpected();
      return left;
    }
    left = joinWith(cursor, start, left, type, natural);
  }
}

/** The type of the join whose words are next; takes them. */
function joinType(cursor: Cursor): JoinTable['type'] | undefined {
  if (cursor.accept('JOIN')) return 'inner';
  const word = cursor.acceptOneOf('INNER', 'LEFT', 'RIGHT', 'FULL', 'CROSS');
  if (word === undefined) return undefined;
  if (word !== 'INNER' && word !== 'CROSS') cursor.accept('OUTER');
  cursor.expect('JOIN');
  return word.toLowerCase() as Lowercase<typeof word>;
}

function joinWith(
  cursor: Cursor, start: number, left: TableExpression, type: JoinTable['type'], natural: boolean,
): JoinTable {
  const right = tablePrimary(cursor);
  const condition = cursor.accept('ON') ? expression(cursor) : undefined;
  const using = condition === undefined && cursor.accept('USING') ? identifierList(cursor) : [];
  return {
    kind: 'join', type, natural, left, right, using, position: cursor.from(start),
    ...(condition === undefined ? {} : { condition }),
  };
}

/** One table with its alias, pivot and sample. */
function tablePrimary(cursor: Cursor): TableExpression {
  return cursor.nested(() => {
    const start = cursor.index;
    let table = tableSource(cursor);
    if (cursor.at('PIVOT')) table = pivot(cursor, start, table);
    if (cursor.at('UNPIVOT')) table = unpivot(cursor, start, table);
    table = aliased(cursor, start, table);
    if (cursor.at('MATCH_RECOGNIZE')) {
      table = aliased(cursor, start, matchRecognize(cursor, start, table));
    }
    return cursor.at('TABLESAMPLE') ? sample(cursor, start, table) : table;
  });
}

function aliased(cursor: Cursor, start: number, input: TableExpression): TableExpression {
  const alias = input.kind === 'join' ? undefined : optionalAlias(cursor);
  if (alias === undefined) return input;
  const columns = optionalIdentifierList(cursor);
  return { kind: 'aliased-table', input, alias, columns, position: cursor.from(start) };
}

function tableSource(cursor: Cursor): TableExpression {
  const start = cursor.index;
  const lateral = cursor.accept('LATERAL');
  if (cursor.accept('UNNEST')) return unnest(cursor, start, lateral);
  if (cursor.at('TABLE')) return tableFunction(cursor, start, lateral);
  if (cursor.at('(')) return behindTable(cursor, start, parenthesized(cursor, start, lateral));
  if (lateral) cursor.unexpected();
  if (atIdentifier(cursor) && atFunctionCall(cursor)) {
    const call = routineCall(cursor);
    const position = cursor.from(start);
    return { kind: 'table-function', call, lateral, tableKeyword: false, position };
  }
  return namedTable(cursor);
}

function namedTable(cursor: Cursor): TableExpression {
  const start = cursor.index;
  const name = qualifiedName(cursor);
  const tableHints = hints(cursor);
  let table: TableExpression =
    { kind: 'named-table', name, hints: tableHints, position: cursor.from(start) };
  if (cursor.acceptAll('FOR', 'SYSTEM_TIME', 'AS', 'OF')) {
    const time = expressionWithoutQuery(cursor);
    table = { kind: 'table-as-of', input: table, time, position: cursor.from(start) };
  }
  return behindTable(cursor, start, table);
}

function behindTable(cursor: Cursor, start: number, table: TableExpression): TableExpression {
  return cursor.at('MATCH_RECOGNIZE') ? matchRecognize(cursor, start, table) : table;
}

function unnest(cursor: Cursor, start: number, lateral: boolean): TableExpression {
  const inside = queryOrExpressions(cursor);
  const operands: readonly Expression[] = inside.query === undefined ? inside.expressions
    : [{ kind: 'scalar-query', query: inside.query, position: inside.query.position }];
  const ordinality = cursor.accept('WITH');
  if (ordinality) cursor.expect('ORDINALITY');
  return { kind: 'unnest', operands, ordinality, lateral, position: cursor.from(start) };
}

/** TABLE(f(...)). */
function tableFunction(cursor: Cursor, start: number, lateral: boolean): TableExpression {
  cursor.expect('TABLE', '(');
  const call = routineCall(cursor);
  cursor.expect(')');
  const position = cursor.from(start);
  return { kind: 'table-function', call, lateral, tableKeyword: true, position };
}

/** (query), (a JOIN b ON ..), ((query) UNION (query)). */
function parenthesized(cursor: Cursor, start: number, lateral: boolean): TableExpression {
  cursor.expect('(');
  const inner = insideParentheses(cursor);
  cursor.expect(')');
  const position = cursor.from(start);
  if (inner.kind === 'query') return { kind: 'derived-table', query: inner, lateral, position };
  if (lateral) throw errorOf('MR1023', { clause: 'LATERAL' }, cursor.context(start));
  return inner;
}

function insideParentheses(cursor: Cursor): ReturnType<typeof query> | TableExpression {
  const start = cursor.index;
  if (atQuery(cursor)) return query(cursor);
  const table = joinedTable(cursor);
  if (table.kind !== 'derived-table') {
    if (table.kind === 'join') return table;
    cursor.unexpected('JOIN');
  }
  if (atQueryTail(cursor)) return continueQuery(cursor, start, table.query);
  return table.query;
}

function sample(cursor: Cursor, start: number, input: TableExpression): SampledTable {
  cursor.expect('TABLESAMPLE');
  const word = cursor.expectOneOf('BERNOULLI', 'SYSTEM', 'SUBSTITUTE');
  cursor.expect('(');
  const argument = word === 'SUBSTITUTE' ? stringLiteral(cursor) : numberLiteral(cursor);
  cursor.expect(')');
  let seed: Expression | undefined;
  if (word !== 'SUBSTITUTE' && cursor.accept('REPEATABLE')) {
    cursor.expect('(');
    seed = signedNumber(cursor);
    cursor.expect(')');
  }
  const method = word.toLowerCase() as Lowercase<typeof word>;
  return {
    kind: 'sampled-table', input, method, argument, position: cursor.from(start),
    ...(seed === undefined ? {} : { seed }),
  };
}

function signedNumber(cursor: Cursor): Expression {
  const start = cursor.index;
  const operator = cursor.acceptOneOf('-', '+');
  const operand = numberLiteral(cursor);
  return operator === undefined ? operand
    : { kind: 'unary-operation', operator, operand, position: cursor.from(start) };
}

function pivot(cursor: Cursor, start: number, input: TableExpression): PivotTable {
  cursor.expect('PIVOT', '(');
  const aggregates = cursor.list(pivotAggregate);
  cursor.expect('FOR');
  const axes = identifierOrList(cursor);
  cursor.expect('IN', '(');
  const values = cursor.at(')') ? [] : cursor.list(pivotValue);
  cursor.expect(')', ')');
  return { kind: 'pivot', input, aggregates, axes, values, position: cursor.from(start) };
}

function pivotAggregate(cursor: Cursor): PivotItem {
  const start = cursor.index;
  const aggregate = expression(cursor);
  return pivotItem(cursor, start, [aggregate]);
}

function pivotValue(cursor: Cursor): PivotItem {
  const start = cursor.index;
  const value = expression(cursor);
  const parts = value.kind === 'row-constructor' && !value.explicit ? value.fields : [value];
  return pivotItem(cursor, start, parts);
}

function pivotItem(
  cursor: Cursor, start: number, expressions: readonly Expression[],
): PivotItem {
  const alias = optionalAlias(cursor);
  return {
    kind: 'pivot-item', expressions, position: cursor.from(start),
    ...(alias === undefined ? {} : { alias }),
  };
}

function unpivot(cursor: Cursor, start: number, input: TableExpression): UnpivotTable {
  cursor.expect('UNPIVOT');
  const nulls = cursor.acceptOneOf('INCLUDE', 'EXCLUDE');
  if (nulls !== undefined) cursor.expect('NULLS');
  cursor.expect('(');
  const measures = identifierOrList(cursor);
  cursor.expect('FOR');
  const axes = identifierOrList(cursor);
  cursor.expect('IN', '(');
  const columns = cursor.list(unpivotItem);
  cursor.expect(')', ')');
  return {
    kind: 'unpivot', input, measures, axes, columns, position: cursor.from(start),
    ...(nulls === undefined ? {} : { includeNulls: nulls === 'INCLUDE' }),
  };
}

function unpivotItem(cursor: Cursor): UnpivotItem {
  const start = cursor.index;
  const columns = identifierOrList(cursor);
  let values: readonly Expression[] = [];
  if (cursor.accept('AS')) {
    const value = expression(cursor);
    values = value.kind === 'row-constructor' && !value.explicit ? value.fields : [value];
  }
  return { kind: 'unpivot-item', columns, values, position: cursor.from(start) };
}

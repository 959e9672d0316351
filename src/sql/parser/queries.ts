/**
 * Queries: WITH, SELECT and its clauses, set operations, VALUES, ORDER BY and LIMIT.
 */
import type {
  CommonTable, Expression, GroupBy, GroupingItem, NumberLiteral, OrderItem, Parameter, Query,
  QueryBody, Select, SelectItem, SetOperation, TableExpression, Values,
} from '../ast/index.js';
import { errorOf } from '../../errors/index.js';
import type { Cursor } from './cursor.js';
import { expression } from './expressions.js';
import { hints } from './hints.js';
import { atNumber, decimalLiteral, numberLiteral } from './literals.js';
import { atIdentifier, identifier, optionalIdentifierList, qualifiedName } from './names.js';
import { starOf } from './references.js';
import { fromClause } from './tables.js';
import { namedWindow } from './windows.js';

const queryStarts: ReadonlySet<string> = new Set(['SELECT', 'VALUES', 'VALUE', 'WITH']);

/** Whether a query without parentheses is next. TABLE is one if a name follows. */
export function atQuery(cursor: Cursor): boolean {
  if (queryStarts.has(cursor.word())) return true;
  if (cursor.word() === 'TABLE') return atIdentifier(cursor, 1);
  cursor.note('SELECT');
  return false;
}

/** A query where nothing else may stand; it may start with parentheses. */
export function query(cursor: Cursor): Query {
  return cursor.nested(() => cursor.allowingQueries(true, () => {
    const start = cursor.index;
    const withStart = cursor.accept('WITH');
    const recursive = withStart && cursor.accept('RECURSIVE');
    const tables = withStart ? cursor.list(commonTable) : [];
    return queryFrom(cursor, start, { with: tables, recursive }, leaf(cursor));
  }));
}

/** (query), as WITH and CREATE want it. */
function parenthesizedQuery(cursor: Cursor): Query {
  cursor.expect('(');
  const inner = query(cursor);
  cursor.expect(')');
  return inner;
}

/** The rest of a query that turned out to start with a query in parentheses. */
export function continueQuery(cursor: Cursor, start: number, first: Query): Query {
  return cursor.nested(() =>
    queryFrom(cursor, start, { with: [], recursive: false }, first));
}

/** Set operations, ORDER BY and LIMIT behind the first leaf. */
function queryFrom(
  cursor: Cursor, start: number, head: Pick<Query, 'with' | 'recursive'>, first: QueryBody,
): Query {
  const body = setOperations(cursor, start, first);
  const order = cursor.at('ORDER') ? orderBy(cursor) : [];
  const limits = limitClauses(cursor);
  return { kind: 'query', ...head, body, orderBy: order, ...limits, position: cursor.from(start) };
}

function commonTable(cursor: Cursor): CommonTable {
  const start = cursor.index;
  const name = identifier(cursor);
  const columns = optionalIdentifierList(cursor);
  cursor.expect('AS');
  const inner = parenthesizedQuery(cursor);
  return { kind: 'common-table', name, columns, query: inner, position: cursor.from(start) };
}

/** UNION and EXCEPT bind equally, INTERSECT tighter; all to the left. */
function setOperations(cursor: Cursor, start: number, first: QueryBody): QueryBody {
  let left = intersections(cursor, start, first);
  for (;; cursor.deepen()) {
    const word = cursor.acceptOneOf('UNION', 'EXCEPT');
    if (word === undefined) return left;
    const all = quantifierIsAll(cursor);
    const rightStart = cursor.index;
    const right = intersections(cursor, rightStart, leaf(cursor));
    left = setOperation(cursor, start, word === 'UNION' ? 'union' : 'except', all, left, right);
  }
}

function intersections(cursor: Cursor, start: number, first: QueryBody): QueryBody {
  let left = first;
  while (cursor.accept('INTERSECT')) {
    cursor.deepen();
    const all = quantifierIsAll(cursor);
    left = setOperation(cursor, start, 'intersect', all, left, leaf(cursor));
  }
  return left;
}

function setOperation(
  cursor: Cursor, start: number, operator: SetOperation['operator'], all: boolean,
  left: QueryBody, right: QueryBody,
): SetOperation {
  return { kind: 'set-operation', operator, all, left, right, position: cursor.from(start) };
}

function quantifierIsAll(cursor: Cursor): boolean {
  return cursor.acceptOneOf('ALL', 'DISTINCT') === 'ALL';
}

/** SELECT, VALUES, TABLE t, or a query in parentheses. */
function leaf(cursor: Cursor): QueryBody {
  const start = cursor.index;
  if (cursor.at('SELECT')) return select(cursor);
  if (cursor.acceptOneOf('VALUES', 'VALUE') !== undefined) return values(cursor, start);
  if (cursor.accept('TABLE')) {
    const table = qualifiedName(cursor);
    return { kind: 'explicit-table', table, position: cursor.from(start) };
  }
  if (cursor.at('(')) return parenthesizedQuery(cursor);
  cursor.unexpected();
}

function values(cursor: Cursor, start: number): Values {
  const rows = cursor.list(valuesRow);
  return { kind: 'values', rows, position: cursor.from(start) };
}

/** (a, b), ROW(a, b), (ROW(a, b)), or a alone. */
function valuesRow(cursor: Cursor): readonly Expression[] {
  if (cursor.atAll('(', 'ROW', '(')) {
    cursor.expect('(', 'ROW');
    const row = cursor.parenthesized(valueOrDefault);
    cursor.expect(')');
    return row;
  }
  if (cursor.at('(') || (cursor.word() === 'ROW' && cursor.word(1) === '(')) {
    cursor.accept('ROW');
    return cursor.parenthesized(valueOrDefault);
  }
  return [expression(cursor)];
}

function valueOrDefault(cursor: Cursor): Expression {
  const start = cursor.index;
  if (cursor.accept('DEFAULT')) return { kind: 'default-value', position: cursor.from(start) };
  if (!atQuery(cursor)) return expression(cursor);
  const inner = query(cursor);
  return { kind: 'scalar-query', query: inner, position: cursor.from(start) };
}

function select(cursor: Cursor): Select {
  const start = cursor.index;
  cursor.expect('SELECT');
  const selectHints = hints(cursor);
  const stream = cursor.accept('STREAM');
  const quantifier = cursor.acceptOneOf('DISTINCT', 'ALL');
  const items = cursor.list(selectItem);
  const from = cursor.accept('FROM') ? fromClause(cursor) : undefined;
  const clauses = from === undefined ? { windows: [] } : selectClauses(cursor, from);
  return {
    kind: 'select', hints: selectHints, stream, items, ...clauses, position: cursor.from(start),
    ...(quantifier === undefined ? {}
      : { quantifier: quantifier === 'DISTINCT' ? 'distinct' : 'all' }),
  };
}

type SelectClauses =
  Pick<Select, 'from' | 'where' | 'groupBy' | 'having' | 'windows' | 'qualify'>;

function selectClauses(cursor: Cursor, from: TableExpression): SelectClauses {
  const where = cursor.accept('WHERE') ? expression(cursor) : undefined;
  const groups = cursor.at('GROUP') ? groupBy(cursor) : undefined;
  const having = cursor.accept('HAVING') ? expression(cursor) : undefined;
  const windows = cursor.accept('WINDOW') ? cursor.list(namedWindow) : [];
  const qualify = cursor.accept('QUALIFY') ? expression(cursor) : undefined;
  return {
    from, windows,
    ...(where === undefined ? {} : { where }),
    ...(groups === undefined ? {} : { groupBy: groups }),
    ...(having === undefined ? {} : { having }),
    ...(qualify === undefined ? {} : { qualify }),
  };
}

function selectItem(cursor: Cursor): SelectItem {
  const start = cursor.index;
  const value = cursor.at('*') ? bareStar(cursor) : expression(cursor);
  const alias = optionalAlias(cursor);
  return {
    kind: 'select-item', expression: value, position: cursor.from(start),
    ...(alias === undefined ? {} : { alias }),
  };
}

function bareStar(cursor: Cursor): Expression {
  const start = cursor.index++;
  return starOf(cursor, start, []);
}

/** AS name, name, or nothing. */
export function optionalAlias(cursor: Cursor): ReturnType<typeof identifier> | undefined {
  if (cursor.accept('AS')) return identifier(cursor);
  if (!atIdentifier(cursor)) return undefined;
  const alias = identifier(cursor);
  cursor.noteAlias();
  return alias;
}

function groupBy(cursor: Cursor): GroupBy {
  const start = cursor.index;
  cursor.expect('GROUP', 'BY');
  const quantifier = cursor.acceptOneOf('DISTINCT', 'ALL');
  const items = cursor.list(groupingItem);
  return {
    kind: 'group-by', items, position: cursor.from(start),
    ...(quantifier === undefined ? {}
      : { quantifier: quantifier === 'DISTINCT' ? 'distinct' : 'all' }),
  };
}

function groupingItem(cursor: Cursor): GroupingItem {
  return cursor.nested(() => {
    const start = cursor.index;
    if (cursor.acceptAll('GROUPING', 'SETS')) {
      const items = cursor.parenthesized(groupingItem);
      return { kind: 'grouping-sets', items, position: cursor.from(start) };
    }
    const word = cursor.acceptOneOf('ROLLUP', 'CUBE');
    if (word !== undefined) {
      const items = cursor.parenthesized(groupingExpressions);
      const kind = word === 'ROLLUP' ? 'rollup' : 'cube';
      return { kind, items, position: cursor.from(start) };
    }
    return groupingExpressions(cursor);
  });
}

/** a, (a, b), or (): one grouping set. */
function groupingExpressions(cursor: Cursor): GroupingItem {
  const start = cursor.index;
  if (cursor.acceptAll('(', ')')) {
    return { kind: 'grouping-set', expressions: [], position: cursor.from(start) };
  }
  const value = expression(cursor);
  const expressions = value.kind === 'row-constructor' && !value.explicit ? value.fields : [value];
  return { kind: 'grouping-set', expressions, position: cursor.from(start) };
}

/** ORDER BY a, b. */
export function orderBy(cursor: Cursor): readonly OrderItem[] {
  cursor.expect('ORDER', 'BY');
  return cursor.list(orderItem);
}

/** a [ASC | DESC] [NULLS FIRST | LAST]. */
export function orderItem(cursor: Cursor): OrderItem {
  const start = cursor.index;
  const value = expression(cursor);
  const descending = cursor.acceptOneOf('ASC', 'DESC') === 'DESC';
  const nulls = cursor.accept('NULLS') ? cursor.expectOneOf('FIRST', 'LAST') : undefined;
  return {
    kind: 'order-item', expression: value, descending, position: cursor.from(start),
    ...(nulls === undefined ? {} : { nulls: nulls === 'FIRST' ? 'first' : 'last' }),
  };
}

type Limits = Pick<Query, 'offset' | 'limit'>;

/** LIMIT n [OFFSET m], OFFSET m [FETCH NEXT n ROWS ONLY], FETCH NEXT n ROWS ONLY. */
function limitClauses(cursor: Cursor): Limits {
  if (cursor.accept('LIMIT')) {
    const limit = cursor.accept('ALL') ? undefined : count(cursor);
    if (cursor.at(',')) refuse(cursor, 'LIMIT start, count', 'write LIMIT count OFFSET start');
    const offset = cursor.accept('OFFSET') ? offsetRows(cursor) : undefined;
    return limits(offset, limit);
  }
  const offset = cursor.accept('OFFSET') ? offsetRows(cursor) : undefined;
  if (offset !== undefined && cursor.at('LIMIT')) {
    refuse(cursor, 'OFFSET before LIMIT', 'write LIMIT count OFFSET start');
  }
  if (!cursor.accept('FETCH')) return limits(offset, undefined);
  cursor.expectOneOf('FIRST', 'NEXT');
  const limit = count(cursor);
  cursor.expectOneOf('ROW', 'ROWS');
  cursor.expect('ONLY');
  return limits(offset, limit);
}

function limits(offset: Expression | undefined, limit: Expression | undefined): Limits {
  return {
    ...(offset === undefined ? {} : { offset }),
    ...(limit === undefined ? {} : { limit }),
  };
}

function offsetRows(cursor: Cursor): Expression {
  const offset = count(cursor);
  cursor.acceptOneOf('ROWS', 'ROW');
  return offset;
}

function count(cursor: Cursor): NumberLiteral | Parameter {
  const start = cursor.index;
  if (cursor.accept('?')) {
    const index = cursor.parameterCount++;
    return { kind: 'parameter', index, position: cursor.from(start) };
  }
  if (cursor.at('DECIMAL')) return decimalLiteral(cursor);
  if (!atNumber(cursor)) cursor.unexpected('a number');
  return numberLiteral(cursor);
}

function refuse(cursor: Cursor, clause: string, hint: string): never {
  throw errorOf('MR1023', { clause }, { ...cursor.context(cursor.index), hint });
}

/**
 * The JSON functions with their clauses. Rules are entered behind the opening parenthesis.
 */
import type {
  Expression, JsonBehavior, JsonExistsCall, JsonMember, JsonNullClause, JsonQueryCall,
} from '../ast/index.js';
import { errorOf } from '../../errors/index.js';
import { aggregateClauses, withinGroup } from './calls.js';
import type { Cursor } from './cursor.js';
import { dataType } from './data-types.js';
import { expressionWithoutQuery } from './expressions.js';
import { identifier } from './names.js';
import { orderBy } from './queries.js';

type CallRule = (cursor: Cursor, start: number) => Expression;

/** The rules by function. */
export const jsonCalls: Readonly<Record<string, CallRule>> = {
  JSON_EXISTS: jsonExists,
  JSON_VALUE: jsonValue,
  JSON_QUERY: jsonQuery,
  JSON_OBJECT: jsonObject,
  JSON_ARRAY: jsonArray,
  JSON_OBJECTAGG: jsonObjectAggregate,
  JSON_ARRAYAGG: jsonArrayAggregate,
};

/** document, path [PASSING ..]. */
function pathArguments(cursor: Cursor): Pick<JsonExistsCall, 'operand' | 'path' | 'passing'> {
  const operand = expressionWithoutQuery(cursor);
  cursor.expect(',');
  const path = expressionWithoutQuery(cursor);
  const passing = cursor.accept('PASSING') ? cursor.list(passed) : [];
  return { operand, path, passing };
}

function passed(cursor: Cursor): { value: Expression; name: string } {
  const value = expressionWithoutQuery(cursor);
  cursor.expect('AS');
  return { value, name: identifier(cursor).name };
}

function jsonExists(cursor: Cursor, start: number): Expression {
  const common = pathArguments(cursor);
  const at = cursor.index;
  const word = cursor.acceptOneOf('TRUE', 'FALSE', 'UNKNOWN', 'ERROR');
  let onError: JsonBehavior | undefined;
  if (word !== undefined) {
    const behavior = word.toLowerCase() as Lowercase<typeof word>;
    onError = { kind: 'json-behavior', behavior, position: cursor.from(at) };
    cursor.expect('ON', 'ERROR');
  }
  cursor.expect(')');
  return {
    kind: 'json-exists', ...common, ...(onError === undefined ? {} : { onError }),
    position: cursor.from(start),
  };
}

function jsonValue(cursor: Cursor, start: number): Expression {
  const common = pathArguments(cursor);
  const returning = cursor.accept('RETURNING') ? dataType(cursor) : undefined;
  const behaviors = behaviorClauses(cursor, valueBehavior);
  cursor.expect(')');
  return {
    kind: 'json-value', ...common, ...behaviors, position: cursor.from(start),
    ...(returning === undefined ? {} : { returning }),
  };
}

function jsonQuery(cursor: Cursor, start: number): Expression {
  const common = pathArguments(cursor);
  const returning = cursor.accept('RETURNING') ? dataType(cursor) : undefined;
  const wrapper = jsonWrapper(cursor);
  const behaviors = behaviorClauses(cursor, queryBehavior);
  cursor.expect(')');
  return {
    kind: 'json-query', ...common, ...behaviors, position: cursor.from(start),
    ...(returning === undefined ? {} : { returning }),
    ...(wrapper === undefined ? {} : { wrapper }),
  };
}

function jsonWrapper(cursor: Cursor): JsonQueryCall['wrapper'] {
  const word = cursor.acceptOneOf('WITHOUT', 'WITH');
  if (word === undefined) return undefined;
  const form = word === 'WITHOUT' ? undefined : cursor.acceptOneOf('CONDITIONAL', 'UNCONDITIONAL');
  cursor.accept('ARRAY');
  cursor.expect('WRAPPER');
  if (word === 'WITHOUT') return 'without';
  return form === 'CONDITIONAL' ? 'conditional' : 'unconditional';
}

/** [behavior ON EMPTY] [behavior ON ERROR], in any order. */
function behaviorClauses(
  cursor: Cursor, rule: (cursor: Cursor) => JsonBehavior | undefined,
): { onEmpty?: JsonBehavior; onError?: JsonBehavior } {
  const clauses: { onEmpty?: JsonBehavior; onError?: JsonBehavior } = {};
  for (;;) {
    const at = cursor.index;
    const behavior = rule(cursor);
    if (behavior === undefined) return clauses;
    cursor.expect('ON');
    const event = cursor.expectOneOf('EMPTY', 'ERROR');
    const key = event === 'EMPTY' ? 'onEmpty' : 'onError';
    if (clauses[key] !== undefined) {
      throw errorOf('MR1018', { clause: `ON ${event}` }, cursor.context(at));
    }
    clauses[key] = behavior;
  }
}

function valueBehavior(cursor: Cursor): JsonBehavior | undefined {
  const start = cursor.index;
  const word = cursor.acceptOneOf('ERROR', 'NULL', 'DEFAULT');
  if (word === undefined) return undefined;
  if (word !== 'DEFAULT') {
    const behavior = word === 'ERROR' ? 'error' : 'null';
    return { kind: 'json-behavior', behavior, position: cursor.from(start) };
  }
  const value = expressionWithoutQuery(cursor);
  return { kind: 'json-behavior', behavior: 'default', value, position: cursor.from(start) };
}

function queryBehavior(cursor: Cursor): JsonBehavior | undefined {
  const start = cursor.index;
  const word = cursor.acceptOneOf('ERROR', 'NULL', 'EMPTY');
  if (word === undefined) return undefined;
  let behavior: JsonBehavior['behavior'] = word === 'ERROR' ? 'error' : 'null';
  if (word === 'EMPTY') {
    behavior = cursor.expectOneOf('ARRAY', 'OBJECT') === 'ARRAY' ? 'empty-array' : 'empty-object';
  }
  return { kind: 'json-behavior', behavior, position: cursor.from(start) };
}

/** [KEY] k VALUE v, or k : v. */
function jsonMember(cursor: Cursor): JsonMember {
  const start = cursor.index;
  if (cursor.at('KEY') && !['VALUE', ':', '.'].includes(cursor.word(1))) cursor.index++;
  const key = expressionWithoutQuery(cursor);
  cursor.expectOneOf('VALUE', ':');
  const value = expressionWithoutQuery(cursor);
  return { kind: 'json-member', key, value, position: cursor.from(start) };
}

function nullClause(cursor: Cursor): JsonNullClause | undefined {
  if (cursor.acceptAll('NULL', 'ON', 'NULL')) return 'null-on-null';
  return cursor.acceptAll('ABSENT', 'ON', 'NULL') ? 'absent-on-null' : undefined;
}

/** Whether the parentheses hold no members: they end, or start with the null clause. */
function isEmptyList(cursor: Cursor): boolean {
  return cursor.at(')') || (cursor.word(1) === 'ON' && cursor.word(2) === 'NULL');
}

function jsonObject(cursor: Cursor, start: number): Expression {
  const members = isEmptyList(cursor) ? [] : cursor.list(jsonMember);
  const onNull = nullClause(cursor);
  cursor.expect(')');
  return {
    kind: 'json-object', members, position: cursor.from(start),
    ...(onNull === undefined ? {} : { onNull }),
  };
}

function jsonArray(cursor: Cursor, start: number): Expression {
  const elements = isEmptyList(cursor) ? [] : cursor.list(expressionWithoutQuery);
  const onNull = nullClause(cursor);
  cursor.expect(')');
  return {
    kind: 'json-array', elements, position: cursor.from(start),
    ...(onNull === undefined ? {} : { onNull }),
  };
}

function jsonObjectAggregate(cursor: Cursor, start: number): Expression {
  const member = jsonMember(cursor);
  const onNull = nullClause(cursor);
  cursor.expect(')');
  const clauses = aggregateClauses(cursor);
  return {
    kind: 'json-objectagg', member, ...clauses, position: cursor.from(start),
    ...(onNull === undefined ? {} : { onNull }),
  };
}

function jsonArrayAggregate(cursor: Cursor, start: number): Expression {
  const operand = expressionWithoutQuery(cursor);
  const inner = cursor.at('ORDER') ? orderBy(cursor) : undefined;
  const onNull = nullClause(cursor);
  cursor.expect(')');
  const at = cursor.index;
  const outer = withinGroup(cursor);
  if (inner !== undefined && outer !== undefined) {
    throw errorOf('MR1018', { clause: 'ORDER BY' }, cursor.context(at));
  }
  const clauses = aggregateClauses(cursor);
  return {
    kind: 'json-arrayagg', operand, orderBy: inner ?? outer ?? [], ...clauses,
    position: cursor.from(start), ...(onNull === undefined ? {} : { onNull }),
  };
}

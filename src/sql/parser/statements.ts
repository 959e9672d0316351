/**
 * Statements: which rule is entered by which first word; INSERT, UPDATE, DELETE, EXPLAIN, plans.
 */
import type {
  Assignment, CompileAndExecutePlan, CompilePlan, Delete, ExecutePlan, Explain, ExplainDetail,
  Insert, QualifiedName, Statement, StatementSet, Update,
} from '../ast/index.js';
import { alterStatement } from './alter.js';
import {
  analyzeTable, callProcedure, describe, drop, jar, moduleStatement, reset, set, show, stopJob,
  truncateTable, use,
} from './commands.js';
import { createStatement, replaceTable } from './create.js';
import type { Cursor } from './cursor.js';
import { expression } from './expressions.js';
import { hints } from './hints.js';
import { stringLiteral } from './literals.js';
import { atIdentifier, identifier, ifNotExists, qualifiedName } from './names.js';
import { query } from './queries.js';
import { optionalPartition } from './table-elements.js';

type StatementRule = (cursor: Cursor) => Statement;

/** One statement without its semicolon. */
export function statement(cursor: Cursor): Statement {
  for (const word of Object.keys(rules)) {
    if (cursor.word() === word) return (rules[word] as StatementRule)(cursor);
    cursor.note(word);
  }
  if (!cursor.at('(')) cursor.unexpected();
  return queryStatement(cursor);
}

const rules: Readonly<Record<string, StatementRule>> = {
  SELECT: queryStatement, WITH: queryStatement, VALUES: queryStatement, TABLE: queryStatement,
  INSERT: insert, CREATE: createStatement, DROP: drop, ALTER: alterStatement, SET: set,
  EXPLAIN: explain, SHOW: show, DESCRIBE: describe, DESC: describe, USE: use, EXECUTE: execute,
  BEGIN: beginStatementSet, END: endStatementSet, RESET: reset, CALL: callProcedure,
  UPDATE: update, DELETE: deleteStatement, TRUNCATE: truncateTable, ANALYZE: analyzeTable,
  COMPILE: compile, LOAD: moduleStatement, UNLOAD: moduleStatement, ADD: jar, REMOVE: jar,
  STOP: stopJob, REPLACE: replaceTable, UPSERT: insert, VALUE: queryStatement,
};

function queryStatement(cursor: Cursor): Statement {
  const start = cursor.index;
  const inner = query(cursor);
  return { kind: 'query-statement', query: inner, position: cursor.from(start) };
}

/** INSERT INTO | OVERWRITE ... query [ON CONFLICT DO ..]. */
export function insert(cursor: Cursor): Insert {
  const start = cursor.index;
  const upsert = cursor.expectOneOf('INSERT', 'UPSERT') === 'UPSERT';
  const overwrite = !upsert && cursor.accept('OVERWRITE');
  if (!overwrite) cursor.expect('INTO');
  const table = qualifiedName(cursor);
  const tableHints = hints(cursor);
  const before = cursor.at('PARTITION') ? optionalPartition(cursor) : undefined;
  const columns = targetColumns(cursor);
  const source = query(cursor);
  const onConflict = conflict(cursor);
  return {
    kind: 'insert', table, hints: tableHints, overwrite, upsert, columns, query: source,
    position: cursor.from(start),
    ...(before === undefined ? {} : { partition: before }),
    ...(onConflict === undefined ? {} : { onConflict }),
  };
}

/** (a, b.c), unless the parentheses hold the query. */
function targetColumns(cursor: Cursor): readonly QualifiedName[] {
  return cursor.at('(') && atIdentifier(cursor, 1) ? cursor.parenthesized(qualifiedName) : [];
}

function conflict(cursor: Cursor): Insert['onConflict'] {
  if (!cursor.acceptAll('ON', 'CONFLICT')) return undefined;
  cursor.expect('DO');
  const word = cursor.expectOneOf('NOTHING', 'ERROR', 'DEDUPLICATE');
  return word.toLowerCase() as Lowercase<typeof word>;
}

/** EXECUTE PLAN, EXECUTE STATEMENT SET, EXECUTE insert, EXECUTE query. */
function execute(cursor: Cursor): Statement {
  const start = cursor.index;
  cursor.expect('EXECUTE');
  if (cursor.accept('PLAN')) {
    const plan: ExecutePlan =
      { kind: 'execute-plan', path: stringLiteral(cursor), position: cursor.from(start) };
    return plan;
  }
  const inner = cursor.at('STATEMENT') ? statementSet(cursor)
    : cursor.at('INSERT') || cursor.at('UPSERT') ? insert(cursor) : queryStatement(cursor);
  return { ...inner, position: cursor.from(start) };
}

/** STATEMENT SET BEGIN insert; ... END. */
function statementSet(cursor: Cursor): StatementSet {
  const start = cursor.index;
  cursor.expect('STATEMENT', 'SET', 'BEGIN');
  const inserts = insertList(cursor);
  cursor.expect('END');
  return { kind: 'statement-set', inserts, position: cursor.from(start) };
}

/** insert; insert; ... up to END: at least one. */
export function insertList(cursor: Cursor): readonly Insert[] {
  const inserts: Insert[] = [];
  do {
    inserts.push(insert(cursor));
    cursor.expect(';');
  } while (!cursor.at('END'));
  return inserts;
}

function beginStatementSet(cursor: Cursor): Statement {
  const start = cursor.index;
  cursor.expect('BEGIN', 'STATEMENT', 'SET');
  return { kind: 'begin-statement-set', position: cursor.from(start) };
}

function endStatementSet(cursor: Cursor): Statement {
  const start = cursor.index;
  cursor.expect('END');
  return { kind: 'end-statement-set', position: cursor.from(start) };
}

const details = {
  ESTIMATED_COST: 'estimated-cost', CHANGELOG_MODE: 'changelog-mode', PLAN_ADVICE: 'plan-advice',
  JSON_EXECUTION_PLAN: 'json-execution-plan',
} as const;

function explain(cursor: Cursor): Explain {
  const start = cursor.index;
  cursor.expect('EXPLAIN');
  const planFor = cursor.acceptAll('PLAN', 'FOR');
  const found: ExplainDetail[] = [];
  const words = Object.keys(details) as (keyof typeof details)[];
  if (!planFor) {
    const first = cursor.acceptOneOf(...words);
    if (first !== undefined) found.push(details[first]);
    while (first !== undefined && cursor.accept(',')) {
      found.push(details[cursor.expectOneOf(...words)]);
    }
  }
  const explained = explainedStatement(cursor);
  const position = cursor.from(start);
  return { kind: 'explain', details: found, planFor, statement: explained, position };
}

/** A query, INSERT, statement set, or CREATE TABLE ... AS. */
function explainedStatement(cursor: Cursor): Statement {
  const start = cursor.index;
  if (cursor.at('STATEMENT')) return statementSet(cursor);
  if (cursor.at('EXECUTE')) return execute(cursor);
  if (cursor.at('INSERT') || cursor.at('UPSERT')) return insert(cursor);
  if (cursor.at('REPLACE')) return replaceTable(cursor);
  if (!cursor.at('CREATE')) return queryStatement(cursor);
  const created = createStatement(cursor);
  if (created.kind === 'create-table' && created.query !== undefined) return created;
  cursor.index = start;
  cursor.unexpected('a query, INSERT, STATEMENT SET, CREATE TABLE ... AS');
}

/** COMPILE PLAN, COMPILE AND EXECUTE PLAN. */
function compile(cursor: Cursor): CompilePlan | CompileAndExecutePlan {
  const start = cursor.index;
  cursor.expect('COMPILE');
  const andExecute = cursor.acceptAll('AND', 'EXECUTE');
  cursor.expect('PLAN');
  const path = stringLiteral(cursor);
  const notExists = !andExecute && ifNotExists(cursor);
  cursor.expect('FOR');
  const compiled = cursor.at('STATEMENT') ? statementSet(cursor) : insert(cursor);
  const position = cursor.from(start);
  return andExecute
    ? { kind: 'compile-and-execute-plan', path, statement: compiled, position }
    : { kind: 'compile-plan', path, ifNotExists: notExists, statement: compiled, position };
}

function update(cursor: Cursor): Update {
  const start = cursor.index;
  cursor.expect('UPDATE');
  const table = qualifiedName(cursor);
  const tableHints = hints(cursor);
  const alias = targetAlias(cursor);
  cursor.expect('SET');
  const assignments = cursor.list(assignment);
  const where = cursor.accept('WHERE') ? expression(cursor) : undefined;
  return {
    kind: 'update', table, hints: tableHints, assignments, position: cursor.from(start),
    ...(alias === undefined ? {} : { alias }),
    ...(where === undefined ? {} : { where }),
  };
}

function targetAlias(cursor: Cursor): ReturnType<typeof identifier> | undefined {
  return cursor.accept('AS') || atIdentifier(cursor) ? identifier(cursor) : undefined;
}

function assignment(cursor: Cursor): Assignment {
  const start = cursor.index;
  const column = identifier(cursor);
  cursor.expect('=');
  const value = expression(cursor);
  return { kind: 'assignment', column, value, position: cursor.from(start) };
}

function deleteStatement(cursor: Cursor): Delete {
  const start = cursor.index;
  cursor.expect('DELETE', 'FROM');
  const table = qualifiedName(cursor);
  const tableHints = hints(cursor);
  const alias = targetAlias(cursor);
  const where = cursor.accept('WHERE') ? expression(cursor) : undefined;
  return {
    kind: 'delete', table, hints: tableHints, position: cursor.from(start),
    ...(alias === undefined ? {} : { alias }),
    ...(where === undefined ? {} : { where }),
  };
}

/**
 * The doors of the parser. All of them throw ParseError (MR1xxx) for text that is not Flink SQL.
 */
import type { DataType, Expression, Position, Statement } from './ast/index.js';
import { errorOf, MillraceError } from '../errors/index.js';
import { tokenize } from './lexer/lexer.js';
import { TokenKind, type TokenList } from './lexer/tokens.js';
import { Cursor } from './parser/cursor.js';
import { nullableType } from './parser/data-types.js';
import { expression } from './parser/expressions.js';
import { insertList, statement } from './parser/statements.js';

/** A statement of a script with the text it came from. */
export interface ScriptStatement {
  readonly statement: Statement;
  /** The text without the semicolon, from the first token to the last. */
  readonly text: string;
  /** Where the text stands in the script. */
  readonly position: Position;
}

/** Parses one statement; a semicolon may follow. Time is linear in the length of the text. */
export function parseStatement(sql: string): Statement {
  return run(tokenize(sql), 0, (cursor) => {
    refuseEmpty(cursor);
    const parsed = statement(cursor);
    const semicolon = cursor.accept(';');
    while (cursor.accept(';'));
    if (semicolon && cursor.kind() !== TokenKind.end) {
      throw errorOf('MR1017', {}, cursor.context(cursor.index));
    }
    expectEnd(cursor);
    return parsed;
  });
}

/**
 * Parses the statements of a script, parted by semicolons. A statement set is one statement, also
 * in the form BEGIN STATEMENT SET; ... END; empty statements are skipped.
 */
export function parseScript(sql: string): readonly ScriptStatement[] {
  return [...scriptStatements(sql)];
}

/**
 * Parses a script statement by statement, so that the first ones can run before a later one is
 * found to be wrong.
 */
export function* scriptStatements(sql: string): Generator<ScriptStatement, void, undefined> {
  const tokens = tokenize(sql);
  let index = 0;
  for (;;) {
    while (tokens.words[index] === ';') index++;
    if (tokens.kinds[index] === TokenKind.end) return;
    const start = index;
    const parsed = run(tokens, start, (cursor) => {
      const whole = scriptStatement(cursor);
      if (cursor.kind() !== TokenKind.end && !cursor.at(';')) cursor.unexpected(';');
      index = cursor.index;
      return whole;
    });
    const { position } = parsed;
    const text = sql.slice(position.offset, position.endOffset);
    yield { statement: parsed, text, position };
  }
}

/** Parses an expression on its own. */
export function parseExpression(sql: string): Expression {
  return run(tokenize(sql), 0, (cursor) => {
    refuseEmpty(cursor);
    const parsed = expression(cursor);
    expectEnd(cursor);
    return parsed;
  });
}

/** Parses a data type as DDL writes it or as Flink prints it: INTERVAL and NULL included. */
export function parseDataType(text: string): DataType {
  return run(tokenize(text, true), 0, (cursor) => {
    refuseEmpty(cursor);
    cursor.printedTypes = true;
    const parsed = nullableType(cursor);
    expectEnd(cursor);
    return parsed;
  });
}

/**
 * Runs a rule. If it fails, it runs again and remembers what it looks for, so that the error can
 * say what was expected and good input does not pay for it.
 */
function run<Result>(tokens: TokenList, index: number, rule: (cursor: Cursor) => Result): Result {
  const cursor = new Cursor(tokens);
  cursor.index = index;
  try {
    return rule(cursor);
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error;
  }
  return rule(Cursor.explaining(tokens, index));
}

function refuseEmpty(cursor: Cursor): void {
  if (cursor.kind() === TokenKind.end) throw errorOf('MR1016', {}, cursor.context(0));
}

function expectEnd(cursor: Cursor): void {
  if (cursor.kind() !== TokenKind.end) cursor.unexpected();
}

/** One statement; from BEGIN STATEMENT SET on, all up to END. */
function scriptStatement(cursor: Cursor): Statement {
  const start = cursor.index;
  const first = statement(cursor);
  if (first.kind !== 'begin-statement-set') return first;
  cursor.expect(';');
  const inserts = cursor.at('END') ? [] : insertList(cursor);
  cursor.expect('END');
  return { kind: 'statement-set', inserts, position: cursor.from(start) };
}

/**
 * The doors of the parser. All of them throw ParseError (MR1xxx) for text that is not Flink SQL.
 */
import type { DataType, Expression, Position, Statement } from './ast/index.js';
import { errorOf, MillraceError } from '../errors/index.js';
import { tokenize, tokensFrom } from './lexer/lexer.js';
import { TokenKind, type TokenList } from './lexer/tokens.js';
import { Cursor } from './parser/cursor.js';
import { nullableType } from './parser/data-types.js';
import { expression } from './parser/expressions.js';
import { insertList, statement } from './parser/statements.js';

interface ScriptText {
  /** The text without the semicolon, from the first token to the last. */
  readonly text: string;
  /** Where the text stands in the script. */
  readonly position: Position;
}

/** A statement of a script with the text it came from. */
export interface ScriptStatement extends ScriptText {
  readonly statement: Statement;
}

/** A part of a script that is no statement. */
export interface ScriptFault extends ScriptText {
  readonly error: MillraceError;
}

export type ScriptPiece = ScriptStatement | ScriptFault;

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
  const statements: ScriptStatement[] = [];
  for (const piece of scriptPieces(sql)) {
    if ('error' in piece) throw piece.error;
    statements.push(piece);
  }
  return statements;
}

/**
 * Parses a script statement by statement. One that is wrong is a piece with its error, and ends at
 * the next semicolon.
 */
export function* scriptPieces(sql: string): Generator<ScriptPiece, void, undefined> {
  let tokens = tokenize(sql);
  let index = 0;
  for (;;) {
    while (tokens.words[index] === ';') index++;
    if (tokens.kinds[index] === TokenKind.end) {
      const rest = startOf(tokens, index);
      if (rest.offset >= sql.length) return;
      tokens = tokensFrom(sql, rest);
      index = 0;
      continue;
    }
    const start = index;
    try {
      const { statement: parsed, end } = run(tokens, start, statementOfScript);
      index = end;
      yield { statement: parsed, ...textOf(tokens, start, end) };
    } catch (error) {
      if (!(error instanceof MillraceError)) throw error;
      while (tokens.kinds[index] !== TokenKind.end && tokens.words[index] !== ';') index++;
      yield { error, ...textOf(tokens, start, index) };
    }
  }
}

/** A statement and the number of the token behind it, a semicolon or the end. */
function statementOfScript(cursor: Cursor): { statement: Statement; end: number } {
  const whole = scriptStatement(cursor);
  if (cursor.kind() !== TokenKind.end && !cursor.at(';')) cursor.unexpected(';');
  return { statement: whole, end: cursor.index };
}

const startOf = (
  { starts, lines, columns }: TokenList, index: number,
): Omit<Position, 'endOffset'> =>
  ({ offset: starts[index]!, line: lines[index]!, column: columns[index]! });

/** The text of the tokens from `start` up to `end`. */
function textOf(tokens: TokenList, start: number, end: number): ScriptText {
  const endOffset = tokens.ends[end - 1]!;
  const position = { ...startOf(tokens, start), endOffset };
  return { text: tokens.source.slice(position.offset, endOffset), position };
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

/**
 * Names and the small things that stand everywhere: identifiers, strings, numbers, options.
 */
import type { Identifier, OptionEntry, QualifiedName, StringLiteral } from '../ast/index.js';
import { errorOf } from '../../errors/index.js';
import { reservedWords } from '../lexer/keywords.js';
import { TokenKind } from '../lexer/tokens.js';
import type { Cursor } from './cursor.js';
import { stringLiteral } from './literals.js';

/** Longest identifier, as in Flink. */
const maxIdentifierLength = 256;

/** Whether the token `ahead` can be a name: quoted, or a word that is not reserved. */
export function atIdentifier(cursor: Cursor, ahead = 0): boolean {
  const kind = cursor.kind(ahead);
  if (kind === TokenKind.word) return !reservedWords.has(cursor.word(ahead));
  if (kind === TokenKind.quotedIdentifier) return true;
  cursor.note('a name');
  return false;
}

/** One name. */
export function identifier(cursor: Cursor): Identifier {
  if (!atIdentifier(cursor)) wrongName(cursor);
  const quoted = cursor.kind() === TokenKind.quotedIdentifier;
  const text = cursor.text();
  const name = quoted ? text.slice(1, -1).replaceAll('``', '`') : text;
  if (name.length > maxIdentifierLength) {
    const values = { length: name.length, limit: maxIdentifierLength };
    throw errorOf('MR1011', values, cursor.context(cursor.index));
  }
  const start = cursor.index++;
  return { kind: 'identifier', name, quoted, position: cursor.from(start) };
}

/** A name with dots. */
export function qualifiedName(cursor: Cursor): QualifiedName {
  const start = cursor.index;
  const parts = [identifier(cursor)];
  while (cursor.accept('.')) parts.push(identifier(cursor));
  return { kind: 'qualified-name', parts, position: cursor.from(start) };
}

/** (a, b, c). */
export function identifierList(cursor: Cursor): readonly Identifier[] {
  return cursor.parenthesized(identifier);
}

/** (a, b, c), or nothing: then empty. */
export function optionalIdentifierList(cursor: Cursor): readonly Identifier[] {
  return cursor.at('(') ? identifierList(cursor) : [];
}

/** a or (a, b, c). */
export function identifierOrList(cursor: Cursor): readonly Identifier[] {
  return cursor.at('(') ? identifierList(cursor) : [identifier(cursor)];
}

/** The value of a string literal. */
export function stringValue(cursor: Cursor): string {
  return stringLiteral(cursor).value;
}

/** COMMENT 'text', or nothing. */
export function optionalComment(cursor: Cursor): StringLiteral | undefined {
  return cursor.accept('COMMENT') ? stringLiteral(cursor) : undefined;
}

/** A number without sign, dot or exponent, at most 2^31 - 1. */
export function unsignedInteger(cursor: Cursor): number {
  if (cursor.kind() !== TokenKind.integer) cursor.unexpected('a number');
  const value = Number(cursor.text());
  if (value > 0x7fffffff) {
    throw errorOf('MR1021', { number: cursor.text() }, cursor.context(cursor.index));
  }
  cursor.index++;
  return value;
}

/** ('k' = 'v', ...), perhaps empty. */
export function optionList(cursor: Cursor): readonly OptionEntry[] {
  cursor.expect('(');
  if (cursor.accept(')')) return [];
  const options = cursor.list(optionEntry);
  cursor.expect(')');
  return options;
}

/** WITH ('k' = 'v', ...), or nothing: then empty. */
export function optionalWith(cursor: Cursor): readonly OptionEntry[] {
  return cursor.accept('WITH') ? optionList(cursor) : [];
}

/** ('k', ...), perhaps empty. */
export function optionKeyList(cursor: Cursor): readonly string[] {
  cursor.expect('(');
  if (cursor.accept(')')) return [];
  const keys = cursor.list(stringValue);
  cursor.expect(')');
  return keys;
}

/** IF EXISTS. */
export function ifExists(cursor: Cursor): boolean {
  return cursor.acceptAll('IF', 'EXISTS');
}

/** IF NOT EXISTS. */
export function ifNotExists(cursor: Cursor): boolean {
  return cursor.acceptAll('IF', 'NOT', 'EXISTS');
}

function optionEntry(cursor: Cursor): OptionEntry {
  const start = cursor.index;
  const key = stringValue(cursor);
  cursor.expect('=');
  const value = stringValue(cursor);
  return { kind: 'option', key, value, position: cursor.from(start) };
}

function wrongName(cursor: Cursor): never {
  if (!reservedWords.has(cursor.word())) cursor.unexpected();
  throw errorOf('MR1012', { word: cursor.text() }, cursor.context(cursor.index));
}

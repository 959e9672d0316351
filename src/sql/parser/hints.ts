/**
 * Hints: comments with a plus behind SELECT and behind table names.
 */
import type { Hint, OptionEntry } from '../ast/index.js';
import { TokenKind } from '../lexer/tokens.js';
import type { Cursor } from './cursor.js';
import { atNumber, numberLiteral } from './literals.js';
import { atIdentifier, identifier, stringValue } from './names.js';

/** All hints of one comment; empty if there is none. */
export function hints(cursor: Cursor): readonly Hint[] {
  if (!cursor.accept('/*+')) return [];
  const list = cursor.list(hint);
  cursor.expect('*/');
  return list;
}

function hint(cursor: Cursor): Hint {
  const start = cursor.index;
  const { name } = identifier(cursor);
  const options: OptionEntry[] = [];
  const values: string[] = [];
  if (cursor.accept('(') && !cursor.accept(')')) {
    do {
      if (cursor.word(1) === '=') options.push(hintOption(cursor));
      else values.push(hintValue(cursor));
    } while (cursor.accept(','));
    cursor.expect(')');
  }
  if (options.length > 0 && values.length > 0) cursor.unexpected();
  return { kind: 'hint', name, options, values, position: cursor.from(start) };
}

function hintOption(cursor: Cursor): OptionEntry {
  const start = cursor.index;
  const key = cursor.kind() === TokenKind.string ? stringValue(cursor) : identifier(cursor).name;
  cursor.expect('=');
  const value = stringValue(cursor);
  return { kind: 'option', key, value, position: cursor.from(start) };
}

/** A name with dots, a number or a string: their text. */
function hintValue(cursor: Cursor): string {
  if (cursor.word() === '-' || cursor.word() === '+') {
    const sign = cursor.expectOneOf('-', '+');
    return (sign === '-' ? sign : '') + numberLiteral(cursor).text;
  }
  if (atNumber(cursor)) return numberLiteral(cursor).text;
  if (!atIdentifier(cursor)) return stringValue(cursor);
  return identifier(cursor).name;
}

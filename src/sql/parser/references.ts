/**
 * References by name in expressions: a, a.b.c, t.*.
 */
import type { Identifier, NameReference, Star } from '../ast/index.js';
import type { Cursor } from './cursor.js';
import { identifier } from './names.js';

/** a.b.c. */
export function nameReference(cursor: Cursor): NameReference {
  const start = cursor.index;
  const parts = [identifier(cursor)];
  while (cursor.word() === '.' && cursor.word(1) !== '*') {
    cursor.index++;
    parts.push(identifier(cursor));
  }
  return { kind: 'name-reference', parts, position: cursor.from(start) };
}

/** `.*` behind a name makes it a star. */
export function nameOrStar(cursor: Cursor): NameReference | Star {
  const start = cursor.index;
  const name = nameReference(cursor);
  return cursor.acceptAll('.', '*') ? starOf(cursor, start, name.parts) : name;
}

/** A star from token `start` on. */
export function starOf(cursor: Cursor, start: number, qualifier: readonly Identifier[]): Star {
  return { kind: 'star', qualifier, position: cursor.from(start) };
}

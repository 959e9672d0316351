/**
 * Patterns of dates: those of java.time.format.DateTimeFormatter (`time`) and those of
 * java.text.SimpleDateFormat (`simple`), parted into fields and literal text.
 * native/kernels/date-pattern.h is the same in C++.
 */

export type PatternKind = 'time' | 'simple';

/** A field: letter and count; or literal text; `[` and `]` open and close an optional part. */
export interface PatternItem {
  /** The pattern letter; `'` for literal text; `[` or `]`. */
  readonly letter: string;
  readonly count: number;
  readonly text: string;
}

/** The pattern is none of its kind, or uses what is not supported. */
export class PatternError extends Error {}

/** Most letters of a field, by letter; those left out have no bound. */
const TIME_COUNTS: Readonly<Record<string, number>> = {
  G: 5, u: 19, y: 19, D: 3, M: 5, L: 5, d: 2, Q: 5, q: 5, Y: 19, w: 2, W: 1, E: 5, e: 5, c: 5,
  F: 1, a: 1, h: 2, K: 2, k: 2, H: 2, m: 2, s: 2, S: 9, A: 19, n: 19, N: 19, X: 5, x: 5, Z: 5,
};

const SIMPLE_LETTERS = 'GyYMLwWDdFEuaHkKhmsSzZX';

/** Longest pattern that is read. */
const MAX_PATTERN_LENGTH = 1000;

/** The items of a pattern. */
export function parsePattern(pattern: string, kind: PatternKind): readonly PatternItem[] {
  if (pattern.length > MAX_PATTERN_LENGTH) throw new PatternError('date pattern is too long');
  const items: PatternItem[] = [];
  for (let i = 0; i < pattern.length;) {
    const letter = pattern[i]!;
    if (/[A-Za-z]/.test(letter)) {
      let end = i + 1;
      while (pattern[end] === letter) end++;
      items.push(field(letter, end - i, kind));
      i = end;
    } else if (letter === "'") {
      const [text, end] = quoted(pattern, i);
      items.push({ letter: "'", count: 0, text });
      i = end;
    } else {
      items.push(literal(letter, kind));
      i++;
    }
  }
  return kind === 'time' ? withBalancedOptions(items) : items;
}

function field(letter: string, count: number, kind: PatternKind): PatternItem {
  if (kind === 'simple') {
    if (!SIMPLE_LETTERS.includes(letter)) {
      throw new PatternError(`Illegal pattern character '${letter}'`);
    }
  } else {
    const most = TIME_COUNTS[letter];
    if (most === undefined) throw new PatternError(`Unknown pattern letter: ${letter}`);
    if (count > most) throw new PatternError(`Too many pattern letters: ${letter}`);
  }
  return { letter, count, text: '' };
}

function literal(letter: string, kind: PatternKind): PatternItem {
  if (kind === 'time') {
    if (letter === '{' || letter === '}' || letter === '#') {
      throw new PatternError(`Pattern includes reserved character: '${letter}'`);
    }
    if (letter === '[' || letter === ']') return { letter, count: 0, text: '' };
  }
  return { letter: "'", count: 0, text: letter };
}

/** The text of a quoted part and where it ends; two quotes are one. */
function quoted(pattern: string, start: number): readonly [text: string, end: number] {
  if (pattern[start + 1] === "'") return ["'", start + 2];
  let text = '';
  for (let i = start + 1; i < pattern.length; i++) {
    if (pattern[i] !== "'") text += pattern[i]!;
    else if (pattern[i + 1] === "'") text += pattern[++i]!;
    else return [text, i + 1];
  }
  throw new PatternError(`Pattern ends with an incomplete string literal: ${pattern}`);
}

/** Optional parts left open end with the pattern. */
function withBalancedOptions(items: PatternItem[]): readonly PatternItem[] {
  let depth = 0;
  for (const item of items) {
    if (item.letter === '[') depth++;
    else if (item.letter === ']' && --depth < 0) {
      throw new PatternError('Pattern invalid as it contains ] without previous [');
    }
  }
  for (; depth > 0; depth--) items.push({ letter: ']', count: 0, text: '' });
  return items;
}

export const MONTHS: readonly string[] = [
  'January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September',
  'October', 'November', 'December',
];
/** From Sunday. */
export const WEEKDAYS: readonly string[] = [
  'Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday',
];

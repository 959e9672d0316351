/**
 * Tokens as columns: one array per attribute, one entry per token, closed by an `end` token.
 */
import type { MillraceError } from '../../errors/index.js';

/** Kinds of tokens. Words of the grammar are of kind `word`, like any unquoted name. */
export const TokenKind = {
  end: 0,
  word: 1,
  quotedIdentifier: 2,
  symbol: 3,
  integer: 4,
  decimal: 5,
  approximate: 6,
  /** 'text' */
  string: 7,
  /** N'text', _charset'text' */
  prefixedString: 8,
  /** U&'text' */
  unicodeString: 9,
  /** E'text' */
  escapeString: 10,
  /** X'text' */
  binaryString: 11,
  /** Text that is no token; `TokenList.error` says why. Always the last one before `end`. */
  error: 12,
} as const;

/**
 * The tokens of a text. All arrays have the same length; the last token is `end`, at the end of
 * the text or behind an `error`.
 */
export interface TokenList {
  readonly source: string;
  readonly kinds: readonly number[];
  /** Offsets of the first character, and of the one behind the last. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** Line and column of the first character, from 1. */
  readonly lines: readonly number[];
  readonly columns: readonly number[];
  /** Word of the grammar in upper case, or the symbol; '' for all others. */
  readonly words: readonly string[];
  /** What is wrong with the `error` token. */
  readonly error?: MillraceError;
}

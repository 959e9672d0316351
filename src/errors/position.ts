/**
 * Places in SQL text, as errors and syntax trees state them.
 */

/** Where something stands in the SQL text. */
export interface Position {
  /** Line of the first character, from 1. */
  readonly line: number;
  /** Column of the first character in its line, from 1, counted in UTF-16 code units. */
  readonly column: number;
  /** Index of the first character in the text, from 0, in UTF-16 code units. */
  readonly offset: number;
  /** Index just behind the last character. */
  readonly endOffset: number;
}

/**
 * Errors as text: the headline, the quoted line with a caret, what was expected, hints.
 */
import type { Position } from './position.js';

/** The parts of an error that are printed. */
export interface ErrorParts {
  readonly code: string;
  readonly text: string;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  readonly position?: Position | undefined;
  readonly source?: string | undefined;
  readonly expected?: readonly string[] | undefined;
}

/** Longest piece of a source line that is quoted; longer lines are cut around the caret. */
const maxQuotedColumns = 100;

/** Most alternatives listed behind `expected:`. */
const maxExpectedListed = 12;

/**
 * Renders an error over several lines:
 *
 *     MR1001 unexpected token: 'FORM'
 *       at line 3, column 14
 *       SELECT price FORM bid
 *                    ^^^^
 *       expected: FROM, ','
 *       hint: did you mean FROM?
 */
export function renderError(parts: ErrorParts): string {
  const lines = [`${parts.code} ${parts.text}`];
  const { position, source } = parts;
  if (position !== undefined) {
    lines.push(`at line ${position.line}, column ${position.column}`);
    if (source !== undefined) lines.push(...quoteSource(source, position));
  }
  if (parts.detail !== undefined) lines.push(`detail: ${parts.detail}`);
  if (parts.expected !== undefined && parts.expected.length > 0) {
    lines.push(`expected: ${listExpected(parts.expected)}`);
  }
  if (parts.hint !== undefined) lines.push(`hint: ${parts.hint}`);
  return lines.join('\n  ');
}

function listExpected(expected: readonly string[]): string {
  const listed = expected.slice(0, maxExpectedListed).join(', ');
  return expected.length > maxExpectedListed ? `${listed}, ...` : listed;
}

function quoteSource(source: string, position: Position): readonly string[] {
  const offset = Math.min(position.offset, source.length);
  const before = source.slice(Math.max(0, offset - maxQuotedColumns), offset);
  const lineBefore = before.slice(lastLineBreak(before) + 1);
  const after = source.slice(offset, offset + maxQuotedColumns).split(/[\r\n]/, 1)[0] ?? '';
  const cutBefore = lineBefore.length > maxQuotedColumns / 2
    ? `...${lineBefore.slice(-maxQuotedColumns / 2)}` : lineBefore;
  const roomAfter = maxQuotedColumns - cutBefore.length;
  const cutAfter = after.length > roomAfter ? `${after.slice(0, roomAfter)}...` : after;
  const length = Math.min(position.endOffset - position.offset, after.length, roomAfter);
  const indent = cutBefore.replace(/[^\t]/g, ' ');
  return [`${cutBefore}${cutAfter}`, `${indent}${'^'.repeat(Math.max(1, length))}`];
}

function lastLineBreak(text: string): number {
  return Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r'));
}

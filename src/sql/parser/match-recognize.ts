/**
 * MATCH_RECOGNIZE: its clauses and row patterns.
 */
import type {
  AfterMatch, MatchDefinition, MatchMeasure, MatchRecognizeTable, MatchSubset, Pattern,
  TableExpression,
} from '../ast/index.js';
import type { Cursor } from './cursor.js';
import { expression, expressionWithoutQuery } from './expressions.js';
import { interval } from './literals.js';
import { atIdentifier, identifier, identifierList, unsignedInteger } from './names.js';
import { orderBy } from './queries.js';

/** MATCH_RECOGNIZE (...) behind a table. */
export function matchRecognize(
  cursor: Cursor, start: number, input: TableExpression,
): MatchRecognizeTable {
  cursor.expect('MATCH_RECOGNIZE', '(');
  const partitionBy = cursor.acceptAll('PARTITION', 'BY')
    ? cursor.list(expressionWithoutQuery) : [];
  const order = cursor.at('ORDER') ? orderBy(cursor) : [];
  const measures = cursor.accept('MEASURES') ? cursor.list(measure) : [];
  const rowsPerMatch = rows(cursor);
  const skip = cursor.at('AFTER') ? afterMatch(cursor) : undefined;
  const body = patternClauses(cursor);
  cursor.expect(')');
  return {
    kind: 'match-recognize', input, partitionBy, orderBy: order, measures, ...body,
    position: cursor.from(start),
    ...(rowsPerMatch === undefined ? {} : { rowsPerMatch }),
    ...(skip === undefined ? {} : { afterMatch: skip }),
  };
}

function measure(cursor: Cursor): MatchMeasure {
  const start = cursor.index;
  const value = expressionWithoutQuery(cursor);
  cursor.expect('AS');
  const name = identifier(cursor);
  return { kind: 'match-measure', expression: value, name, position: cursor.from(start) };
}

function rows(cursor: Cursor): 'one' | 'all' | undefined {
  if (cursor.acceptAll('ONE', 'ROW', 'PER', 'MATCH')) return 'one';
  return cursor.acceptAll('ALL', 'ROWS', 'PER', 'MATCH') ? 'all' : undefined;
}

function afterMatch(cursor: Cursor): AfterMatch {
  const start = cursor.index;
  cursor.expect('AFTER', 'MATCH', 'SKIP');
  if (cursor.accept('PAST')) {
    cursor.expect('LAST', 'ROW');
    return { kind: 'after-match', skip: 'past-last-row', position: cursor.from(start) };
  }
  cursor.expect('TO');
  if (cursor.acceptAll('NEXT', 'ROW')) {
    return { kind: 'after-match', skip: 'next-row', position: cursor.from(start) };
  }
  const first = cursor.word() === 'FIRST' && atIdentifier(cursor, 1);
  if (first || (cursor.word() === 'LAST' && atIdentifier(cursor, 1))) cursor.index++;
  const variable = identifier(cursor);
  const skip = first ? 'to-first' : 'to-last';
  return { kind: 'after-match', skip, variable, position: cursor.from(start) };
}

type PatternClauses = Pick<
  MatchRecognizeTable, 'anchorStart' | 'anchorEnd' | 'pattern' | 'within' | 'subsets' | 'define'>;

function patternClauses(cursor: Cursor): PatternClauses {
  cursor.expect('PATTERN', '(');
  const anchorStart = cursor.accept('^');
  const whole = pattern(cursor);
  const anchorEnd = cursor.text() === '$';
  if (anchorEnd) cursor.index++;
  cursor.expect(')');
  const within = cursor.accept('WITHIN') ? interval(cursor) : undefined;
  const subsets = cursor.accept('SUBSET') ? cursor.list(subset) : [];
  cursor.expect('DEFINE');
  const define = cursor.list(definition);
  return {
    anchorStart, anchorEnd, pattern: whole, subsets, define,
    ...(within === undefined ? {} : { within }),
  };
}

function subset(cursor: Cursor): MatchSubset {
  const start = cursor.index;
  const name = identifier(cursor);
  cursor.expect('=');
  const variables = identifierList(cursor);
  return { kind: 'match-subset', name, variables, position: cursor.from(start) };
}

function definition(cursor: Cursor): MatchDefinition {
  const start = cursor.index;
  const variable = identifier(cursor);
  cursor.expect('AS');
  const condition = expression(cursor);
  return { kind: 'match-definition', variable, condition, position: cursor.from(start) };
}

/** a b | c d. */
function pattern(cursor: Cursor): Pattern {
  return cursor.nested(() => {
    const start = cursor.index;
    const items = [patternSequence(cursor)];
    while (cursor.accept('|')) items.push(patternSequence(cursor));
    const [only] = items;
    if (only !== undefined && items.length === 1) return only;
    return { kind: 'pattern-alternation', items, position: cursor.from(start) };
  });
}

function patternSequence(cursor: Cursor): Pattern {
  const start = cursor.index;
  const items = [patternFactor(cursor)];
  while (atPatternPrimary(cursor)) items.push(patternFactor(cursor));
  const [only] = items;
  if (only !== undefined && items.length === 1) return only;
  return { kind: 'pattern-sequence', items, position: cursor.from(start) };
}

/** A `$` ends the pattern, though it could be a name. */
function atPatternPrimary(cursor: Cursor): boolean {
  if (cursor.text() === '$') return false;
  return cursor.at('(') || cursor.at('{') || cursor.at('PERMUTE') || atIdentifier(cursor);
}

function patternFactor(cursor: Cursor): Pattern {
  const start = cursor.index;
  const item = patternPrimary(cursor);
  const bounds = quantifierBounds(cursor);
  if (bounds === undefined) return item;
  const reluctant = cursor.accept('?');
  const { low, high } = bounds;
  return {
    kind: 'pattern-quantifier', item, low, reluctant, position: cursor.from(start),
    ...(high === undefined ? {} : { high }),
  };
}

function patternPrimary(cursor: Cursor): Pattern {
  const start = cursor.index;
  if (cursor.accept('(')) {
    const inner = pattern(cursor);
    cursor.expect(')');
    return inner;
  }
  if (cursor.acceptAll('{', '-')) {
    const inner = pattern(cursor);
    cursor.expect('-', '}');
    return { kind: 'pattern-exclusion', items: [inner], position: cursor.from(start) };
  }
  if (cursor.accept('PERMUTE')) {
    const items = cursor.parenthesized(pattern);
    return { kind: 'pattern-permute', items, position: cursor.from(start) };
  }
  const variable = identifier(cursor);
  return { kind: 'pattern-variable', variable, position: cursor.from(start) };
}

/** *, +, ?, {n}, {n,}, {n,m}, {,m}. */
function quantifierBounds(
  cursor: Cursor,
): { readonly low: number; readonly high?: number } | undefined {
  if (cursor.accept('*')) return { low: 0 };
  if (cursor.accept('+')) return { low: 1 };
  if (cursor.accept('?')) return { low: 0, high: 1 };
  if (cursor.word() !== '{' || cursor.word(1) === '-') return undefined;
  cursor.expect('{');
  if (cursor.accept(',')) {
    const high = unsignedInteger(cursor);
    cursor.expect('}');
    return { low: 0, high };
  }
  const low = unsignedInteger(cursor);
  if (cursor.accept('}')) return { low, high: low };
  cursor.expect(',');
  if (cursor.accept('}')) return { low };
  const high = unsignedInteger(cursor);
  cursor.expect('}');
  return { low, high };
}

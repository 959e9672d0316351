/**
 * MATCH_RECOGNIZE as Flink's EXPLAIN prints it: conditions over numbered columns, measures over
 * named ones, each behind its variable (`*` where it has none).
 */
import type { MatchRecognizeTable, Pattern } from '../../sql/ast/table.js';
import { INT, notNull } from '../../types/data-type.js';
import { expressionText } from '../physical/expression-text.js';
import type { MatchSkip } from '../physical/match-plan.js';
import { call, column, constant, type Expression, mapColumns, rewrite } from './expression.js';
import type { Match, MatchText } from './node.js';

type Untold = Omit<Match, 'shown'>;

/** A condition as it was written; `name` need not be in the pattern. */
export interface Definition {
  readonly name: string;
  readonly condition: Expression;
}

export function matchTexts(
  match: Untold, definitions: readonly Definition[], syntax: MatchRecognizeTable,
): MatchText {
  const define = definitions.map((one) =>
    ({ name: one.name, text: defineText(match, one.condition, one.name) }));
  const subsets = syntax.subsets.map((one) =>
    ({ name: one.name.name, of: one.variables.map((variable) => variable.name).join(', ') }));
  const pattern = patternText(syntax.pattern);
  return Object.freeze({
    pattern, after: skipText(match),
    define: define.map(({ name, text }) => `${name}=${text}`),
    subsets: subsets.map(({ name, of }) => `${name} = (${of})`),
    measures: match.measures.map((one) => measureText(match, one)),
    logical: logicalText(match, syntax, {
      pattern, define: define.map((one) => one.text), subsets: subsets.map((one) => `[${one.of}]`),
    }),
  });
}

function patternText(pattern: Pattern): string {
  switch (pattern.kind) {
    case 'pattern-variable':
      return `_UTF-16LE'${pattern.variable.name}'`;
    case 'pattern-quantifier':
      return `PATTERN_QUANTIFIER(${patternText(pattern.item)}, ${pattern.low}, ` +
        `${pattern.high ?? -1}, ${pattern.reluctant})`;
    default:
      return pattern.items.map(patternText).reduce((left, right) => `(${left}, ${right})`);
  }
}

const SKIPS: Readonly<Record<MatchSkip['to'], string>> = {
  'past-last-row': 'SKIP PAST LAST ROW', 'next-row': 'SKIP TO NEXT ROW',
  first: 'SKIP TO FIRST', last: 'SKIP TO LAST',
};

function skipText({ skip, pattern }: Untold): string {
  const name = pattern[skip.variable]?.name;
  return name === undefined ? SKIPS[skip.to] : `${SKIPS[skip.to]} _UTF-16LE'${name}'`;
}

function defineText(match: Untold, condition: Expression, own: string): string {
  const text = expressionText(withMoves(match, condition), [], 'prefix');
  return named(match, text, (variable, index, isMoved) => {
    const field = `${variable}.$${index}`;
    return isMoved ? field : `${variable === own ? 'PREV' : 'LAST'}(${field}, 0)`;
  });
}

function measureText(match: Untold, measure: Expression): string {
  const { length } = match.input.schema;
  const names = Array.from({ length: length * (match.pattern.length + 1) }, (_, i) => `$${i}`);
  const text = expressionText(withMoves(match, measure), names, 'prefix');
  const shown = named(match, text, (variable, index) =>
    `${variable}.${match.input.schema[index]?.name ?? index}`);
  return `FINAL(${shown})`;
}

/** match_row calls as FIRST($i, offset); their columns and those of aggregates far behind. */
function withMoves(match: Untold, expression: Expression): Expression {
  return rewrite(expression, (part) => {
    if (part.kind === 'aggregate') return mapColumns(part, (index) => index + moveOf(match));
    if (part.kind !== 'call' || part.kernel !== 'match_row') return undefined;
    const [inner] = part.arguments;
    if (inner?.kind !== 'column') return undefined;
    const offset = constant(Number(part.options?.['offset'] ?? 0), notNull(INT));
    const moved = column(inner.index + moveOf(match), inner.type);
    return call({ ...part, kernel: part.name, arguments: [moved, offset] });
  });
}

const moveOf = (match: Untold): number =>
  match.input.schema.length * (match.pattern.length + 1);

function named(
  match: Untold, text: string,
  name: (variable: string, index: number, isMoved: boolean) => string,
): string {
  const width = match.input.schema.length;
  const moved = moveOf(match);
  return text.replaceAll(/\$(\d+)/g, (_, digits: string) => {
    const place = Number(digits) % moved;
    const variable = match.pattern[Math.floor(place / width) - 1]?.name ?? '*';
    return name(variable, place % width, Number(digits) >= moved);
  });
}

interface LogicalParts {
  readonly pattern: string;
  readonly define: readonly string[];
  readonly subsets: readonly string[];
}

function logicalText(match: Untold, syntax: MatchRecognizeTable, parts: LogicalParts): string {
  const { partition, orderBy, schema, skip, withinMs, input } = match;
  const order = orderBy.map((key) => `${key.column} ${key.descending ? 'DESC' : 'ASC'}-nulls-${
    key.nullsFirst ? 'first' : 'last'}`);
  const name = match.pattern[skip.variable]?.name;
  const after = name === undefined ? `FLAG(${SKIPS[skip.to]})`
    : `${SKIPS[skip.to]}(_UTF-16LE'${name}')`;
  const interval = withinMs === 0 ? '' : `interval=[${withinMs}:${spanText(syntax)}], `;
  return `LogicalMatch(partition=[[${partition.join(', ')}]], order=[[${order.join(', ')}]], ` +
    `outputFields=[[${schema.map((one) => one.name).join(', ')}]], allRows=[false], ` +
    `after=[${after}], pattern=[${parts.pattern}], isStrictStarts=[${syntax.anchorStart}], ` +
    `isStrictEnds=[${syntax.anchorEnd}], ${interval}subsets=[[${parts.subsets.join(', ')}]], ` +
    `patternDefinitions=[[${parts.define.join(', ')}]], ` +
    `inputFields=[[${input.schema.map((one) => one.name).join(', ')}]])`;
}

function spanText({ within }: MatchRecognizeTable): string {
  if (within?.kind !== 'interval-literal') return 'INTERVAL SECOND';
  const { start, end } = within.qualifier;
  return `INTERVAL ${start.toUpperCase()}${end === undefined ? '' : ` TO ${end.toUpperCase()}`}`;
}

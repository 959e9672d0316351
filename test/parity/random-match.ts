/** Random row patterns over the table of random-table.ts. */
import fc from 'fast-check';
import type { RandomQuery } from './random-query.js';

const pick = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

/** v: the own variable, o: one at or before it. */
const condition = pick(
  '{v}.i > 3', '{v}.i > LAST({v}.i, 1) OR LAST({v}.i, 1) IS NULL', '{v}.d < {o}.d', 'i <> 2',
  '{v}.i >= FIRST({o}.i)', 'SUM({v}.i) < 12', 'COUNT({o}.id) < 3', "{v}.s || 'x' <> LAST(s, 1)",
  '{v}.d > AVG({o}.d)', 'f', '{v}.e > FIRST({o}.e, 1) OR {o}.f', '12 / {v}.i > 1', 'TRUE');

interface Part {
  readonly quantifier: string;
  readonly condition: string | null;
  readonly other: number;
}

const isGreedy = (part: Part | undefined): boolean =>
  part !== undefined && ['+', '*', '{1,2}', '{0,2}', '{2,}'].includes(part.quantifier);
const isOptional = (part: Part): boolean => /^(\*|\?|\{0)/.test(part.quantifier);
const mayFollowGreedy = (part: Part): boolean => !/^(\*|\?)/.test(part.quantifier);

const part = fc.record({
  quantifier: pick(
    '', '', '', '+', '*', '+?', '*?', '{2}', '{1,2}', '{0,2}', '{2,3}?', '?', '{2,}'),
  condition: fc.option(condition, { freq: 6 }), other: fc.nat(3),
});

/** What Flink takes: no greedy end, nothing optional behind a greedy part, not all optional. */
const parts = fc.array(part, { minLength: 1, maxLength: 4 }).filter((list) =>
  !isGreedy(list.at(-1)) && !list.every(isOptional) &&
  list.some((one) => one.condition !== null) &&
  list.every((one, i) => !isGreedy(list[i - 1]) || mayFollowGreedy(one)));

const within = pick('', '', " WITHIN INTERVAL '4' SECOND", " WITHIN INTERVAL '11' SECOND");
const skip = pick('PAST LAST ROW', 'TO NEXT ROW');
const order = pick('ts', 'ts, id', 'ts, d DESC, s');
const partition = pick('PARTITION BY k ', 'PARTITION BY k, f ', '');

const nameOf = (index: number): string => 'ABCD'[index] ?? 'A';

function sqlOf(
  list: readonly Part[], keys: string, sort: string, after: string, span: string,
): string {
  const names = list.map((_, i) => nameOf(i));
  const measures = names.map((v) =>
    `COUNT(${v}.id) AS n${v}, FIRST(${v}.id) AS f${v}, LAST(${v}.s, 1) AS s${v}`);
  const define = list.flatMap((one, i) => (one.condition === null ? []
    : [`${nameOf(i)} AS ${one.condition.replaceAll('{v}', nameOf(i))
      .replaceAll('{o}', nameOf(one.other % (i + 1)))}`]));
  const pattern = list.map((one, i) => `${nameOf(i)}${one.quantifier}`).join(' ');
  return `SELECT * FROM t MATCH_RECOGNIZE (${keys}ORDER BY ${sort} MEASURES ` +
    `${measures.join(', ')}, SUM(i) AS total, MATCH_ROWTIME() AS seen AFTER MATCH SKIP ${after} ` +
    `PATTERN (${pattern})${span} DEFINE ${define.join(', ')})`;
}

export const matchQuery: fc.Arbitrary<RandomQuery> = fc.tuple(parts, partition, order, skip, within)
  .map(([list, keys, sort, after, span]): RandomQuery => ({
    sql: sqlOf(list, keys, sort, after, span), equal: ['changes', 'changes'], isTimed: true,
  }));

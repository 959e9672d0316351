/**
 * Random well-typed expressions without columns, as SQL text, from a seed. A template is a text
 * with a type's name in braces for each part; the same types stand in the table of templates.
 */
import { pick, type Random } from '../expr/random-expression.js';

type Kind = 'int' | 'big' | 'real' | 'dec' | 'text' | 'flag' | 'date' | 'time' | 'ints' | 'texts'
  | 'map' | 'json';

/** What stands where no deeper expression may. */
const LEAVES: Readonly<Record<Kind, readonly string[]>> = {
  int: ['0', '1', '-3', '7', '42', '2147483647', 'CAST(NULL AS INT)'],
  big: ['CAST(5 AS BIGINT)', '3000000000', '-9223372036854775807', 'CAST(NULL AS BIGINT)'],
  real: ['1.5e0', '-2e0', '0.1e0', '1e10', 'CAST(NULL AS DOUBLE)'],
  dec: ['1.25', '-0.5', '100.00', 'CAST(7 AS DECIMAL(10, 3))', 'CAST(NULL AS DECIMAL(6, 2))'],
  text: ['\'\'', '\'a\'', '\'Hello, World\'', '\'12\'', '\'é b\'', 'CAST(NULL AS STRING)',
    '\'a=1,b=2\'', '\'2021-03-04\''],
  flag: ['TRUE', 'FALSE', 'CAST(NULL AS BOOLEAN)'],
  date: ['DATE \'2020-02-29\'', 'DATE \'1969-12-31\'', 'CAST(NULL AS DATE)'],
  time: ['TIMESTAMP \'2020-02-29 12:34:56.789\'', 'TIMESTAMP \'1969-12-31 23:59:59\'',
    'CAST(NULL AS TIMESTAMP(3))'],
  ints: ['ARRAY[1, 2, 2]', 'ARRAY[5, CAST(NULL AS INT)]', 'CAST(NULL AS ARRAY<INT>)'],
  texts: ['ARRAY[\'a\', \'bc\']', 'CAST(ARRAY[\'x\', NULL] AS ARRAY<STRING>)'],
  map: ['MAP[\'a\', 1, \'b\', 2]', 'MAP[\'a\', CAST(NULL AS INT)]'],
  json: ['\'{"a": 1, "b": [1, "x"]}\'', '\'[1, 2.50]\'', '\'no\'', '\'{"a": {"b": null}}\''],
};

const TEMPLATES: Readonly<Record<Kind, readonly string[]>> = {
  int: ['{int} + {int}', '{int} - {int}', '{int} * {int}', 'ABS({int})', '-{int}',
    'CHAR_LENGTH({text})', 'CARDINALITY({ints})', 'CARDINALITY({map})', '{ints}[2]', '{map}[\'a\']',
    'ARRAY_POSITION({ints}, {int})', 'ARRAY_MAX({ints})',
    'CASE WHEN {flag} THEN {int} ELSE {int} END', 'COALESCE({int}, {int})',
    'CAST({real} AS INT)', 'TRY_CAST({text} AS INT)',
    'POSITION({text} IN {text})', 'TIMESTAMPDIFF(DAY, {time}, {time})', 'NULLIF({int}, {int})',
    'GREATEST({int}, {int})', 'JSON_VALUE({json}, \'lax $.a\' RETURNING INT NULL ON EMPTY)'],
  big: ['{big} + {int}', 'CAST({int} AS BIGINT)', 'EXTRACT(YEAR FROM {date})', 'ABS({big})',
    'EXTRACT(HOUR FROM {time})', 'INET_ATON({text})', 'CASE WHEN {flag} THEN {big} END'],
  real: ['{real} * {real}', '{real} - {int}', 'SQRT(ABS({real}))', 'CAST({dec} AS DOUBLE)',
    'FLOOR({real})', 'ROUND({real}, 1)', 'POWER({real}, 2)', 'COALESCE({real}, 0e0)'],
  dec: ['{dec} + {dec}', '{dec} * {dec}', '{dec} - {int}', 'ROUND({dec}, 1)', 'ABS({dec})',
    'CAST({int} AS DECIMAL(12, 2))', 'FLOOR({dec})', 'CASE WHEN {flag} THEN {dec} ELSE {dec} END'],
  text: ['UPPER({text})', '{text} || {text}', 'SUBSTRING({text}, 2)', 'TRIM({text})',
    'REPLACE({text}, \'a\', {text})', 'CAST({int} AS STRING)', 'CAST({dec} AS STRING)',
    'CAST({time} AS STRING)', 'CAST({ints} AS STRING)', 'CAST({map} AS STRING)',
    'CONCAT_WS(\'-\', {text}, {text})', 'LPAD({text}, 5, \'*\')', '{texts}[1]', 'REVERSE({text})',
    'ARRAY_JOIN({texts}, \'+\')', 'JSON_VALUE({json}, \'$.a\')', 'JSON_QUERY({json}, \'lax $.b\')',
    'JSON_STRING({ints})', 'JSON_STRING({text})', 'JSON_QUOTE({text})',
    'JSON_OBJECT(\'k\' VALUE {int}, \'a\' VALUE {text})', 'JSON_ARRAY({real}, {text})',
    'SPLIT_INDEX({text}, \',\', 1)', 'CAST({flag} AS STRING)', 'IFNULL({text}, \'z\')'],
  flag: ['{int} < {int}', '{int} = {int}', '{text} = {text}', '{flag} AND {flag}',
    '{flag} OR {flag}', 'NOT {flag}', '{text} LIKE \'%a%\'', '{int} IS NULL', '{real} > {int}',
    '{dec} <> {int}', '{ints} = {ints}', 'ARRAY_CONTAINS({ints}, {int})', '{json} IS JSON OBJECT',
    'JSON_EXISTS({json}, \'lax $.a\')', '{int} BETWEEN {int} AND {int}', '{date} < {date}',
    '{int} IN (1, 2, {int})', '{text} IS NOT DISTINCT FROM {text}', 'IS_DIGIT({text})'],
  date: ['CAST({time} AS DATE)', 'TIMESTAMPADD(DAY, {int}, {date})', 'COALESCE({date}, {date})'],
  time: ['CAST({date} AS TIMESTAMP(3))', 'FLOOR({time} TO HOUR)',
    '{time} + INTERVAL \'1\' DAY', 'CASE WHEN {flag} THEN {time} END'],
  ints: ['ARRAY[{int}, {int}]', 'ARRAY_CONCAT({ints}, {ints})', 'ARRAY_DISTINCT({ints})',
    'ARRAY_REVERSE({ints})', 'ARRAY_SORT({ints})', 'ARRAY_UNION({ints}, {ints})',
    'ARRAY_EXCEPT({ints}, {ints})', 'ARRAY_REMOVE({ints}, {int})', 'MAP_VALUES({map})',
    'ARRAY_SLICE({ints}, {int})', 'COALESCE({ints}, {ints})', 'TRY_CAST({texts} AS ARRAY<INT>)'],
  texts: ['ARRAY[{text}, {text}]', 'SPLIT({text}, \',\')', 'CAST({ints} AS ARRAY<STRING>)',
    'ARRAY_APPEND({texts}, CAST({text} AS STRING))'],
  map: ['MAP[\'a\', {int}]', 'MAP_UNION({map}, MAP[\'a\', {int}])'],
  json: ['JSON_STRING({map})', 'JSON_OBJECT(\'a\' VALUE {ints})', 'JSON_ARRAY({int}, {flag})'],
};

const KINDS = Object.keys(LEAVES) as readonly Kind[];

/** An expression of at most this depth, of any type. */
export function randomSql(random: Random, depth = 3, kind: Kind = pick(random, KINDS)): string {
  if (depth === 0 || random() < 0.15) return pick(random, LEAVES[kind]);
  const text = pick(random, TEMPLATES[kind]).replace(/\{(\w+)\}/g, (_, part: string) => {
    const inner = randomSql(random, depth - 1, part as Kind);
    return /^[\w.]+$|^'[^']*'$|^\w+\(.*\)$|^ARRAY\[[^[\]]*\]$/.test(inner) ? inner : `(${inner})`;
  });
  return text;
}

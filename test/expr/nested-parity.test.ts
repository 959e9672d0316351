/** Rows, arrays, maps and JSON over batches with NULLs and selections: both engines agree. */
import { describe, expect, test } from 'vitest';
import { Batch } from '../../src/batch/batch.js';
import { columnOf, type Value } from '../../src/batch/values.js';
import {
  array, BIGINT, DOUBLE, INT, map, row, STRING, type DataType,
} from '../../src/types/data-type.js';
import { boundExpression } from '../support/expression.js';
import { evaluateFallback, evaluateNative } from './both-engines.js';
import { pick, type Random, randomOf } from './random-expression.js';

const TEXTS = ['', 'a', 'b', 'ab', 'a text of more than twelve bytes', '1', '2', 'é', 'b=1,a=2'];
const JSONS = [
  '{"a": 1, "b": [1, "x", null, {"c": 2.50}]}', '[1, 2, {"a": [3]}]', '{"a": {"b": "text"}}',
  'no JSON', '', '"a"', 'null', '{"a": null, "a": true}', '{"b": 1e5, "a": -0.0}', '[[], [1]]',
];

const small = (random: Random): number => Math.floor(random() * 5) - 1;

function listOf(random: Random, make: () => Value): Value {
  return Array.from({ length: Math.floor(random() * 4) }, make);
}

type Maker = (random: Random) => Value;

const orNull = (make: Maker): Maker => (random) => (random() < 0.2 ? null : make(random));
const integer = orNull(small);
const text = orNull((random) => pick(random, TEXTS));

function mapOf(random: Random): Value {
  const keys = TEXTS.slice(1, 1 + Math.floor(random() * 4));
  return keys.map((key) => [key, integer(random)]);
}

const COLUMNS: readonly (readonly [name: string, type: DataType, make: Maker])[] = [
  ['i', INT, integer],
  ['k', BIGINT, orNull((random) => BigInt(small(random)))],
  ['d', DOUBLE, orNull((random) => pick(random, [0, -0, NaN, 1.5, -2]))],
  ['s', STRING, text],
  ['j', STRING, orNull((random) => pick(random, JSONS))],
  ['a', array(INT), orNull((random) => listOf(random, () => integer(random)))],
  ['b', array(INT), orNull((random) => listOf(random, () => integer(random)))],
  ['t', array(STRING), orNull((random) => listOf(random, () => text(random)))],
  ['n', array(array(INT)), orNull((random) =>
    listOf(random, () => orNull(() => listOf(random, () => integer(random)))(random)))],
  ['m', map(STRING, INT), orNull(mapOf)],
  ['o', map(STRING, INT), orNull(mapOf)],
  ['r', row([{ name: 'x', type: INT }, { name: 'y', type: STRING }]),
    orNull((random) => [integer(random), text(random)])],
];

const EXPRESSIONS: readonly string[] = [
  'ARRAY[i, 5, i]', 'ARRAY[s, NULL]', 'MAP[s, i, \'a\', 7]', 'ROW(i, s, a)', 'ARRAY[r, r]',
  'ARRAY[a, b]', 'MAP[s, a]', 'ROW(r, m).EXPR$0.y', 'a[i]', 'a[1]', 'm[s]', 'm[\'a\']', 'r.y',
  'n[1][2]', 'ARRAY[r][1].x', 'CARDINALITY(a)', 'CARDINALITY(m)', 'ELEMENT(ARRAY[i])',
  'a = b', 'a <> b', 'm = o', 'a IS DISTINCT FROM b', 'r = r', 'n = ARRAY[a]',
  'CASE WHEN i > 0 THEN a WHEN i < 0 THEN b ELSE ARRAY[i] END', 'COALESCE(a, b, ARRAY[1])',
  'CASE WHEN i > 0 THEN r ELSE ROW(i, s) END', 'COALESCE(m, o)', 'CASE WHEN i > 0 THEN n END',
  'CAST(a AS STRING)', 'CAST(n AS STRING)', 'CAST(m AS STRING)', 'CAST(r AS STRING)',
  'CAST(a AS ARRAY<STRING>)', 'CAST(t AS ARRAY<INT>)', 'TRY_CAST(t AS ARRAY<INT>)',
  'TRY_CAST(r AS ROW<x STRING, y INT>)', 'CAST(m AS MAP<STRING, DOUBLE>)',
  'CAST(n AS ARRAY<ARRAY<BIGINT>>)', 'CAST(ARRAY[d] AS STRING)', 'CAST(t AS CHAR(6))',
  'ARRAY_CONTAINS(a, i)', 'ARRAY_CONTAINS(ARRAY[d], d)', 'ARRAY_POSITION(a, i)',
  'ARRAY_APPEND(a, i)', 'ARRAY_PREPEND(t, s)', 'ARRAY_CONCAT(a, b, ARRAY[9])',
  'ARRAY_REMOVE(a, i)', 'ARRAY_REVERSE(n)', 'ARRAY_DISTINCT(a)', 'ARRAY_DISTINCT(n)',
  'ARRAY_UNION(a, b)', 'ARRAY_EXCEPT(a, b)', 'ARRAY_INTERSECT(t, ARRAY[s, \'a\'])',
  'ARRAY_MAX(a)', 'ARRAY_MIN(t)', 'ARRAY_MAX(ARRAY[d, 0e0])', 'ARRAY_SLICE(a, i)',
  'ARRAY_SLICE(t, i, -1)', 'ARRAY_SORT(a)', 'ARRAY_SORT(t, i > 0)', 'ARRAY_SORT(a, FALSE, TRUE)',
  'ARRAY_JOIN(t, \'+\')', 'ARRAY_JOIN(t, \'\', s)', 'MAP_KEYS(m)', 'MAP_VALUES(m)',
  'MAP_ENTRIES(m)', 'MAP_FROM_ARRAYS(a, b)', 'MAP_FROM_ARRAYS(t, t)', 'MAP_UNION(m, o)',
  'MAP_UNION(m, MAP[s, i])', 'SPLIT(s, \'=\')', 'SPLIT(s, \'\')', 'STR_TO_MAP(s)',
  'REGEXP_EXTRACT_ALL(s, \'([a-z])(=)?\', 2)', 'INET_ATON(s)', 'INET_NTOA(k)', 'IS_DECIMAL(s)',
  'IS_ALPHA(s)', 'ELT(i, s, \'x\')', 'RAND(7)', 'RAND(i)', 'RAND_INTEGER(i, 100)',
  'ENCODE(s, \'UTF-16LE\')', 'DECODE(ENCODE(s, \'UTF-16\'), \'UTF-16\')',
  'j IS JSON', 'j IS NOT JSON OBJECT', 'j IS JSON SCALAR', 'JSON_EXISTS(j, \'$.a\')',
  'JSON_EXISTS(j, \'$.b[0]\' UNKNOWN ON ERROR)', 'JSON_VALUE(j, \'$.a\')',
  'JSON_VALUE(j, \'lax $.a\' DEFAULT s ON EMPTY DEFAULT \'e\' ON ERROR)',
  'JSON_VALUE(j, \'lax $.a\' RETURNING BOOLEAN)', 'JSON_VALUE(j, \'$.a\' ERROR ON ERROR)',
  'JSON_QUERY(j, \'$\')', 'JSON_QUERY(j, \'lax $.*\')', 'JSON_QUERY(j, \'$..a\' WITH WRAPPER)',
  'JSON_QUERY(j, \'lax $.b[1:]\')', 'JSON_QUERY(j, \'$.a\' WITH CONDITIONAL WRAPPER)',
  'JSON_QUERY(j, \'$.b\' RETURNING ARRAY<STRING>)',
  'JSON_QUERY(j, \'lax $\' RETURNING ARRAY<STRING> WITH WRAPPER EMPTY ARRAY ON EMPTY)',
  'JSON_STRING(r)', 'JSON_STRING(m)', 'JSON_STRING(ARRAY[d])', 'JSON_STRING(n)',
  'JSON_OBJECT(\'z\' VALUE i, \'b\' VALUE JSON_ARRAY(s, a), \'b\' VALUE m ABSENT ON NULL)',
  'JSON_OBJECT(s VALUE d)', 'JSON_ARRAY(i, JSON(j))', 'JSON_ARRAY(t, r NULL ON NULL)',
  'JSON_QUOTE(s)', 'JSON_UNQUOTE(j)', 'JSON_UNQUOTE(JSON_QUOTE(s))',
];

function randomBatch(random: Random, rowCount: number): Batch {
  const columns = COLUMNS.map(([, type, make]) =>
    columnOf(type, Array.from({ length: rowCount }, () => make(random))));
  const selected = Array.from({ length: rowCount }, (_, at) => at).filter(() => random() < 0.6);
  const isAll = random() < 0.4 || selected.length === 0;
  return new Batch(rowCount, columns, isAll ? null : Int32Array.from(selected));
}

const FIELDS = COLUMNS.map(([name, type]) => ({ name, type }));

describe('both engines agree', () => {
  test.each(EXPRESSIONS)('on %s', (sql) => {
    const expression = boundExpression(sql, { fields: FIELDS });
    for (let seed = 1; seed <= 25; seed++) {
      const random = randomOf(seed);
      const batch = randomBatch(random, pick(random, [1, 7, 40]));
      expect([seed, evaluateNative(expression, batch)])
        .toEqual([seed, evaluateFallback(expression, batch)]);
    }
  });
});

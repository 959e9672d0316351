/** Constants for random expressions: units, patterns, paths, types, literals of each kind. */
import type { TypeRoot } from '../../../src/types/data-type.js';

/** As string literals. */
export const quoted = (texts: readonly string[]): readonly string[] =>
  texts.map((text) => `'${text.replaceAll('\'', '\'\'')}'`);

export const UNITS = {
  all: ['YEAR', 'QUARTER', 'MONTH', 'WEEK', 'DAY', 'HOUR', 'MINUTE', 'SECOND', 'MILLISECOND',
    'MICROSECOND', 'NANOSECOND', 'DECADE', 'CENTURY', 'MILLENNIUM', 'EPOCH', 'DOW', 'DOY',
    'ISODOW', 'ISOYEAR'],
  added: ['SECOND', 'MINUTE', 'HOUR', 'DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR'],
  floors: ['SECOND', 'MINUTE', 'HOUR', 'DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR'],
  intervals: ['SECOND', 'MINUTE', 'HOUR', 'DAY', 'MONTH', 'YEAR', 'DAY TO SECOND'],
} as const;

export const REGEXPS: readonly string[] = ['', 'l', 'l+', '(l|o)+', '[^,]*', '^a', 'o$', '\\bw',
  '(?i)HELLO', 'h.*?o', '(a)(b)?', '(', '\\w+', '.', '(\\d+)-(\\d+)', '\\d{2,4}', '[à-ü]', '$'];
export const LIKE_PATTERNS: readonly string[] = ['%a%', '_', '', 'a_c%', '%$%%', 'Hello%', '%ß'];
export const SIMILAR_PATTERNS: readonly string[] = ['%l%', '_+', 'a(b|c)*%', '[a-c]%', ''];
export const DATE_PATTERNS: readonly string[] = ['yyyy-MM-dd HH:mm:ss', 'yyyy-MM-dd', 'dd/MM/yyyy',
  'yyyyMMddHHmmssSSS', 'HH:mm', 'yyyy-MM-dd HH:mm:ss.SSS', 'E, d MMM yy', '\'\'T\'\'HH'];
export const ZONES: readonly string[] = ['UTC', 'Asia/Shanghai', 'GMT+08:00', 'America/New_York'];
/** How often or how long: no column of extremes, whose result no memory holds. */
export const COUNTS: readonly string[] = ['3', '0', '-1', '7', 'c_tiny', 'NULLIF(n_int, n_int)',
  'CHAR_LENGTH(c_text)'];
export const CHARSETS: readonly string[] = ['UTF-8', 'US-ASCII', 'ISO-8859-1', 'UTF-16',
  'UTF-16BE'];
export const URL_PARTS: readonly string[] = ['HOST', 'PATH', 'QUERY', 'REF', 'PROTOCOL', 'FILE',
  'AUTHORITY', 'USERINFO', 'host'];
export const JSON_PATHS: readonly string[] = ['$', '$.a', 'lax $.a', 'strict $.b', 'lax $.b[0]',
  '$.b[*]', 'lax $[1]', '$.*', 'lax $.a.b', 'strict $.x'];

export const CAST_TYPES: readonly string[] = ['BOOLEAN', 'TINYINT', 'SMALLINT', 'INT', 'BIGINT',
  'FLOAT', 'DOUBLE', 'DECIMAL(5, 2)', 'DECIMAL(10, 0)', 'DECIMAL(20, 6)', 'DECIMAL(38, 18)',
  'STRING', 'STRING', 'STRING', 'VARCHAR(3)', 'CHAR(3)', 'BYTES', 'BINARY(2)', 'VARBINARY(3)',
  'DATE', 'TIME', 'TIME(3)', 'TIMESTAMP(0)', 'TIMESTAMP(3)', 'TIMESTAMP(6)', 'TIMESTAMP_LTZ(3)',
  'TIMESTAMP_LTZ(6)', 'ARRAY<INT>', 'ARRAY<STRING>', 'MAP<STRING, STRING>', 'MAP<STRING, BIGINT>',
  'ROW<a BIGINT, b VARCHAR(2)>'];

/** Literals by the root of their type. */
export const LITERALS: Readonly<Partial<Record<TypeRoot, readonly string[]>>> = {
  BOOLEAN: ['TRUE', 'FALSE', 'CAST(NULL AS BOOLEAN)'],
  TINYINT: ['CAST(1 AS TINYINT)', 'CAST(-128 AS TINYINT)'],
  SMALLINT: ['CAST(300 AS SMALLINT)', 'CAST(NULL AS SMALLINT)'],
  INTEGER: ['0', '1', '-1', '2', '3', '7', '42', '2147483647', 'CAST(NULL AS INT)'],
  BIGINT: ['3000000000', 'CAST(5 AS BIGINT)', '9223372036854775807', 'CAST(NULL AS BIGINT)'],
  FLOAT: ['CAST(1.5 AS FLOAT)', 'CAST(0.1 AS FLOAT)', 'CAST(\'NaN\' AS FLOAT)'],
  DOUBLE: ['1.5e0', '-2e0', '0.1e0', '1e10', '0e0', 'CAST(\'Infinity\' AS DOUBLE)',
    'CAST(\'NaN\' AS DOUBLE)', 'CAST(NULL AS DOUBLE)'],
  DECIMAL: ['1.25', '-0.5', '100.00', '0.000001', '99999999999999999999.99',
    'CAST(7 AS DECIMAL(10, 3))', 'CAST(NULL AS DECIMAL(6, 2))'],
  VARCHAR: ['CAST(\'abc\' AS VARCHAR(10))', 'CAST(NULL AS STRING)', 'CAST(\'\' AS STRING)'],
  CHAR: ['\'\'', '\'a\'', '\'Hello, World\'', '\'12\'', '\'-1.5\'', '\'é b\'', '\' x \'',
    '\'true\'', '\'2021-03-04\'', '\'10:11:12\'', '\'2021-03-04 05:06:07.891\'', '\'k=v,a=b\'',
    '\'616263\'', '\'http://u:p@a.b:80/c/d?e=f&g#h\'', '\'aGVsbG8=\'',
    '\'{"a": [1, null]}\'', '\'%41\'',
    'CAST(NULL AS CHAR(3))'],
  VARBINARY: ['CAST(x\'68c3a9\' AS BYTES)', 'CAST(NULL AS BYTES)'],
  BINARY: ['x\'00ff\'', 'x\'\'', 'x\'6162\''],
  DATE: ['DATE \'2020-02-29\'', 'DATE \'1969-12-31\'', 'DATE \'1970-01-01\'', 'CAST(NULL AS DATE)'],
  TIME: ['TIME \'12:34:56\'', 'TIME \'00:00:00\'', 'TIME \'23:59:59.123\'', 'CAST(NULL AS TIME)'],
  TIMESTAMP: ['TIMESTAMP \'2020-02-29 12:34:56.789\'', 'TIMESTAMP \'1969-12-31 23:59:59\'',
    'TIMESTAMP \'2021-03-14 02:30:00.123456\'', 'CAST(NULL AS TIMESTAMP(3))'],
  TIMESTAMP_LTZ: ['TO_TIMESTAMP_LTZ(0, 3)',
    'CAST(TIMESTAMP \'2020-02-29 12:34:56\' AS TIMESTAMP_LTZ(3))',
    'CAST(NULL AS TIMESTAMP_LTZ(3))'],
  INTERVAL_DAY_TIME: ['INTERVAL \'1\' DAY', 'INTERVAL -\'2:03\' MINUTE TO SECOND',
    'INTERVAL \'1 02:03:04.005\' DAY TO SECOND', 'INTERVAL \'90\' MINUTE'],
  INTERVAL_YEAR_MONTH: ['INTERVAL \'1\' MONTH', 'INTERVAL -\'1-2\' YEAR TO MONTH',
    'INTERVAL \'3\' YEAR'],
  ARRAY: ['ARRAY[1, 2, 2]', 'ARRAY[5, CAST(NULL AS INT)]', 'ARRAY[\'a\', \'bc\']',
    'ARRAY[ARRAY[1], ARRAY[2, 3]]', 'ARRAY[1.5, 2.25]', 'CAST(NULL AS ARRAY<INT>)',
    'ARRAY[DATE \'2020-01-01\', DATE \'2019-01-01\']'],
  MAP: ['MAP[\'a\', 1, \'b\', 2]', 'MAP[1, \'x\']', 'MAP[\'a\', CAST(NULL AS INT)]'],
  ROW: ['ROW(1, \'a\')', 'CAST(ROW(1, \'b\') AS ROW<a INT, b STRING>)'],
};

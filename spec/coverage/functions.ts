/** Built-in functions by family: each expression runs over the row of table `f`. */
import { expressions, rows, type CoverageRow } from './row.js';

const AGGREGATES = [
  'COUNT(*)', 'COUNT(i)', 'COUNT(DISTINCT i)', 'AVG(n)', 'SUM(n)', 'SUM(DISTINCT n)', 'MAX(s)',
  'MIN(s)', 'STDDEV_POP(x)', 'STDDEV_SAMP(x)', 'VAR_POP(x)', 'VAR_SAMP(x)', 'VARIANCE(x)',
  'COLLECT(i)', 'FIRST_VALUE(s)', 'LAST_VALUE(s)', `LISTAGG(s)`, `LISTAGG(s, '-')`,
  'ARRAY_AGG(i)', 'ARRAY_AGG(DISTINCT i)', 'JSON_OBJECTAGG(KEY s VALUE i)',
  'JSON_OBJECTAGG(KEY s VALUE i ABSENT ON NULL)', 'JSON_ARRAYAGG(s)',
  'JSON_ARRAYAGG(s NULL ON NULL)', 'PERCENTILE(x, 0.5)', 'SINGLE_VALUE(i)',
] as const;

const OVER_FUNCTIONS = [
  'ROW_NUMBER()', 'RANK()', 'DENSE_RANK()', 'LEAD(n)', 'LAG(n)', 'LAG(n, 2)', 'CUME_DIST()',
  'PERCENT_RANK()', 'NTILE(4)',
] as const;

function aggregates(id: string, list: readonly string[]): readonly CoverageRow[] {
  return list.map((sql) => ({
    id, feature: `\`${sql}\``, probes: [`SELECT ${sql} FROM f`, `SELECT i, ${sql} FROM f GROUP BY i`],
  }));
}

function overFunctions(id: string, list: readonly string[]): readonly CoverageRow[] {
  return list.map((sql) => ({
    id, feature: `\`${sql} OVER (..)\``,
    probes: [`SELECT ${sql} OVER (PARTITION BY i ORDER BY ts) FROM f`],
  }));
}

const STRINGS = [
  's || s', 'CHAR_LENGTH(s)', 'CHARACTER_LENGTH(s)', 'UPPER(s)', 'LOWER(s)', `POSITION('a' IN s)`,
  `PRINTF('%s', s)`, `TRIM(BOTH ' ' FROM s)`, 'LTRIM(s)', `RTRIM(s, 'a')`, 'BTRIM(s)',
  'REPEAT(s, 2)', `REGEXP_REPLACE(s, 'a', 'b')`, `OVERLAY(s PLACING 'x' FROM 1 FOR 2)`,
  `STARTSWITH(s, 'a')`, `ENDSWITH(s, 'a')`, 'SUBSTRING(s FROM 1 FOR 2)', `REPLACE(s, 'a', 'b')`,
  `REGEXP_COUNT(s, 'a')`, `REGEXP_EXTRACT(s, '(a)', 1)`, 'REGEXP_EXTRACT(s, s)',
  `REGEXP_EXTRACT_ALL(s, '(a)')`, `REGEXP_INSTR(s, 'a')`, `REGEXP_SUBSTR(s, 'a')`,
  `TRANSLATE(s, 'a', 'b')`, 'INITCAP(s)', 'CONCAT(s, s)', `CONCAT_WS('-', s, s)`,
  `LPAD(s, 5, 'a')`, `RPAD(s, 5, 'a')`, 'FROM_BASE64(s)', 'TO_BASE64(s)', 'ASCII(s)', 'CHR(i)',
  `DECODE(y, 'UTF-8')`, `ENCODE(s, 'UTF-8')`, `INSTR(s, 'a')`, 'LEFT(s, 2)', 'RIGHT(s, 2)',
  `LOCATE('a', s, 1)`, 'URL_DECODE(s)', 'URL_ENCODE(s)', 'INET_ATON(s)', 'INET_NTOA(n)',
  `PARSE_URL(s, 'HOST')`, `REGEXP(s, 'a')`, 'REVERSE(s)', `SPLIT_INDEX(s, ',', 0)`,
  'STR_TO_MAP(s)', 'SUBSTR(s, 1, 2)', 'JSON_QUOTE(s)', 'JSON_UNQUOTE(s)', 'ELT(1, s, s)',
] as const;

const TEMPORALS = [
  `DATE '2020-01-01'`, `TIME '01:02:03'`, `TIMESTAMP '2020-01-01 00:00:00'`,
  `ts + INTERVAL '1' DAY`, 'LOCALTIME', 'LOCALTIMESTAMP', 'CURRENT_TIME', 'CURRENT_DATE',
  'CURRENT_TIMESTAMP', 'NOW()', 'CURRENT_ROW_TIMESTAMP()', 'EXTRACT(DAY FROM ts)', 'YEAR(dt)',
  'QUARTER(dt)', 'MONTH(dt)', 'WEEK(dt)', 'DAYOFYEAR(dt)', 'DAYOFMONTH(dt)', 'DAYOFWEEK(dt)',
  'HOUR(ts)', 'MINUTE(ts)', 'SECOND(ts)', 'FLOOR(ts TO HOUR)', 'CEIL(ts TO DAY)',
  `(ts, INTERVAL '1' DAY) OVERLAPS (ts, INTERVAL '1' DAY)`, `DATE_FORMAT(ts, 'yyyy')`,
  'DATE_FORMAT(ts, s)', 'TIMESTAMPADD(DAY, 1, ts)', 'TIMESTAMPDIFF(DAY, ts, ts)',
  `CONVERT_TZ(s, 'UTC', 'Asia/Shanghai')`, 'FROM_UNIXTIME(n)', 'UNIX_TIMESTAMP()',
  'UNIX_TIMESTAMP(s)', 'TO_DATE(s)', `TO_DATE(s, 'yyyy')`, 'TO_TIMESTAMP_LTZ(n, 3)',
  `TO_TIMESTAMP_LTZ(s, 'yyyy')`, 'TO_TIMESTAMP(s)', `TO_TIMESTAMP(s, 'yyyy')`,
  'CURRENT_WATERMARK(ts)', 'PROCTIME()',
] as const;

export const FUNCTION_ROWS: readonly CoverageRow[] = [
  ...expressions('F-01', ['i = n', 'i <> n', 'i > n', 'i >= n', 'i < n', 'i <= n', 'i IS NULL',
    'i IS NOT NULL', 'i IS DISTINCT FROM n', 'i IS NOT DISTINCT FROM n', 'i BETWEEN 1 AND 2',
    'i BETWEEN SYMMETRIC 2 AND 1', 'i NOT BETWEEN 1 AND 2', `s LIKE 'a%' ESCAPE '!'`,
    `s NOT LIKE 'a%'`, `s SIMILAR TO 'a+'`, `s NOT SIMILAR TO 'a+'`, 'i IN (1, 2)',
    'i NOT IN (1, 2)']),
  ...expressions('F-02', ['b OR b', 'b AND b', 'NOT b', 'b IS FALSE', 'b IS NOT FALSE',
    'b IS TRUE', 'b IS NOT TRUE', 'b IS UNKNOWN', 'b IS NOT UNKNOWN']),
  ...expressions('F-03', ['+ i', '- i', 'i + n', 'i - n', 'i * n', 'i / n', 'i % n', 'POWER(x, 2)',
    'ABS(i)', 'SQRT(x)', 'LN(x)', 'LOG10(x)', 'LOG2(x)', 'LOG(x)', 'LOG(2, x)', 'EXP(x)', 'CEIL(x)',
    'CEILING(x)', 'FLOOR(x)', 'SIN(x)', 'SINH(x)', 'COS(x)', 'TAN(x)', 'TANH(x)', 'COT(x)',
    'ASIN(x)', 'ACOS(x)', 'ATAN(x)', 'ATAN2(x, x)', 'COSH(x)', 'DEGREES(x)', 'RADIANS(x)',
    'SIGN(x)', 'ROUND(x, 2)', 'PI()', 'E()', 'RAND()', 'RAND(1)', 'RAND_INTEGER(10)',
    'RAND_INTEGER(1, 10)', 'UUID()', 'BIN(i)', 'HEX(i)', 'HEX(s)', 'UNHEX(s)', 'TRUNCATE(x, 2)']),
  ...expressions('F-04', STRINGS),
  ...expressions('F-05', TEMPORALS),
  ...expressions('F-06', [`CASE i WHEN 1 THEN 'a' ELSE 'b' END`, 'CASE WHEN b THEN 1 ELSE 2 END',
    'NULLIF(i, 1)', 'COALESCE(i, 1)', 'IF(b, 1, 2)', 'IFNULL(i, 1)', 'IS_ALPHA(s)',
    'IS_DECIMAL(s)', 'IS_DIGIT(s)', 'GREATEST(i, 1)', 'LEAST(i, 1)']),
  ...expressions('F-07', ['CAST(s AS INT)', 'TRY_CAST(s AS INT)', 'TYPEOF(i)']),
  ...expressions('F-08', ['CARDINALITY(a)', 'a[1]', 'ELEMENT(a)', 'CARDINALITY(m)', `m['a']`,
    'ARRAY_APPEND(a, 1)', 'ARRAY_CONTAINS(a, 1)', 'ARRAY_DISTINCT(a)', 'ARRAY_POSITION(a, 1)',
    'ARRAY_PREPEND(a, 1)', 'ARRAY_REMOVE(a, 1)', 'ARRAY_REVERSE(a)', 'ARRAY_SLICE(a, 1, 2)',
    'ARRAY_SORT(a)', 'ARRAY_UNION(a, a)', 'ARRAY_CONCAT(a, a)', 'ARRAY_EXCEPT(a, a)',
    'ARRAY_INTERSECT(a, a)', 'ARRAY_MAX(a)', `ARRAY_JOIN(ARRAY[s], ',')`, 'ARRAY_MIN(a)',
    'MAP_KEYS(m)', 'MAP_UNION(m, m)', 'MAP_VALUES(m)', 'MAP_ENTRIES(m)',
    'MAP_FROM_ARRAYS(a, a)', `SPLIT(s, ',')`]),
  ...expressions('F-09', ['s IS JSON', 's IS JSON OBJECT', `JSON_EXISTS(s, '$.a')`,
    'JSON_STRING(i)', `JSON_VALUE(s, '$.a')`, `JSON_VALUE(s, '$.a' RETURNING INT)`,
    `JSON_QUERY(s, '$.a')`, `JSON_QUERY(s, '$.a' RETURNING ARRAY<STRING>)`,
    `JSON_OBJECT(KEY 'a' VALUE i)`, `JSON_ARRAY(i, s)`, `JSON_OBJECT('a' VALUE JSON(s))`]),
  ...expressions('F-10', ['PARSE_JSON(s)', 'TRY_PARSE_JSON(s)', 'JSON_STRING(PARSE_JSON(s))',
    'PARSE_JSON(s)[1]', `PARSE_JSON(s)['a']`]),
  ...expressions('F-11', ['(i, s)', 'ROW(i, s)', 'ARRAY[i, 1]', `MAP['a', i]`,
    `OBJECT_OF('a.B', 'c', i)`]),
  ...expressions('F-12', [`OBJECT_UPDATE(OBJECT_OF('a.B', 'c', i), 'c', 2)`]),
  ...expressions('F-13', ['r.p', 'f.r.q', 'f.r.*']),
  ...rows('F-14', {
    '`GROUP_ID()`': 'SELECT i, GROUP_ID() FROM f GROUP BY GROUPING SETS ((i), ())',
    '`GROUPING(i)`': 'SELECT i, GROUPING(i) FROM f GROUP BY GROUPING SETS ((i), ())',
    '`GROUPING_ID(i, s)`': 'SELECT i, GROUPING_ID(i, s) FROM f GROUP BY CUBE (i, s)',
  }),
  ...expressions('F-15', ['MD5(s)', 'SHA1(s)', 'SHA224(s)', 'SHA256(s)', 'SHA384(s)', 'SHA512(s)',
    'SHA2(s, 256)']),
  ...expressions('F-16', ['BITMAP_BUILD(a)', 'BITMAP_CARDINALITY(BITMAP_BUILD(a))',
    'BITMAP_AND(BITMAP_BUILD(a), BITMAP_BUILD(a))', 'BITMAP_OR(BITMAP_BUILD(a), BITMAP_BUILD(a))',
    'BITMAP_XOR(BITMAP_BUILD(a), BITMAP_BUILD(a))',
    'BITMAP_ANDNOT(BITMAP_BUILD(a), BITMAP_BUILD(a))', 'BITMAP_FROM_BYTES(y)',
    'BITMAP_TO_ARRAY(BITMAP_BUILD(a))', 'BITMAP_TO_BYTES(BITMAP_BUILD(a))',
    'BITMAP_TO_STRING(BITMAP_BUILD(a))']),
  ...aggregates('F-18', AGGREGATES),
  ...overFunctions('F-18', OVER_FUNCTIONS),
  ...aggregates('F-19', ['BITMAP_BUILD_AGG(i)', 'BITMAP_BUILD_CARDINALITY_AGG(i)']),
  ...expressions('F-20', ['CURRENT_DATABASE()']),
];

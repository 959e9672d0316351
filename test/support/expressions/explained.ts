/** Differences that have a page in docs/divergences, by what shows them. */
import type { Answer } from './answers.js';

interface Explanation {
  /** A paragraph of docs/divergences/expressions.md or random-expressions.md. */
  readonly page: string;
  readonly covers: (sql: string, flink: Answer, here: readonly Answer[]) => boolean;
}

const textOf = (answer: Answer): string => ('error' in answer ? answer.text : '');
const typeOf = (answer: Answer): string => ('error' in answer ? '' : answer.type);
const valuesOf = (answer: Answer): readonly unknown[] => ('error' in answer ? [] : answer.values);

/** What stands in place of a NULL that Flink lost. */
const DEFAULTS: readonly unknown[] = [-1, '-1', '', ' ', '0', 0, false, null];

const isPlace = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one) === JSON.stringify(other) || (other === null && isDefault(one));
const isDefault = (value: unknown): boolean =>
  DEFAULTS.includes(value) ||
  (typeof value === 'string' && /^[ 0.]*$|^1970-01-01|^1969/.test(value));

/** Whether values are the same but for NULLs in whose place Flink has a default. */
function isLostNull(flink: readonly unknown[], here: readonly unknown[]): boolean {
  return flink.length === here.length && flink.every((value, i) => {
    const own = here[i];
    if (Array.isArray(value) && Array.isArray(own)) return isLostNull(value, own);
    return own === null || JSON.stringify(value) === JSON.stringify(own);
  });
}

const letters = (values: readonly unknown[]): string =>
  [...JSON.stringify(values)].sort().join('');

const withoutMarks = (values: readonly unknown[]): string =>
  JSON.stringify(values).replaceAll(/(%EF%BF%BD|\ufffd)+/g, '\ufffd');

/** Whether each map of Flink has only entries that ours has as well. */
function isWithin(flink: readonly unknown[], here: readonly unknown[]): boolean {
  return flink.length === here.length && flink.every((map, i) => {
    const keys = new Set((here[i] as unknown[][] | null)?.map(([key]) => JSON.stringify(key)));
    return map === null ? here[i] === null
      : (map as unknown[][]).every(([key]) => keys.has(JSON.stringify(key)));
  });
}

/** Calls that Flink's own code fails in, with the fault: not words for its user. */
const INTERNAL: readonly (readonly [flink: RegExp, sql: RegExp])[] = [
  [/^CodeGenException: Unsupported call: ABS\(INTERVAL/, /ABS\(/],
  [/^CodeGenException: Unsupported call: ATAN2\(/, /ATAN2\(/],
  [/^CodeGenException: Integer expression type expected/, /\[/],
  [/^CodeGenException: Unsupported temporal arithmetic/, /INTERVAL|_date|_ts\d|_ltz\d|_time/],
  [/^CodeGenException: Unit /, /EXTRACT\(/],
  [/^CodeGenException: (Mismatch of function|Incomparable types: TIME)/, /ARRAY|IN \(|TIME/],
  [/^CompileException: Line .* Assignment conversion/s, /\b(SIGN|TRUNCATE)\(/],
  [/^CompileException: Line .* No applicable constru/s, /SHA2\(/],
  [/^CompileException: Line .* A method named/s, /\b(GREATEST|LEAST)\(/],
  [/^ClassCastException: .*flink/, /MAP_(UNION|FROM_ARRAYS)\(/],
  [/^ClassCastException: .*RexCall/, /(\/ FLOOR|ROUND)\(/],
  [/^MatchError: \(.*TIME_WITHOUT_TIME_ZONE/, /TIMESTAMPDIFF\(/],
  [/^NullPointerException/, /ARRAY_|LIKE|TRUNCATE\(|\b(GREATEST|LEAST)\(.*NULL/s],
  [/^AssertionError: Conversion to relational algebra/, /ROW\(/],
  [/^UnsupportedOperationException: Unsupported type when convert/, /INTERVAL/],
  [/^NumberFormatException: (Infinite or NaN|Character [IN] is neither)/, /\w\(/],
  [/^NumberFormatException: For input string/, /TO_DATE\(/],
  [/^DateTimeException: Invalid value for (HourOfDay|NanoOfSecond)/, /\b(FLOOR|CEIL)\(.* TO /s],
  [/^DateTimeException: Invalid value for (DayOfMonth|MonthOfYear)/, /INTERVAL/],
  [/^ArithmeticException: (BigInteger|Underflow|Overflow)/, /\b(ROUND|TRUNCATE)\(/],
  [/^StackOverflowError/, /INSTR\(/],
];

const isInternal = (sql: string, text: string): boolean =>
  INTERNAL.some(([flink, call]) => flink.test(text) && call.test(sql));

/** Faults of a constant that Flink meets while it plans. */
const OF_CONSTANTS = new RegExp('^(TableRuntimeException|RuntimeException: Unsupported algorithm|' +
  'NoSuchAlgorithmException|ArithmeticException|DateTimeException|DateTimeParseException|' +
  'NumberFormatException|IllegalArgumentException|JsonParseException|ValidationException: Invalid' +
  '|MismatchedInputException|PathNotFoundException|FlinkRuntimeException)');

/** The digits that count of a decimal's text. */
const digitsOf = (value: unknown): string =>
  String(value).replace('.', '').replace(/^(-?)0+/, '$1').replace(/0+$/, '');

/** Whether every value of Flink has the same answer here or one that `fits` calls expected. */
function differsBy(
  flink: Answer, here: readonly Answer[], fits: (flink: unknown, own: unknown) => boolean,
): boolean {
  return here.every((one) => typeOf(one) === typeOf(flink) &&
    valuesOf(one).length === valuesOf(flink).length && valuesOf(one).every((own, i) =>
      JSON.stringify(own) === JSON.stringify(valuesOf(flink)[i]) || fits(valuesOf(flink)[i], own)));
}

const REAL = /\b(SIN|COS|TAN|COT|ASIN|ACOS|ATAN2?|SINH|COSH|TANH|EXP|LN|LOG\d*|POWER)\(/;

/** The text with its real numbers cut to twelve digits. */
const roundedReals = (values: readonly unknown[]): string =>
  JSON.stringify(values).replaceAll(/-?\d+\.\d+(E-?\d+)?/g, (text) => Number(text).toPrecision(12));

const sortedItems = (value: unknown): string =>
  JSON.stringify(Array.isArray(value) ? [...value].map(String).sort() : value);

const EXPLANATIONS: readonly Explanation[] = [
  {
    page: 'Flink fails inside itself',
    covers: (sql, flink, here) => 'error' in flink && isInternal(sql, flink.text) &&
      here.every((one) => !('error' in one) || one.error === 'run' || one.error === 'plan'),
  },
  {
    page: 'Failures of constants show when the query runs',
    covers: (_sql, flink, here) => 'error' in flink && flink.error === 'plan' &&
      OF_CONSTANTS.test(flink.text) && here.every((one) => ('error' in one ? one.error === 'run'
        : one.values.every((value) => value === null))),
  },
  {
    page: 'Missing elements of items that are NOT NULL',
    covers: (sql, flink, here) => /\]$/.test(sql) && here.every((one) =>
      typeOf(one) === typeOf(flink) && valuesOf(one).length === valuesOf(flink).length &&
      valuesOf(one).every((value, i) => isPlace(valuesOf(flink)[i], value))),
  },
  {
    page: 'ROUND and TRUNCATE of a DECIMAL to a scale that is no constant',
    covers: (sql, flink, here) => /^(ROUND|TRUNCATE)\(.*\D\)$/s.test(sql) &&
      typeOf(flink).startsWith('DECIMAL') && differsBy(flink, here, (value, own) =>
        digitsOf(value) === digitsOf(own) || /^-?[0.]+$/.test(String(value))),
  },
  {
    page: 'CAST of a string to DECIMAL',
    covers: (sql, flink, here) => /^(TRY_)?CAST\(.* AS DECIMAL\(\d+, \d+\)\)$/s.test(sql) &&
      typeOf(flink).startsWith('DECIMAL') && (here.every((one) => textOf(one).startsWith('MR3001'))
        || differsBy(flink, here, (value, own) => own === null && /^[0.]+$/.test(String(value)))),
  },
  {
    page: 'TIMESTAMP(7) to TIMESTAMP(9)',
    covers: (sql, _flink, here) => /c_ts9|TIMESTAMP\(9\)/.test(sql) &&
      here.every((one) => textOf(one).startsWith('MR3003')),
  },
  {
    page: 'Times that leave 64 bits',
    covers: (_sql, flink, here) => !('error' in flink) &&
      here.every((one) => textOf(one).startsWith('MR3003 numeric overflow: timestamp')),
  },
  {
    page: 'FLOOR and CEIL of TIME to a day or longer',
    covers: (sql, flink, here) => /\b(FLOOR|CEIL)\(/.test(sql) && !('error' in flink) &&
      here.every((one) => textOf(one).startsWith('MR3006 invalid argument: unit of FLOOR')),
  },
  {
    page: 'FLOOR of FLOOR',
    covers: (sql, flink, here) => !('error' in flink) && here.every((one) => !('error' in one)) &&
      /^(CEIL|FLOOR)\(\(?(CEIL|FLOOR)\(.* TO \w+\)\)? TO \w+\)$/s.test(sql),
  },
  {
    page: 'POSITION of an expression',
    covers: (sql, flink) => /POSITION\(/.test(sql) && textOf(flink).startsWith('ParseException'),
  },
  {
    page: 'COALESCE stops at the first value',
    covers: (sql, flink, here) => /^(COALESCE|IFNULL)\(/.test(sql) && 'error' in flink &&
      flink.error === 'run' && here.every((one) => !('error' in one)),
  },
  {
    page: 'Constants that are NULL',
    covers: (sql, flink, here) => /CAST\(NULL AS/.test(sql) && !('error' in flink) &&
      flink.values.every((one) => one === null) &&
      here.every((one) => /^MR(2006 wrong arguments|3006)/.test(textOf(one))),
  },
  {
    page: 'Maps with a NULL as a value',
    covers: (sql, flink, here) => /MAP\[|c_map/.test(sql) && / (=|<>|IS \w+ ?\w*|IN) /.test(sql) &&
      typeOf(flink).startsWith('BOOLEAN') && here.every((one) => typeOf(one) === typeOf(flink)),
  },
  {
    page: 'Arrays with a NULL among their items',
    covers: (sql, flink, here) => /ARRAY|_ints|_texts/.test(sql) &&
      / (=|<>|IS (NOT )?DISTINCT FROM) /.test(sql) && typeOf(flink).startsWith('BOOLEAN') &&
      differsBy(flink, here, (value, own) =>
        value === (/ (<>|IS DISTINCT FROM) /.test(sql)) && own === !value),
  },
  {
    page: 'Entries of a map: a key written twice',
    covers: (sql, flink, here) => /^CARDINALITY\(\(?MAP\[/.test(sql) &&
      differsBy(flink, here, (value, own) => Number(value) > Number(own)),
  },
  {
    page: 'TIMESTAMPDIFF with a TIME',
    covers: (sql, flink, here) => /(_time|TIME '[^']*')\) (YEAR|QUARTER|MONTH)$/.test(sql) &&
      typeOf(flink).startsWith('INTERVAL MONTH') &&
      here.every((one) => typeOf(one) === typeOf(flink)),
  },
  {
    page: 'CAST of a TIMESTAMP before 1970 to TIME',
    covers: (sql, flink, here) => /^(TRY_)?CAST\(.*_(ts|ltz)\d.* AS TIME\)$/.test(sql) &&
      differsBy(flink, here, (value, own) =>
        /^00:00|-/.test(String(value)) && String(own).startsWith('23:59:59')),
  },
  {
    page: 'Empty delimiters of STR_TO_MAP',
    covers: (sql, flink, here) => /^STR_TO_MAP\(.*, ''\)$/s.test(sql) &&
      differsBy(flink, here, (value) => JSON.stringify(value).includes('?')),
  },
  {
    page: 'Dates far from ours',
    covers: (sql, flink, here) => /^TIMESTAMPADD\(/.test(sql) &&
      typeOf(flink).startsWith('DATE') && differsBy(flink, here, (value, own) =>
        /^[-+]\d{5,}-/.test(String(value)) &&
        /^[-+]\d{5,}-/.test(String(own))),
  },
  {
    page: 'NULLs that Flink loses',
    covers: (sql, flink, here) =>
      /INTERVAL|ARRAY_(EXCEPT|UNION|INTERSECT|CONCAT)|MAP\[/.test(sql) &&
      here.every((one) => typeOf(one) === typeOf(flink) && valuesOf(one).length > 0 &&
        isLostNull(valuesOf(flink), valuesOf(one))),
  },
  {
    page: 'Entries of a map',
    covers: (sql, flink, here) => /MAP_(ENTRIES|KEYS|VALUES)\(|c_map|STR_TO_MAP/.test(sql) &&
      here.every((one) => letters(valuesOf(one)) === letters(valuesOf(flink))),
  },
  {
    page: 'Failures of constants show when the query runs',
    covers: (sql, flink, here) => /SHA2\(|TO_TIMESTAMP_LTZ\(/.test(sql) &&
      /Unsupported algorithm|NoSuchAlgorithm|Invalid pattern|No applicable/.test(textOf(flink)) &&
      here.every((one) => !('error' in one) && one.values.every((value) => value === null)),
  },
  {
    page: 'Folded times lose their milliseconds',
    covers: (_sql, flink, here) => /^TIME(STAMP)?\(0\)/.test(typeOf(flink)) &&
      here.every((one) => valuesOf(one).length > 0 && valuesOf(one).every((value, i) =>
        String(value).startsWith(String(valuesOf(flink)[i])))),
  },
  {
    page: 'IN of a DECIMAL among integers',
    covers: (sql, flink, here) => /^\S+ (NOT )?IN \([^()]*\)$/.test(sql) &&
      /\d\.\d|_dec/.test(sql) &&
      here.every((one) => typeOf(one) === typeOf(flink)) && typeOf(flink).startsWith('BOOLEAN'),
  },
  {
    page: 'TIMESTAMPDIFF with a TIME',
    covers: (sql, flink, here) => typeOf(flink).startsWith('INT') &&
      /^TIMESTAMPDIFF\(.*(_time|TIME '|AS TIME\b)/s.test(sql) &&
      here.every((one) => typeOf(one) === typeOf(flink)),
  },
  {
    page: 'Bytes that are no UTF-8',
    covers: (sql, flink, here) => /FROM_BASE64|BYTES|BINARY|UNHEX|DECODE/.test(sql) &&
      here.every((one) => withoutMarks(valuesOf(one)) === withoutMarks(valuesOf(flink))),
  },
  {
    page: 'Entries of a map: a key written twice',
    covers: (sql, flink, here) => /MAP/.test(sql) && typeOf(flink).startsWith('MAP<') &&
      here.every((one) => isWithin(valuesOf(flink), valuesOf(one))),
  },
  {
    page: 'Dates far from ours',
    covers: (sql, flink) => /TO_DATE\(.*, /.test(sql) &&
      /\d{7}-\d\d|5471-09-27/.test(JSON.stringify(flink)) ||
      /^\w+\(TO_DATE\('.*, /.test(sql) ||
      /INTERVAL.*\* \w+/s.test(sql) && /^(WEEK|EXTRACT|DAYOF\w+)\(/.test(sql),
  },
  {
    page: 'Entries of a map: a key written twice',
    covers: (sql, flink, here) => /^MAP_KEYS\(\(?MAP\[.*NULL/s.test(sql) &&
      differsBy(flink, here, (value, own) =>
        (value as unknown[]).length > (own as unknown[]).length &&
        (value as unknown[]).filter((key) => key === null).length > 1),
  },
  {
    page: 'SHA2 of one bit',
    covers: (sql, flink, here) => /^SHA2\(/.test(sql) && valuesOf(flink).length > 0 &&
      valuesOf(flink).every((value) => value === null || /^[0-9a-f]{40}$/.test(String(value))) &&
      here.every((one) => textOf(one).includes('bits of SHA2')),
  },
  {
    page: 'ARRAY_SORT with NaN',
    covers: (sql, flink, here) => /^ARRAY_SORT\(/.test(sql) &&
      JSON.stringify(valuesOf(flink)).includes('"NaN"') && differsBy(flink, here, (value, own) =>
        sortedItems(value) === sortedItems(own)),
  },
  {
    page: 'Nanoseconds that a cast leaves',
    covers: (sql, flink, here) => /^(TRY_)?CAST\(.* AS TIMESTAMP(_LTZ)?\(\d\)\)$/s.test(sql) &&
      differsBy(flink, here, (value, own) => /\.000000\d*/.test(String(value)) &&
        String(value).startsWith(String(own).replace('Z', ''))),
  },
  {
    page: 'NULL where the type says NOT NULL',
    covers: (sql, flink, here) => typeOf(flink).endsWith('NOT NULL') &&
      /REGEXP_REPLACE|LPAD|RPAD|^ARRAY_POSITION\(/.test(sql) &&
      valuesOf(flink).every((value) => isDefault(value)) &&
      here.every((one) => textOf(one).startsWith('MR3004')),
  },
  {
    page: 'A constant row beside a column',
    covers: (sql, flink, here) => /ROW\(.* IS DISTINCT FROM /s.test(sql) &&
      differsBy(flink, here, (value, own) => value === false && own === true),
  },
  {
    page: 'Tests that Flink decides while it plans',
    covers: (sql, flink, here) => /\) IS (NOT )?(UNKNOWN|NULL)$/.test(sql) &&
      typeOf(flink) === 'BOOLEAN NOT NULL' && new Set(valuesOf(flink)).size === 1 &&
      here.every((one) => 'error' in one && one.error === 'run'),
  },
  {
    page: 'Last digits of real functions in a text',
    covers: (sql, flink, here) => REAL.test(sql) && here.every((one) =>
      roundedReals(valuesOf(one)) === roundedReals(valuesOf(flink))),
  },
];

/** The page that explains a difference; null where none does. */
export function explanation(
  sql: string, flink: Answer, here: readonly Answer[],
): string | null {
  return EXPLANATIONS.find(({ covers }) => covers(sql, flink, here))?.page ?? null;
}

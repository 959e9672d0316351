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
  JSON.stringify(values).replaceAll(/\ufffd+/g, '\ufffd');

/** Whether each map of Flink has only entries that ours has as well. */
function isWithin(flink: readonly unknown[], here: readonly unknown[]): boolean {
  return flink.length === here.length && flink.every((map, i) => {
    const keys = new Set((here[i] as unknown[][] | null)?.map(([key]) => JSON.stringify(key)));
    return map === null ? here[i] === null
      : (map as unknown[][]).every(([key]) => keys.has(JSON.stringify(key)));
  });
}

/** Faults of Flink's own code, not words for its user. */
const INTERNAL = new RegExp('^(CodeGenException|CompileException|ClassCastException|MatchError|' +
  'NullPointerException|AssertionError|ArrayIndexOutOfBoundsException|NegativeArraySizeException|' +
  'IndexOutOfBoundsException|UnsupportedOperationException|InternalCompilerException|' +
  'NumberFormatException: Infinite or NaN|StringIndexOutOfBoundsException|' +
  'RuntimeException: Error while invoking|DateTimeException|' +
  'ArithmeticException: (BigInteger|Underflow|Overflow))');

const EXPLANATIONS: readonly Explanation[] = [
  {
    page: 'Flink fails inside itself',
    covers: (_sql, flink, here) => 'error' in flink && INTERNAL.test(flink.text) &&
      here.every((one) => !('error' in one) || one.error === 'run' || one.error === 'plan'),
  },
  {
    page: 'Failures of constants show when the query runs',
    covers: (_sql, flink, here) => 'error' in flink && flink.error === 'plan' &&
      !/Validation|Validator|ParseException|Calcite|Parser/.test(flink.text) &&
      here.every((one) => ('error' in one ? one.error === 'run'
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
    covers: (sql, flink) => /^(ROUND|TRUNCATE)\(.*\D\)$/s.test(sql) &&
      typeOf(flink).startsWith('DECIMAL'),
  },
  {
    page: 'CAST of a string to DECIMAL',
    covers: (sql, flink, here) => /^(TRY_)?CAST\(.* AS DECIMAL\(\d+, \d+\)\)$/s.test(sql) &&
      here.every((one) => 'error' in one ? one.text.startsWith('MR3001') : true) &&
      typeOf(flink).startsWith('DECIMAL'),
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
    covers: (sql) => /^(CEIL|FLOOR)\(\(?(CEIL|FLOOR)\(.* TO \w+\)\)? TO \w+\)$/s.test(sql),
  },
  {
    page: 'POSITION of an expression',
    covers: (sql, flink) => /POSITION\(/.test(sql) && textOf(flink).startsWith('ParseException'),
  },
  {
    page: 'COALESCE stops at the first value',
    covers: (sql, flink, here) => /\b(COALESCE|IFNULL)\(/.test(sql) && 'error' in flink &&
      flink.error === 'run' && here.every((one) => !('error' in one)),
  },
  {
    page: 'Constants that are NULL',
    covers: (sql, flink, here) => /CAST\(NULL AS/.test(sql) && !('error' in flink) &&
      flink.values.every((one) => one === null) && here.every((one) => 'error' in one),
  },
  {
    page: 'Maps with a NULL as a value',
    covers: (sql, flink) => /MAP\[|c_map/.test(sql) && /( = | <> | IS |IN \()/.test(sql) &&
      typeOf(flink).startsWith('BOOLEAN'),
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
    covers: (sql, flink, here) => /SHA2\(|TO_TIMESTAMP_LTZ\(/.test(sql) && 'error' in flink &&
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
    covers: (sql, flink) => /IN \(/.test(sql) && /\d\.\d/.test(sql) &&
      typeOf(flink).startsWith('BOOLEAN'),
  },
  {
    page: 'TIMESTAMPDIFF with a TIME',
    covers: (sql, flink) => /^TIMESTAMPDIFF\(.*TIME/s.test(sql) && typeOf(flink).startsWith('INT'),
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
];

/** The page that explains a difference; null where none does. */
export function explanation(
  sql: string, flink: Answer, here: readonly Answer[],
): string | null {
  return EXPLANATIONS.find(({ covers }) => covers(sql, flink, here))?.page ?? null;
}

/**
 * Functions of dates, times, timestamps and intervals. Units come as string constants: in front
 * (EXTRACT, TIMESTAMPADD, TIMESTAMPDIFF) or behind (FLOOR, CEIL). Answers of Flink 2.3, with its
 * oddities: times before 1970 are cut toward zero, units below a second count whole seconds.
 */
import type {
  ArgumentFamily, FunctionExample, FunctionRow, ResultStrategy, Signature,
} from './row.js';

const TEXT = 'CHARACTER_STRING';

function row(
  name: string, kernel: string, signatures: readonly Signature[], doc: string,
  example: FunctionExample, more: Partial<FunctionRow> = {},
): FunctionRow {
  return { name, kernel, signatures, nulls: 'propagate', doc, examples: [example], ...more };
}

function takes(
  args: readonly ArgumentFamily[], result: ResultStrategy, more: Partial<Signature> = {},
): Signature {
  return { arguments: args, result, ...more };
}

const DAYS = 'INTERVAL_DAY_TIME';
const MONTHS = 'INTERVAL_YEAR_MONTH';

const OPERATORS: readonly FunctionRow[] = [
  row('+', 'add_interval', [
    takes(['DATETIME', 'INTERVAL'], 'argument-0'), takes(['INTERVAL', 'DATETIME'], 'argument-1'),
    takes([DAYS, DAYS], 'argument-0', { kernel: 'add' }),
    takes([MONTHS, MONTHS], 'argument-0', { kernel: 'add' }),
  ], 'A time later by an interval; the sum of two intervals.',
  ["DATE '2021-01-31' + INTERVAL '1' MONTH", 'DATE NOT NULL', '2021-02-28']),
  row('-', 'subtract_interval', [
    takes(['DATETIME', 'INTERVAL'], 'argument-0'),
    takes([DAYS, DAYS], 'argument-0', { kernel: 'subtract' }),
    takes([MONTHS, MONTHS], 'argument-0', { kernel: 'subtract' }),
  ], 'A time earlier by an interval; the difference of two intervals.',
  ["DATE '2021-03-31' - INTERVAL '1' MONTH", 'DATE NOT NULL', '2021-02-28']),
  row('*', 'multiply_interval', [
    takes(['INTERVAL', 'TO_BIGINT'], 'argument-0'),
    takes(['TO_BIGINT', 'INTERVAL'], 'argument-1'),
  ], 'An interval several times.',
  ["CAST(INTERVAL '2' DAY * 3 AS STRING)", 'STRING NOT NULL', '+6 00:00:00.000']),
];

const OF_CLOCK: readonly string[] = ['HOUR', 'MINUTE', 'SECOND'];

const FIELDS: readonly FunctionRow[] = [
  row('EXTRACT', 'extract', [takes([TEXT, 'DATETIME'], 'extracted'),
    takes([TEXT, 'INTERVAL'], 'extracted')], 'A field of a time or an interval.',
  ["EXTRACT(DOW FROM DATE '1994-09-27')", 'BIGINT NOT NULL', '3'], { zone: true }),
  ...([
    ['YEAR', 'year', '2021'], ['QUARTER', 'quarter', '1'], ['MONTH', 'month', '3'],
    ['WEEK', 'week', '10'], ['DAYOFYEAR', 'day_of_year', '73'],
    ['DAYOFMONTH', 'day_of_month', '14'], ['DAYOFWEEK', 'day_of_week', '1'],
    ['HOUR', 'hour', '13'], ['MINUTE', 'minute', '47'], ['SECOND', 'second', '59'],
  ] as const).map(([name, kernel, value]) =>
    row(name, kernel, [takes(['DATE'], 'BIGINT'), takes(['ANY_TIMESTAMP'], 'BIGINT'),
      ...(OF_CLOCK.includes(name) ? [takes(['TIME'], 'BIGINT')] : [])], `The field ${name} of a time.`,
      [`${name}(TIMESTAMP '2021-03-14 13:47:59')`, 'BIGINT NOT NULL', value], { zone: true })),
];

const ROUNDED: readonly FunctionRow[] = [
  row('FLOOR', 'floor_time', [takes(['DATETIME', TEXT], 'argument-0')],
    'The start of the unit that a time lies in; weeks start on Sunday.',
    ["FLOOR(TIMESTAMP '2021-03-14 13:47:59' TO HOUR)", 'TIMESTAMP(0) NOT NULL',
      '2021-03-14 13:00:00'], { zone: true }),
  row('CEIL', 'ceil_time', [takes(['DATETIME', TEXT], 'argument-0')],
    'The time rounded up to a unit.',
    ["CEIL(TIMESTAMP '2021-03-14 13:47:59' TO HOUR)", 'TIMESTAMP(0) NOT NULL',
      '2021-03-14 14:00:00'], { zone: true, aliases: ['CEILING'] }),
];

const COUNTED: readonly FunctionRow[] = [
  row('TIMESTAMPADD', 'timestamp_add',
    [takes([TEXT, 'TO_BIGINT', 'DATETIME'], 'timestamp-add')], 'A time later by some units.',
    ["TIMESTAMPADD(HOUR, -3, DATE '2020-02-29')", 'TIMESTAMP(6) NOT NULL',
      '2020-02-28 21:00:00.000000']),
  row('TIMESTAMPDIFF', 'timestamp_diff',
    [takes([TEXT, 'DATETIME', 'DATETIME'], 'timestamp-diff')],
    'The whole units from the first time to the second.',
    ["TIMESTAMPDIFF(MONTH, DATE '2020-01-31', DATE '2020-03-01')", 'INT NOT NULL', '1']),
];

const DIFFERENCES: readonly FunctionRow[] = [
  row('DATETIME DIFFERENCE', 'subtract_times',
    [takes([TEXT, 'DATETIME', 'DATETIME'], 'interval-of-unit')],
    'The time between two times as an interval: (a - b) DAY.',
    ["CAST((DATE '2021-01-31' - DATE '2020-01-31') DAY AS STRING)", 'STRING NOT NULL',
      '+366 00:00:00.000']),
];

const NOW: Partial<FunctionRow> = { nulls: 'custom', deterministic: false, zone: true };
const never = (result: ResultStrategy): readonly Signature[] =>
  [takes([], result, { nullable: 'never' })];

const NOW_ROWS: readonly FunctionRow[] = [
  row('CURRENT_TIMESTAMP', 'current_timestamp', never('TIMESTAMP_LTZ_3'), 'The current instant.',
    ["CURRENT_TIMESTAMP > TO_TIMESTAMP_LTZ(0, 3)", 'BOOLEAN', 'TRUE'],
    { ...NOW, aliases: ['NOW', 'CURRENT_ROW_TIMESTAMP', 'PROCTIME'] }),
  row('LOCALTIMESTAMP', 'local_timestamp', never('TIMESTAMP_3'),
    'The current time in the session zone.',
    ["LOCALTIMESTAMP > TIMESTAMP '1970-01-01 00:00:00'", 'BOOLEAN NOT NULL', 'TRUE'], NOW),
  row('CURRENT_DATE', 'current_date', never('DATE'), 'The current date in the session zone.',
    ["CURRENT_DATE > DATE '1970-01-01'", 'BOOLEAN NOT NULL', 'TRUE'], NOW),
  row('CURRENT_TIME', 'local_time', never('TIME_0'), 'The time of day in the session zone.',
    ["CURRENT_TIME >= TIME '00:00:00'", 'BOOLEAN NOT NULL', 'TRUE'],
    { ...NOW, aliases: ['LOCALTIME'] }),
];

const WRITTEN: readonly FunctionRow[] = [
  row('DATE_FORMAT', 'date_format', [
    takes(['ANY_TIMESTAMP', TEXT], 'STRING', { nullable: 'always' }),
    takes([TEXT, TEXT], 'STRING', { nullable: 'always', kernel: 'date_format_text' }),
  ], 'A timestamp written by a pattern of java.time.format.',
  ["DATE_FORMAT(TIMESTAMP '2021-03-14 13:47:59', 'dd.MM.yyyy')", 'STRING', '14.03.2021'],
  { zone: true }),
  row('FROM_UNIXTIME', 'from_unixtime',
    [takes(['TO_BIGINT', TEXT], 'STRING', { optional: 1, nullable: 'always' })],
    'Seconds since 1970 written by a pattern of SimpleDateFormat in the session zone.',
    ["FROM_UNIXTIME(1615729679, 'yyyy/MM/dd')", 'STRING', '2021/03/14'], { zone: true }),
  row('CONVERT_TZ', 'convert_tz',
    [takes([TEXT, TEXT, TEXT], 'STRING', { nullable: 'always' })],
    'A time written as yyyy-MM-dd HH:mm:ss, moved from one zone to another.',
    ["CONVERT_TZ('1970-01-01 00:00:00', 'UTC', 'GMT+08:00')", 'STRING', '1970-01-01 08:00:00'],
    { zoneArguments: [1, 2] }),
];

const READ: readonly FunctionRow[] = [
  row('TO_DATE', 'to_date', [
    takes([TEXT], 'DATE', { nullable: 'always' }),
    takes([TEXT, TEXT], 'DATE', { nullable: 'always', kernel: 'to_date_format' }),
  ], 'A text as a date, by default yyyy-MM-dd; NULL where it is none.',
  ["TO_DATE('14/03/2021', 'dd/MM/yyyy')", 'DATE', '2021-03-14']),
  row('TO_TIMESTAMP', 'to_timestamp', [
    takes([TEXT, TEXT], 'TIMESTAMP_3', { optional: 1, nullable: 'always' }),
  ], 'A text as a timestamp, by default yyyy-MM-dd HH:mm:ss; NULL where it is none.',
  ["TO_TIMESTAMP('2021-03-14 13:47:59.5')", 'TIMESTAMP(3)', '2021-03-14 13:47:59.500']),
  row('TO_TIMESTAMP_LTZ', 'to_timestamp_ltz', [
    takes(['NUMERIC', 'TO_INT'], 'timestamp-ltz-number', { optional: 1, nullable: 'always' }),
    takes([TEXT, TEXT, TEXT], 'timestamp-ltz-text',
      { optional: 2, nullable: 'always', kernel: 'to_timestamp_ltz_text' }),
  ], 'Seconds (0), milliseconds (3) or finer since 1970, or a text, as an instant.',
  ['TO_TIMESTAMP_LTZ(1500, 3)', 'TIMESTAMP_LTZ(3)', '1970-01-01 00:00:01.500'],
  { zoneArguments: [2] }),
  row('UNIX_TIMESTAMP', 'unix_timestamp', [
    takes([TEXT, TEXT], 'BIGINT', { optional: 1 }),
  ], 'Seconds since 1970 of a text by a pattern of SimpleDateFormat in the session zone.',
  ["UNIX_TIMESTAMP('2021-03-14 13:47:59')", 'BIGINT NOT NULL', '1615729679'], { zone: true }),
  row('UNIX_TIMESTAMP', 'current_unix_timestamp', never('BIGINT'),
    'Seconds since 1970 of the current instant.',
    ['UNIX_TIMESTAMP() > 0', 'BOOLEAN NOT NULL', 'TRUE'], NOW),
];

export const TEMPORAL: readonly FunctionRow[] = [
  ...OPERATORS, ...FIELDS, ...ROUNDED, ...COUNTED, ...DIFFERENCES, ...NOW_ROWS, ...WRITTEN, ...READ,
];

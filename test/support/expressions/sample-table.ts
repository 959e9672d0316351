/**
 * The two tables random expressions read, with a column for each type: `sample` has usual, odd and
 * missing values, `extremes` the largest and smallest, one row each, so that failures stay apart.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SAMPLE_TABLES = ['sample', 'extremes'] as const;
export type SampleTable = (typeof SAMPLE_TABLES)[number];

/** Name, type, values of `sample`, values of `extremes`, as JSON holds them. */
type SampleColumn = readonly [
  name: string, type: string, sample: readonly unknown[], extremes: readonly unknown[],
];

const LONG = 'a rather long text of more than twelve bytes';

/** The third row is NULL wherever it may be. */
export const SAMPLE_COLUMNS: readonly SampleColumn[] = [
  ['c_flag', 'BOOLEAN', [true, false, null, true], [true, false]],
  ['c_tiny', 'TINYINT', [3, -7, null, 0], [127, -128]],
  ['c_small', 'SMALLINT', [300, -12, null, 1], [32767, -32768]],
  ['c_int', 'INT', [2, -3, null, 100], [2147483647, -2147483648]],
  ['c_big', 'BIGINT', [5, -3000000000, null, 1583020800123],
    ['9223372036854775807', '-9223372036854775808']],
  ['c_float', 'FLOAT', [1.5, -0.25, null, 0], [3.4028235e38, 1.4e-45]],
  ['c_double', 'DOUBLE', [2.5, -1.25, null, -0.0], [1.7976931348623157e308, 4.9e-324]],
  ['c_dec52', 'DECIMAL(5, 2)', [1.25, -0.05, null, 100], [999.99, -999.99]],
  ['c_dec184', 'DECIMAL(18, 4)', [12.3456, -7, null, 0],
    ['99999999999999.9999', '-99999999999999.9999']],
  ['c_dec3810', 'DECIMAL(38, 10)', [1.0000000001, -2.5, null, 42],
    ['9999999999999999999999999999.9999999999', '-9999999999999999999999999999.9999999999']],
  ['c_text', 'STRING', ['Hello, World', '', null, 'äö\u{1f600}b'], [LONG, '\u0000']],
  ['c_digits', 'STRING', ['12', '-3.5', null, ' 7 '], ['9223372036854775808', '1e400']],
  ['c_when', 'STRING', ['2020-02-29 12:34:56.789', '1969-12-31', null, 'tomorrow'],
    ['9999-12-31 23:59:59.999', '0001-01-01']],
  ['c_json', 'STRING', ['{"a": 1, "b": [1, "x"]}', '[1, 2.50]', null, '{"a": {"b": null}}'],
    ['{"a": 1e400}', '{']],
  ['c_varchar', 'VARCHAR(5)', ['ab', 'a=1,b', null, ''], ['zzzzz', ' ']],
  ['c_char', 'CHAR(4)', ['abcd', 'x  y', null, '    '], ['ÿÿÿÿ', '1234']],
  ['c_bytes', 'BYTES', ['aGk=', '', null, 'w6k='], ['/wA=', 'AA==']],
  ['c_date', 'DATE', ['2020-02-29', '1969-12-31', null, '2021-03-14'],
    ['9999-12-31', '1582-10-15']],
  ['c_time', 'TIME(0)', ['12:34:56', '00:00:00', null, '23:59:59'], ['23:59:59', '00:00:01']],
  ['c_ts0', 'TIMESTAMP(0)', ['2020-02-29 12:34:56', '1969-12-31 23:59:59', null,
    '2021-03-14 02:30:00'], ['9999-12-31 23:59:59', '1582-10-15 00:00:00']],
  ['c_ts3', 'TIMESTAMP(3)', ['2020-02-29 12:34:56.789', '1969-12-31 23:59:59.001', null,
    '2021-11-07 01:30:00'], ['9999-12-31 23:59:59.999', '1582-10-15 00:00:00.001']],
  ['c_ts6', 'TIMESTAMP(6)', ['2020-02-29 12:34:56.789123', '1969-12-31 23:59:59.000001', null,
    '2000-01-01 00:00:00'], ['9999-12-31 23:59:59.999999', '1582-10-15 00:00:00.000001']],
  ['c_ts9', 'TIMESTAMP(9)', ['2020-02-29 12:34:56.789123456', '1969-12-31 23:59:59.000000001',
    null, '2000-01-01 00:00:00'], ['2261-12-31 23:59:59.999999999', '1678-01-01 00:00:00']],
  ['c_ltz3', 'TIMESTAMP_LTZ(3)', ['2020-02-29 12:34:56.789Z', '1969-12-31 23:59:59.001Z', null,
    '2021-03-14 07:30:00Z'], ['9999-12-30 23:59:59.999Z', '1582-10-16 00:00:00Z']],
  ['c_ints', 'ARRAY<INT>', [[1, 2, 2], [], null, [5, null, -1]],
    [[2147483647, -2147483648], [null]]],
  ['c_texts', 'ARRAY<STRING>', [['a', 'bc'], [], null, ['', null, 'a']], [[LONG], [null]]],
  ['c_map', 'MAP<STRING, INT>', [{ a: 1, b: 2 }, {}, null, { a: null }],
    [{ a: 2147483647 }, { '': -1 }]],
  ['c_row', 'ROW<a INT, b STRING>', [{ a: 1, b: 'x' }, { a: null, b: '' }, null, { a: 7, b: null }],
    [{ a: 2147483647, b: LONG }, { a: null, b: null }]],
  ['n_flag', 'BOOLEAN NOT NULL', [true, false, false, true], [true, false]],
  ['n_int', 'INT NOT NULL', [1, 0, -5, 20], [2147483647, -2147483648]],
  ['n_big', 'BIGINT NOT NULL', [1, 86400000, -1, 255],
    ['9223372036854775807', '-9223372036854775808']],
  ['n_double', 'DOUBLE NOT NULL', [0.5, 3, -2.5, 1e10], [1e300, -1e-300]],
  ['n_dec', 'DECIMAL(10, 3) NOT NULL', [1.5, -0.125, 7, 1234567.891], ['9999999.999', 0]],
  ['n_text', 'STRING NOT NULL', ['foo bar', 'a', '', 'İß'], [LONG, '']],
  ['n_varchar', 'VARCHAR(3) NOT NULL', ['a,b', '%_', '', 'abc'], ['\u{1f600}é\t', '']],
  ['n_date', 'DATE NOT NULL', ['2021-01-31', '1970-01-01', '2024-12-30', '1999-02-28'],
    ['9999-12-31', '1900-03-01']],
  ['n_ts3', 'TIMESTAMP(3) NOT NULL', ['2021-01-31 23:00:00', '1970-01-01 00:00:00',
    '2024-12-30 11:59:59.999', '2020-06-15 08:09:10.11'],
  ['9999-12-31 23:59:59.999', '1900-03-01 00:00:00']],
  ['n_ints', 'ARRAY<INT NOT NULL> NOT NULL', [[3, 1], [0], [], [7, 7]], [[2147483647], [1]]],
];

const rowCountOf = (table: SampleTable): number => (table === 'sample' ? 4 : 2);

function jsonLines(table: SampleTable): string {
  return Array.from({ length: rowCountOf(table) }, (_, row) => {
    const fields = SAMPLE_COLUMNS.map(([name, , sample, extremes]) =>
      [name, (table === 'sample' ? sample : extremes)[row]]);
    return `${JSON.stringify(Object.fromEntries(fields))}\n`;
  }).join('');
}

/** Writes the tables' files into a folder. */
export function writeSampleFiles(folder: string): void {
  for (const table of SAMPLE_TABLES) {
    writeFileSync(join(folder, `${table}.json`), jsonLines(table));
  }
}

/** CREATE TABLE statements over files in a folder. */
export function sampleTables(folder: string): readonly string[] {
  const columns = SAMPLE_COLUMNS.map(([name, type]) => `${name} ${type}`).join(',\n  ');
  return SAMPLE_TABLES.map((table) => `CREATE TABLE ${table} (\n  ${columns}\n) WITH (` +
    `'connector' = 'filesystem', 'path' = '${join(folder, `${table}.json`)}', ` +
    '\'format\' = \'json\', \'json.timestamp-format.standard\' = \'SQL\')');
}

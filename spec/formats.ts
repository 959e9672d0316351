/**
 * The formats, one row each: whether they can be read and written, and their options, without the
 * format's name in front.
 */
import type { OptionRow } from './connectors.js';

export interface FormatRow {
  readonly name: string;
  readonly doc: string;
  readonly source: boolean;
  readonly sink: boolean;
  /** Whether its records tell of changes: rows have every kind. */
  readonly changes?: true;
  readonly options: readonly OptionRow[];
}

const IGNORE_PARSE_ERRORS: OptionRow = {
  key: 'ignore-parse-errors', type: 'boolean', default: 'false',
  doc: 'Skip and count records that cannot be read; fields that cannot are NULL.',
};

/** Options of JSON, whatever is in it. */
const JSON_TEXT = [
  {
    key: 'timestamp-format.standard', type: 'string', default: 'SQL',
    values: ['SQL', 'ISO-8601'], doc: '2020-12-30 12:13:14.123, or with a T.',
  },
  {
    key: 'map-null-key.mode', type: 'string', default: 'FAIL',
    values: ['FAIL', 'DROP', 'LITERAL'], doc: 'What a NULL key of a map does.',
  },
  { key: 'map-null-key.literal', type: 'string', default: 'null', doc: 'Name of a NULL key.' },
  {
    key: 'encode.decimal-as-plain-number', type: 'boolean', default: 'false',
    doc: 'Never 2.7E-8.',
  },
  {
    key: 'encode.ignore-null-fields', type: 'boolean', default: 'false',
    doc: 'Leave out members that are NULL.',
  },
] as const satisfies readonly OptionRow[];

export const FORMATS = [
  {
    name: 'json', source: true, sink: true, doc: 'One JSON object a line.',
    options: [
      {
        key: 'fail-on-missing-field', type: 'boolean', default: 'false',
        doc: 'Whether a missing member fails the job; else it is NULL.',
      },
      IGNORE_PARSE_ERRORS,
      ...JSON_TEXT,
      { key: 'decode.json-parser.enabled', type: 'boolean', default: 'true', doc: 'No effect.' },
    ],
  },
  {
    name: 'csv', source: true, sink: true, doc: 'Comma-separated values, columns by position.',
    options: [
      { key: 'field-delimiter', type: 'string', default: ',', doc: 'Between two fields.' },
      { key: 'quote-character', type: 'string', default: '"', doc: 'Around a field.' },
      { key: 'disable-quote-character', type: 'boolean', default: 'false', doc: 'No quotes.' },
      { key: 'allow-comments', type: 'boolean', default: 'false', doc: 'Skip lines with #.' },
      IGNORE_PARSE_ERRORS,
      { key: 'array-element-delimiter', type: 'string', default: ';', doc: 'Between elements.' },
      { key: 'escape-character', type: 'string', doc: 'Before a character taken as it is.' },
      { key: 'null-literal', type: 'string', doc: 'Text that stands for NULL.' },
      {
        key: 'write-bigdecimal-in-scientific-notation', type: 'boolean', default: 'true',
        doc: 'Decimals as 1E+3.',
      },
    ],
  },
  {
    name: 'parquet', source: true, sink: false, doc: 'Columnar files.',
    options: [
      {
        key: 'utc-timezone', type: 'boolean', default: 'false',
        doc: 'Whether timestamps are taken as UTC or in the zone of the process.',
      },
    ],
  },
  {
    name: 'debezium-json', source: true, sink: true, changes: true,
    doc: 'Changes as Debezium tells them: {"before", "after", "op"}.',
    options: [
      {
        key: 'schema-include', type: 'boolean', default: 'false',
        doc: 'Whether records are {"schema", "payload"}, the change in "payload".',
      },
      IGNORE_PARSE_ERRORS,
      ...JSON_TEXT,
    ],
  },
  {
    name: 'canal-json', source: true, sink: true, changes: true,
    doc: 'Changes as Canal tells them: {"data": [], "old": [], "type"}.',
    options: [
      { key: 'database.include', type: 'string', doc: 'Only changes of this database.' },
      { key: 'table.include', type: 'string', doc: 'Only changes of this table.' },
      IGNORE_PARSE_ERRORS,
      ...JSON_TEXT,
    ],
  },
  {
    name: 'maxwell-json', source: true, sink: true, changes: true,
    doc: 'Changes as Maxwell tells them: {"data", "old", "type"}.',
    options: [IGNORE_PARSE_ERRORS, ...JSON_TEXT],
  },
  {
    name: 'ogg-json', source: true, sink: true, changes: true,
    doc: 'Changes as Oracle GoldenGate tells them: {"before", "after", "op_type"}.',
    options: [IGNORE_PARSE_ERRORS, ...JSON_TEXT],
  },
  {
    name: 'raw', source: true, sink: true, doc: 'The bytes of a record as one column.',
    options: [
      { key: 'charset', type: 'string', default: 'UTF-8', doc: 'Encoding of strings.' },
      {
        key: 'endianness', type: 'string', default: 'big-endian',
        values: ['big-endian', 'little-endian'], doc: 'Byte order of numbers.',
      },
    ],
  },
] as const satisfies readonly FormatRow[];

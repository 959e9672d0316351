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
  readonly options: readonly OptionRow[];
}

export const FORMATS = [
  {
    name: 'json', source: true, sink: true, doc: 'One JSON object a line.',
    options: [
      {
        key: 'fail-on-missing-field', type: 'boolean', default: 'false',
        doc: 'Whether a missing member fails the job; else it is NULL.',
      },
      {
        key: 'ignore-parse-errors', type: 'boolean', default: 'false',
        doc: 'Skip and count records that cannot be read; fields that cannot are NULL.',
      },
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
      {
        key: 'ignore-parse-errors', type: 'boolean', default: 'false',
        doc: 'Skip and count records that cannot be read; fields that cannot are NULL.',
      },
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

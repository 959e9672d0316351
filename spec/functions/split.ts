/** Texts taken to pieces. Answers of Flink 2.3. */
import type { FunctionRow } from './row.js';

const TEXT = 'CHARACTER_STRING';

export const SPLIT: readonly FunctionRow[] = [
  {
    name: 'SPLIT', kernel: 'split', nulls: 'propagate',
    signatures: [{ arguments: [TEXT, TEXT], result: 'ARRAY_STRING' }],
    doc: 'The pieces between separators; with an empty separator each character.',
    examples: [["SPLIT('a,,b', ',')", 'ARRAY<STRING> NOT NULL', '[a, , b]']],
  },
  {
    name: 'STR_TO_MAP', kernel: 'str_to_map', nulls: 'propagate', pattern: 'pairs',
    signatures: [
      { arguments: [TEXT], result: 'MAP_STRING', nullable: 'always' },
      { arguments: [TEXT, TEXT, TEXT], result: 'MAP_STRING', nullable: 'always' },
    ],
    doc: 'A map of pairs parted by `,` and keys and values parted by `=`, or by regular '
      + 'expressions, which must be constant.',
    examples: [["STR_TO_MAP('a:1;b', ';', ':')", 'MAP<STRING, STRING>', '{a=1, b=NULL}']],
  },
  {
    name: 'REGEXP_EXTRACT_ALL', kernel: 'regexp_extract_all', nulls: 'propagate',
    pattern: 'regexp',
    signatures: [
      { arguments: [TEXT, TEXT, 'TO_INT'], optional: 1, result: 'ARRAY_STRING',
        nullable: 'always' },
    ],
    doc: 'A group, the first unless given, of all matches.',
    examples: [["REGEXP_EXTRACT_ALL('1-2, 3-4', '(\\d)-(\\d)', 2)", 'ARRAY<STRING>', '[2, 4]']],
  },
];

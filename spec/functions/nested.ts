/** Rows, arrays and maps: constructors, access to parts, maps as arrays. Answers of Flink 2.3. */
import type { FunctionRow } from './row.js';

const ENTRIES = 'ARRAY<ROW<`key` CHAR(1) NOT NULL, `value` INT NOT NULL>> NOT NULL';

export const NESTED: readonly FunctionRow[] = [
  {
    name: 'ROW', kernel: 'row', nulls: 'custom',
    signatures: [{ arguments: ['ANY'], rest: 'ANY', result: 'row-of', nullable: 'never' }],
    doc: 'A row of these fields, called EXPR$0, EXPR$1, ...',
    examples: [[
      "ROW(1, 'a')", 'ROW<`EXPR$0` INT NOT NULL, `EXPR$1` CHAR(1) NOT NULL> NOT NULL', '(1, a)',
    ]],
  },
  {
    name: 'ARRAY', kernel: 'array', nulls: 'custom',
    signatures: [{
      arguments: ['ANY'], rest: 'ANY', parameters: 'common', result: 'array-of-common',
      nullable: 'never',
    }],
    doc: 'An array of these elements: ARRAY[1, 2].',
    examples: [['ARRAY[1, NULL, 2]', 'ARRAY<INT> NOT NULL', '[1, NULL, 2]']],
  },
  {
    name: 'MAP', kernel: 'map', nulls: 'custom',
    signatures: [{
      arguments: ['ANY', 'ANY'], rest: 'ANY', parameters: 'map-entries', result: 'map-of-entries',
      nullable: 'never',
    }],
    doc: 'A map of these keys and values: MAP[key, value, ...]; of equal keys the last counts.',
    examples: [["MAP['a', 1, 'b', 2]", 'MAP<CHAR(1) NOT NULL, INT NOT NULL> NOT NULL',
      '{a=1, b=2}']],
  },
  {
    name: 'ITEM', kernel: 'array_item', nulls: 'propagate',
    signatures: [
      { arguments: ['ARRAY', 'TO_INT'], result: 'element-0', nullable: 'always' },
      { arguments: ['MAP', 'KEY_OF_0'], result: 'element-0', nullable: 'always',
        kernel: 'map_item' },
    ],
    doc: 'array[position], from 1, or map[key]; NULL where there is none.',
    examples: [['ARRAY[5, 6][2]', 'INT', '6'], ["MAP['a', 1]['b']", 'INT', null]],
  },
  {
    name: 'CARDINALITY', kernel: 'cardinality', nulls: 'propagate',
    signatures: [
      { arguments: ['ARRAY'], result: 'INT' }, { arguments: ['MAP'], result: 'INT' },
      { arguments: ['MULTISET'], result: 'INT' },
    ],
    doc: 'The number of elements of an array, or of entries of a map.',
    examples: [['CARDINALITY(ARRAY[1, 2])', 'INT NOT NULL', '2']],
  },
  {
    name: 'ELEMENT', kernel: 'element', nulls: 'propagate',
    signatures: [{ arguments: ['ARRAY'], result: 'element-0', nullable: 'element' }],
    doc: 'The only element of an array; NULL of an empty one, an error if there are more.',
    examples: [['ELEMENT(ARRAY[5])', 'INT NOT NULL', '5']],
  },
  {
    name: 'MAP_KEYS', kernel: 'map_keys', nulls: 'propagate',
    signatures: [{ arguments: ['MAP'], result: 'keys-0' }],
    doc: 'The keys of a map as an array.',
    examples: [["MAP_KEYS(MAP['a', 1])", 'ARRAY<CHAR(1) NOT NULL> NOT NULL', '[a]']],
  },
  {
    name: 'MAP_VALUES', kernel: 'map_values', nulls: 'propagate',
    signatures: [{ arguments: ['MAP'], result: 'values-0' }],
    doc: 'The values of a map as an array.',
    examples: [["MAP_VALUES(MAP['a', 1])", 'ARRAY<INT NOT NULL> NOT NULL', '[1]']],
  },
  {
    name: 'MAP_ENTRIES', kernel: 'map_entries', nulls: 'propagate',
    signatures: [{ arguments: ['MAP'], result: 'entries-0' }],
    doc: 'The entries of a map as an array of rows.',
    examples: [["MAP_ENTRIES(MAP['a', 1])", ENTRIES, '[(a, 1)]']],
  },
  {
    name: 'MAP_FROM_ARRAYS', kernel: 'map_from_arrays', nulls: 'propagate',
    signatures: [{ arguments: ['ARRAY', 'ARRAY'], result: 'map-of-arrays' }],
    doc: 'A map of an array of keys and one of values, which must be of one length.',
    examples: [["MAP_FROM_ARRAYS(ARRAY[1, 2], ARRAY['a', 'b'])",
      'MAP<INT NOT NULL, CHAR(1) NOT NULL> NOT NULL', '{1=a, 2=b}']],
  },
  {
    name: 'MAP_UNION', kernel: 'map_union', nulls: 'propagate',
    signatures: [{ arguments: ['MAP'], rest: 'MAP', parameters: 'common', result: 'common' }],
    doc: 'The entries of all maps; of equal keys that of the last map.',
    examples: [["MAP_UNION(MAP['a', 1, 'b', 2], MAP['b', 3])",
      'MAP<CHAR(1) NOT NULL, INT NOT NULL> NOT NULL', '{b=3, a=1}']],
  },
];

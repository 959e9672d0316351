/** HASH_CODE: what Java's hashCode is of the value that Flink has in its row. */
import type { FunctionRow } from './row.js';

export const HASH_CODE: readonly FunctionRow[] = [
  {
    name: 'HASH_CODE', kernel: 'hash_code', nulls: 'propagate',
    signatures: [
      { arguments: ['BOOLEAN'], result: 'INT' },
      { arguments: ['NUMERIC'], result: 'INT' },
      { arguments: ['CHARACTER_STRING'], result: 'INT' },
      { arguments: ['TIMESTAMP'], result: 'INT' },
      { arguments: ['TIME'], result: 'INT' },
      { arguments: ['DATE'], result: 'INT' },
    ],
    doc: 'The hash code that Java has for the value; of a text, without its sign.',
    examples: [
      ["HASH_CODE('hello')", 'INT NOT NULL', '99162322'],
      ['HASH_CODE(1.50)', 'INT NOT NULL', '4652'],
      ["HASH_CODE(TIMESTAMP '2020-01-01 00:00:00')", 'INT NOT NULL', '1853244529'],
    ],
  },
];

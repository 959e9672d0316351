/** Random values. A seed gives the numbers of java.util.Random, as in Flink. */
import type { FunctionRow } from './row.js';

export const RANDOM: readonly FunctionRow[] = [
  {
    name: 'RAND', kernel: 'rand', nulls: 'propagate', deterministic: false,
    signatures: [{ arguments: ['TO_INT'], optional: 1, result: 'DOUBLE' }],
    doc: 'A number from 0 to 1, 1 excluded, by a seed if there is one.',
    examples: [['RAND(10)', 'DOUBLE NOT NULL', '0.7304302967434272']],
  },
  {
    name: 'RAND_INTEGER', kernel: 'rand_integer', nulls: 'propagate', deterministic: false,
    signatures: [
      { arguments: ['TO_INT'], result: 'INT' }, { arguments: ['TO_INT', 'TO_INT'], result: 'INT' },
    ],
    doc: 'An integer from 0 to a bound, which is excluded: RAND_INTEGER([seed,] bound).',
    examples: [['RAND_INTEGER(5, 10)', 'INT NOT NULL', '7']],
  },
  {
    name: 'UUID', kernel: 'uuid', nulls: 'propagate', deterministic: false,
    signatures: [{ arguments: [], result: 'CHAR_36', nullable: 'never' }],
    doc: 'A random UUID of version 4.',
    examples: [['CHAR_LENGTH(UUID())', 'INT NOT NULL', '36']],
  },
];

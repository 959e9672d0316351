/**
 * Comparisons. Both sides are cast to their common type first (numbers exactly, E-076); strings
 * compare as unsigned UTF-8 bytes; a NULL on either side makes NULL except where the text says
 * otherwise.
 */
import type { FunctionRow, Signature } from './row.js';

const EQUALITY: readonly Signature[] = [
  { arguments: ['COMPARABLE', 'COMPARABLE'], parameters: 'equality', result: 'BOOLEAN' },
];
const BOTH: readonly Signature[] = [
  { arguments: ['ORDERED', 'ORDERED'], parameters: 'comparison', result: 'BOOLEAN' },
];
const BOTH_NEVER_NULL: readonly Signature[] = EQUALITY.map((s) => ({ ...s, nullable: 'never' }));

export const COMPARISON: readonly FunctionRow[] = [
  {
    name: '=', kernel: 'equal', signatures: EQUALITY, nulls: 'propagate',
    doc: 'Whether both are equal; NULL if either is NULL.',
    examples: [['1 = 1.0', 'BOOLEAN NOT NULL', 'TRUE']],
  },
  {
    name: '<>', aliases: ['!='], kernel: 'not_equal', signatures: EQUALITY, nulls: 'propagate',
    doc: 'Whether both differ.',
    examples: [["'a' <> 'b'", 'BOOLEAN NOT NULL', 'TRUE']],
  },
  {
    name: '<', kernel: 'less', signatures: BOTH, nulls: 'propagate',
    doc: 'Whether the first is smaller.',
    examples: [['1 < 2', 'BOOLEAN NOT NULL', 'TRUE']],
  },
  {
    name: '<=', kernel: 'less_equal', signatures: BOTH, nulls: 'propagate',
    doc: 'Whether the first is smaller or equal.',
    examples: [['2 <= 2', 'BOOLEAN NOT NULL', 'TRUE']],
  },
  {
    name: '>', kernel: 'greater', signatures: BOTH, nulls: 'propagate',
    doc: 'Whether the first is larger.',
    examples: [["'b' > 'a'", 'BOOLEAN NOT NULL', 'TRUE']],
  },
  {
    name: '>=', kernel: 'greater_equal', signatures: BOTH, nulls: 'propagate',
    doc: 'Whether the first is larger or equal.',
    examples: [['1 >= 2', 'BOOLEAN NOT NULL', 'FALSE']],
  },
  {
    name: 'IS DISTINCT FROM', kernel: 'is_distinct', signatures: BOTH_NEVER_NULL, nulls: 'custom',
    doc: 'Whether both differ, where NULL equals NULL; never NULL.',
    examples: [['CAST(NULL AS INT) IS DISTINCT FROM 1', 'BOOLEAN NOT NULL', 'TRUE']],
  },
  {
    name: 'IS NOT DISTINCT FROM', kernel: 'is_not_distinct', signatures: BOTH_NEVER_NULL,
    nulls: 'custom',
    doc: 'Whether both are equal, where NULL equals NULL; never NULL.',
    examples: [
      ['CAST(NULL AS INT) IS NOT DISTINCT FROM CAST(NULL AS INT)', 'BOOLEAN NOT NULL', 'TRUE'],
    ],
  },
  {
    name: 'GREATEST', kernel: 'greatest', nulls: 'propagate',
    signatures: [
      { arguments: ['ORDERED'], rest: 'ORDERED', parameters: 'common', result: 'common' },
    ],
    doc: 'The largest argument; NULL if any is NULL.',
    examples: [['GREATEST(1, 3, 2)', 'INT NOT NULL', '3']],
  },
  {
    name: 'LEAST', kernel: 'least', nulls: 'propagate',
    signatures: [
      { arguments: ['ORDERED'], rest: 'ORDERED', parameters: 'common', result: 'common' },
    ],
    doc: 'The smallest argument; NULL if any is NULL.',
    examples: [['LEAST(1, 3, 2)', 'INT NOT NULL', '1']],
  },
];

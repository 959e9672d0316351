/**
 * Three-valued logic. AND and OR are special forms: the second argument is evaluated only for
 * rows that the first one does not settle.
 *
 *     AND    T  F  U        OR    T  F  U        NOT
 *      T     T  F  U         T    T  T  T         T   F
 *      F     F  F  F         F    T  F  U         F   T
 *      U     U  F  U         U    T  U  U         U   U
 */
import type { FunctionRow, Signature } from './row.js';

const TEST: readonly Signature[] = [
  { arguments: ['BOOLEAN'], result: 'BOOLEAN', nullable: 'never' },
];
const ANY_TEST: readonly Signature[] = [
  { arguments: ['ANY'], result: 'BOOLEAN', nullable: 'never' },
];

function test(name: string, kernel: string, doc: string, sql: string, value: string): FunctionRow {
  return {
    name, kernel, signatures: TEST, nulls: 'custom', doc,
    examples: [[sql, 'BOOLEAN NOT NULL', value]],
  };
}

export const LOGIC: readonly FunctionRow[] = [
  {
    name: 'AND', kernel: 'and', nulls: 'custom',
    signatures: [
      { arguments: ['BOOLEAN', 'BOOLEAN'], rest: 'BOOLEAN', result: 'BOOLEAN',
        nullable: 'arguments' },
    ],
    doc: 'TRUE if all are, FALSE if any is, else NULL.',
    examples: [['FALSE AND CAST(NULL AS BOOLEAN)', 'BOOLEAN', 'FALSE']],
  },
  {
    name: 'OR', kernel: 'or', nulls: 'custom',
    signatures: [
      { arguments: ['BOOLEAN', 'BOOLEAN'], rest: 'BOOLEAN', result: 'BOOLEAN',
        nullable: 'arguments' },
    ],
    doc: 'FALSE if all are, TRUE if any is, else NULL.',
    examples: [['TRUE OR CAST(NULL AS BOOLEAN)', 'BOOLEAN', 'TRUE']],
  },
  {
    name: 'NOT', kernel: 'not', nulls: 'propagate',
    signatures: [{ arguments: ['BOOLEAN'], result: 'BOOLEAN' }],
    doc: 'The opposite; NULL of NULL.',
    examples: [['NOT TRUE', 'BOOLEAN NOT NULL', 'FALSE']],
  },
  {
    name: 'IS NULL', kernel: 'is_null', signatures: ANY_TEST, nulls: 'custom',
    doc: 'Whether the value is NULL; never NULL.',
    examples: [['CAST(NULL AS INT) IS NULL', 'BOOLEAN NOT NULL', 'TRUE']],
  },
  {
    name: 'IS NOT NULL', kernel: 'is_not_null', signatures: ANY_TEST, nulls: 'custom',
    doc: 'Whether the value is not NULL; never NULL.',
    examples: [['1 IS NOT NULL', 'BOOLEAN NOT NULL', 'TRUE']],
  },
  test('IS TRUE', 'is_true', 'Whether it is TRUE; FALSE of NULL.', 'TRUE IS TRUE', 'TRUE'),
  test('IS NOT TRUE', 'is_not_true', 'Whether it is FALSE or NULL.', 'TRUE IS NOT TRUE', 'FALSE'),
  test('IS FALSE', 'is_false', 'Whether it is FALSE; FALSE of NULL.', 'TRUE IS FALSE', 'FALSE'),
  test('IS NOT FALSE', 'is_not_false', 'Whether it is TRUE or NULL.', 'TRUE IS NOT FALSE', 'TRUE'),
  test('IS UNKNOWN', 'is_null', 'Whether it is NULL.', 'TRUE IS UNKNOWN', 'FALSE'),
  test('IS NOT UNKNOWN', 'is_not_null', 'Whether it is not NULL.', 'TRUE IS NOT UNKNOWN', 'TRUE'),
];

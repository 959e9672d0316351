/** Numeric functions. Those of DOUBLE follow Java's StrictMath (fdlibm) to the last bit or ulp. */
import type { FunctionRow } from './row.js';

function real(name: string, kernel: string, doc: string, sql: string, value: string): FunctionRow {
  return {
    name, kernel, nulls: 'propagate',
    signatures: [{ arguments: ['TO_DOUBLE'], result: 'DOUBLE' }],
    doc, examples: [[sql, 'DOUBLE NOT NULL', value]],
  };
}

export const MATH: readonly FunctionRow[] = [
  {
    name: 'ABS', kernel: 'abs', nulls: 'propagate',
    signatures: [{ arguments: ['NUMERIC'], result: 'argument-0' }],
    doc: 'The absolute value; of the smallest integer, itself (it wraps).',
    examples: [['ABS(-5)', 'INT NOT NULL', '5']],
  },
  real('SQRT', 'sqrt', 'The square root.', 'SQRT(16e0)', '4.0'),
];

/**
 * The operators + - * / % and unary minus of numbers. Integers wrap as in Java and divide toward
 * zero; dividing an integer or a decimal by zero is an error (E-070); decimals follow E-071 and
 * give NULL where the result does not fit (E-072).
 */
import type { FunctionRow, ResultStrategy, Signature } from './row.js';

function numeric(result: ResultStrategy): readonly Signature[] {
  return [{ arguments: ['NUMERIC', 'NUMERIC'], parameters: 'arithmetic', result }];
}

export const ARITHMETIC: readonly FunctionRow[] = [
  {
    name: '+', kernel: 'add', signatures: numeric('decimal-plus'), nulls: 'propagate',
    doc: 'The sum of two numbers.',
    examples: [
      ['2147483647 + 1', 'INT NOT NULL', '-2147483648'],
      ['1.5 + 2', 'DECIMAL(12, 1) NOT NULL', '3.5'],
      ['1e0 + 1', 'DOUBLE NOT NULL', '2.0'],
    ],
  },
  {
    name: '-', kernel: 'subtract', signatures: numeric('decimal-plus'), nulls: 'propagate',
    doc: 'The difference of two numbers.',
    examples: [['1.5 - 2.25', 'DECIMAL(4, 2) NOT NULL', '-0.75']],
  },
  {
    name: '*', kernel: 'multiply', signatures: numeric('decimal-times'), nulls: 'propagate',
    doc: 'The product of two numbers.',
    examples: [['1.5 * 1.5', 'DECIMAL(5, 2) NOT NULL', '2.25']],
  },
  {
    name: '/', kernel: 'divide', signatures: numeric('decimal-divide'), nulls: 'propagate',
    doc: 'The quotient of two numbers; of two integers, cut toward zero. A divisor that is always '
      + '0 is refused.',
    examples: [
      ['7 / -2', 'INT NOT NULL', '-3'],
      ['7e0 / 2', 'DOUBLE NOT NULL', '3.5'],
    ],
  },
  {
    name: '%', kernel: 'modulo', aliases: ['MOD'],
    signatures: [
      {
        arguments: ['EXACT_NUMERIC', 'EXACT_NUMERIC'], parameters: 'modulo',
        result: 'decimal-modulo',
      },
    ],
    nulls: 'propagate',
    doc: 'The rest of a division, with the sign of the dividend.',
    examples: [['MOD(-26, 5)', 'INT NOT NULL', '-1']],
  },
  {
    name: 'NEGATE', kernel: 'negate',
    signatures: [
      { arguments: ['NUMERIC'], result: 'argument-0' },
      { arguments: ['INTERVAL'], result: 'argument-0' },
    ],
    nulls: 'propagate',
    doc: 'Unary minus.',
    examples: [['-(-2147483648)', 'INT NOT NULL', '-2147483648']],
  },
];

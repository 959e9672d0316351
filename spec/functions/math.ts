/**
 * Numeric functions. ABS, CEIL, FLOOR, SIGN, ROUND and TRUNCATE are exact; ROUND and TRUNCATE of
 * FLOAT and DOUBLE work on the digits that are printed, as BigDecimal.valueOf does.
 */
import type { FunctionRow } from './row.js';

function real(name: string, kernel: string, doc: string, sql: string, value: string): FunctionRow {
  return {
    name, kernel, nulls: 'propagate',
    signatures: [{ arguments: ['TO_DOUBLE'], result: 'DOUBLE' }],
    doc, examples: [[sql, 'DOUBLE NOT NULL', value]],
  };
}

function constant(name: string, kernel: string, doc: string, value: string): FunctionRow {
  return {
    name, kernel, nulls: 'propagate', signatures: [{ arguments: [], result: 'DOUBLE' }],
    doc, examples: [[`${name}()`, 'DOUBLE NOT NULL', value]],
  };
}

export const MATH: readonly FunctionRow[] = [
  {
    name: 'ABS', kernel: 'abs', nulls: 'propagate',
    signatures: [
      { arguments: ['NUMERIC'], result: 'argument-0' },
      { arguments: ['INTERVAL'], result: 'argument-0' },
    ],
    doc: 'The absolute value; of the smallest integer, itself (it wraps).',
    examples: [['ABS(-5)', 'INT NOT NULL', '5']],
  },
  {
    name: 'CEIL', aliases: ['CEILING'], kernel: 'ceil', nulls: 'propagate',
    signatures: [{ arguments: ['NUMERIC'], result: 'integral' }],
    doc: 'The smallest whole number that is not below the value.',
    examples: [['CEIL(2.1)', 'DECIMAL(2, 0) NOT NULL', '3']],
  },
  {
    name: 'FLOOR', kernel: 'floor', nulls: 'propagate',
    signatures: [{ arguments: ['NUMERIC'], result: 'integral' }],
    doc: 'The largest whole number that is not above the value.',
    examples: [['FLOOR(-2.1)', 'DECIMAL(2, 0) NOT NULL', '-3']],
  },
  {
    name: 'SIGN', kernel: 'sign', nulls: 'propagate',
    signatures: [{ arguments: ['NUMERIC'], result: 'argument-0' }],
    doc: '-1, 0 or 1.',
    examples: [['SIGN(-7)', 'INT NOT NULL', '-1']],
  },
  {
    name: 'ROUND', kernel: 'round', nulls: 'propagate',
    signatures: [
      { arguments: ['NUMERIC', 'TO_INT'], optional: 1, result: 'rounded' },
    ],
    doc: 'Rounds half up to so many digits behind the point; a negative number, before it.',
    examples: [
      ['ROUND(1.005, 2)', 'DECIMAL(4, 2) NOT NULL', '1.01'],
      ['ROUND(1255, -1)', 'INT NOT NULL', '1260'],
    ],
  },
  {
    name: 'TRUNCATE', kernel: 'truncate', nulls: 'propagate',
    signatures: [
      { arguments: ['NUMERIC', 'TO_INT'], optional: 1, result: 'truncated' },
    ],
    doc: 'Cuts digits off toward zero.',
    examples: [['TRUNCATE(-42.345, 2)', 'DECIMAL(5, 2) NOT NULL', '-42.34']],
  },
  {
    name: 'POWER', kernel: 'power', nulls: 'propagate',
    signatures: [{ arguments: ['TO_DOUBLE', 'TO_DOUBLE'], result: 'DOUBLE' }],
    doc: 'The first to the power of the second.',
    examples: [['POWER(2, 10)', 'DOUBLE NOT NULL', '1024.0']],
  },
  {
    name: 'LOG', kernel: 'log', nulls: 'propagate',
    signatures: [
      { arguments: ['TO_DOUBLE'], result: 'DOUBLE', kernel: 'ln' },
      { arguments: ['TO_DOUBLE', 'TO_DOUBLE'], result: 'DOUBLE' },
    ],
    doc: 'The natural logarithm, or with two arguments that of the second to the base of the first.',
    examples: [['LOG(2, 8)', 'DOUBLE NOT NULL', '3.0']],
  },
  {
    name: 'ATAN2', kernel: 'atan2', nulls: 'propagate',
    signatures: [{ arguments: ['TO_DOUBLE', 'TO_DOUBLE'], result: 'DOUBLE' }],
    doc: 'The angle of the point (second, first).',
    examples: [['ATAN2(0, 1)', 'DOUBLE NOT NULL', '0.0']],
  },
  real('SQRT', 'sqrt', 'The square root; NaN of a negative number.', 'SQRT(16)', '4.0'),
  real('EXP', 'exp', 'e to the power of the value.', 'EXP(0)', '1.0'),
  real('LN', 'ln', 'The natural logarithm; -Infinity of 0.', 'LN(1)', '0.0'),
  real('LOG10', 'log10', 'The logarithm to base 10.', 'LOG10(100)', '2.0'),
  real('LOG2', 'log2', 'The logarithm to base 2.', 'LOG2(8)', '3.0'),
  real('SIN', 'sin', 'The sine.', 'SIN(0)', '0.0'),
  real('COS', 'cos', 'The cosine.', 'COS(0)', '1.0'),
  real('TAN', 'tan', 'The tangent.', 'TAN(0)', '0.0'),
  real('COT', 'cot', 'The cotangent.', 'COT(0)', 'Infinity'),
  real('ASIN', 'asin', 'The arc sine; NaN beyond -1 and 1.', 'ASIN(0)', '0.0'),
  real('ACOS', 'acos', 'The arc cosine; NaN beyond -1 and 1.', 'ACOS(1)', '0.0'),
  real('ATAN', 'atan', 'The arc tangent.', 'ATAN(0)', '0.0'),
  real('SINH', 'sinh', 'The hyperbolic sine.', 'SINH(0)', '0.0'),
  real('COSH', 'cosh', 'The hyperbolic cosine.', 'COSH(0)', '1.0'),
  real('TANH', 'tanh', 'The hyperbolic tangent.', 'TANH(0)', '0.0'),
  real('DEGREES', 'degrees', 'Radians as degrees.', 'DEGREES(0)', '0.0'),
  real('RADIANS', 'radians', 'Degrees as radians.', 'RADIANS(0)', '0.0'),
  constant('PI', 'pi', 'The number pi.', '3.141592653589793'),
  constant('E', 'e', 'The number e.', '2.718281828459045'),
];

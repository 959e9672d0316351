/**
 * + - * / % and unary minus. Integers wrap; / and % of integers and decimals fail on 0; a decimal
 * that does not fit its type becomes NULL. Typed arrays wrap and round by themselves when a number
 * is stored: a sum of two INTs is exact as a double, and a float operation done in double and
 * stored as single is rounded right.
 */
import { setNull, type Column } from '../../batch/column.js';
import { readI128, writeI128 } from '../../batch/int128.js';
import {
  addDecimals, divideDecimals, fastAdd, fastDivide, fastModulo, fastMultiply, isSmall,
  moduloDecimals, multiplyDecimals, readSmall, writeSmall, type DecimalShape,
} from '../../types/decimal.js';
import { physicalOf } from '../../types/data-type.js';
import { divideI64, moduloI64, multiplyI64 } from '../i64.js';
import {
  type CallSite, type Kernel, type KernelFamily, KernelError, type KernelFunction,
} from '../kernel.js';
import { indexIn, siteLoop } from '../loop.js';

const ADD_I64 = `
  const low = (x[i] >>> 0) + (y[j] >>> 0);
  o[k] = low;
  o[k + 1] = x[i + 1] + y[j + 1] + (low > 4294967295 ? 1 : 0);`;
const SUBTRACT_I64 = `
  const low = (x[i] >>> 0) - (y[j] >>> 0);
  o[k] = low;
  o[k + 1] = x[i + 1] - y[j + 1] - (low < 0 ? 1 : 0);`;
const NEGATE_I64 = `
  const low = -(x[i] >>> 0);
  o[k] = low;
  o[k + 1] = -x[i + 1] - (low < 0 ? 1 : 0);`;

type FastOp = (
  left: number, leftScale: number, right: number, rightScale: number, to: DecimalShape,
) => number;
type SlowOp = (
  left: bigint, leftScale: number, right: bigint, rightScale: number, to: DecimalShape,
) => bigint | null;

function shapeOf(site: CallSite): DecimalShape {
  return { precision: site.resultType.precision ?? 10, scale: site.resultType.scale ?? 0 };
}

/** A loop of its own for each operation, so that the operation is inlined into it. */
function decimalLoop(site: CallSite, fast: FastOp, slow: SlowOp, divides: boolean): KernelFunction {
  const shape = shapeOf(site);
  const [leftScale, rightScale] = site.argumentTypes.map((type) => type.scale ?? 0);
  return (columns, selection, count, out) => {
    const [a, b] = columns as readonly [Column, Column];
    const x = a.values as Int32Array;
    const y = b.values as Int32Array;
    const o = out.values as Int32Array;
    for (let n = 0; n < count; n++) {
      const row = selection === null ? n : selection[n]!;
      const i = 4 * indexIn(a, row);
      const j = 4 * indexIn(b, row);
      if (divides && (y[j]! | y[j + 1]! | y[j + 2]! | y[j + 3]!) === 0) divisionByZero(row);
      if (isSmall(x, i) && isSmall(y, j)) {
        const value = fast(readSmall(x, i), leftScale!, readSmall(y, j), rightScale!, shape);
        if (!Number.isNaN(value)) {
          writeSmall(o, 4 * row, value);
          continue;
        }
      }
      const value = slow(readI128(x, i >> 2), leftScale!, readI128(y, j >> 2), rightScale!, shape);
      if (value === null) setNull(out, row);
      else writeI128(o, row, value);
    }
  };
}

function divisionByZero(row: number): never {
  throw new KernelError('MR3002', '', row);
}

const fastSubtract: FastOp = (left, leftScale, right, rightScale, to) =>
  fastAdd(left, leftScale, -right, rightScale, to);
const subtractDecimals: SlowOp = (left, leftScale, right, rightScale, to) =>
  addDecimals(left, leftScale, -right, rightScale, to);

/** Null rows are computed too: none of these can fail. */
function total(compile: (site: CallSite) => KernelFunction): Kernel {
  return { nulls: 'skip', compile };
}

function sum(
  sign: '+' | '-', i64: string, fast: FastOp, slow: SlowOp,
): (site: CallSite) => KernelFunction {
  return (site) => {
    switch (physicalOf(site.resultType)) {
      case 'i64':
        return siteLoop(site, i64);
      case 'i128':
        return decimalLoop(site, fast, slow, false);
      default:
        return siteLoop(site, `o[k] = x[i] ${sign} y[j];`);
    }
  };
}

function multiply(site: CallSite): KernelFunction {
  switch (physicalOf(site.resultType)) {
    case 'i64':
      return i64Loop(multiplyI64, false);
    case 'i128':
      return decimalLoop(site, fastMultiply, multiplyDecimals, false);
    case 'f32':
    case 'f64':
      return siteLoop(site, 'o[k] = x[i] * y[j];');
    default:
      return siteLoop(site, 'o[k] = Math.imul(x[i], y[j]);');
  }
}

type I64Op = (
  x: Int32Array, i: number, y: Int32Array, j: number, o: Int32Array, k: number,
) => void;

function i64Loop(op: I64Op, divides: boolean): KernelFunction {
  return (columns, selection, count, out) => {
    const [a, b] = columns as readonly [Column, Column];
    const x = a.values as Int32Array;
    const y = b.values as Int32Array;
    const o = out.values as Int32Array;
    for (let n = 0; n < count; n++) {
      const row = selection === null ? n : selection[n]!;
      const j = 2 * indexIn(b, row);
      if (divides && (y[j]! | y[j + 1]!) === 0) divisionByZero(row);
      op(x, 2 * indexIn(a, row), y, j, o, 2 * row);
    }
  };
}

/** / and % over i8, i16, i32: fails on 0. */
function checkedLoop(site: CallSite, expression: string): KernelFunction {
  const loop = siteLoop(site, `o[k] = ${expression};`);
  return (columns, selection, count, out, context) => {
    rejectZeros(columns[1]!, selection, count);
    loop(columns, selection, count, out, context);
  };
}

function rejectZeros(divisors: Column, selection: Int32Array | null, count: number): void {
  const values = divisors.values;
  for (let n = 0; n < count; n++) {
    const row = selection === null ? n : selection[n]!;
    if (values[indexIn(divisors, row)] === 0) divisionByZero(row);
  }
}

function divide(site: CallSite): KernelFunction {
  switch (physicalOf(site.resultType)) {
    case 'i64':
      return i64Loop(divideI64, true);
    case 'i128':
      return decimalLoop(site, fastDivide, divideDecimals, true);
    case 'f32':
    case 'f64':
      return siteLoop(site, 'o[k] = x[i] / y[j];');
    default:
      return checkedLoop(site, '(x[i] / y[j]) | 0');
  }
}

/** The rest may be of a narrower type than the operands: that of the divisor as written. */
function modulo(site: CallSite): KernelFunction {
  const operand = physicalOf(site.argumentTypes[0]!);
  if (operand === 'i128') return decimalLoop(site, fastModulo, moduloDecimals, true);
  if (operand !== 'i64') return checkedLoop(site, 'x[i] % y[j]');
  const result = physicalOf(site.resultType);
  return result === 'i64' ? i64Loop(moduloI64, true) : narrowModulo;
}

/** BIGINT % INT: the rest fits the result, whose words are single. */
const narrowModulo: KernelFunction = (columns, selection, count, out) => {
  const [a, b] = columns as readonly [Column, Column];
  const rest = new Int32Array(2);
  for (let n = 0; n < count; n++) {
    const row = selection === null ? n : selection[n]!;
    const y = b.values as Int32Array;
    const j = 2 * indexIn(b, row);
    if ((y[j]! | y[j + 1]!) === 0) divisionByZero(row);
    moduloI64(a.values as Int32Array, 2 * indexIn(a, row), y, j, rest, 0);
    out.values[row] = rest[0]!;
  }
};

function negate(site: CallSite): KernelFunction {
  switch (physicalOf(site.resultType)) {
    case 'i64':
      return siteLoop(site, NEGATE_I64);
    case 'i128':
      return negateDecimals;
    default:
      return siteLoop(site, 'o[k] = -x[i];');
  }
}

const negateDecimals: KernelFunction = (columns, selection, count, out) => {
  const a = columns[0]!;
  const x = a.values as Int32Array;
  const o = out.values as Int32Array;
  for (let n = 0; n < count; n++) {
    const row = selection === null ? n : selection[n]!;
    const i = 4 * indexIn(a, row);
    if (isSmall(x, i)) writeSmall(o, 4 * row, -readSmall(x, i));
    else writeI128(o, row, -readI128(x, i >> 2));
  }
};

export const arithmeticKernels: KernelFamily = {
  add: total(sum('+', ADD_I64, fastAdd, addDecimals)),
  subtract: total(sum('-', SUBTRACT_I64, fastSubtract, subtractDecimals)),
  multiply: total(multiply),
  divide: { nulls: 'propagate', compile: divide },
  modulo: { nulls: 'propagate', compile: modulo },
  negate: total(negate),
};

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
import {
  type CallSite, type Kernel, type KernelFamily, KernelError, type KernelFunction,
} from '../kernel.js';
import { arithmeticLoop, indexIn } from '../loop.js';

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

function sum(sign: '+' | '-', fast: FastOp, slow: SlowOp): (site: CallSite) => KernelFunction {
  return (site) => (physicalOf(site.resultType) === 'i128'
    ? decimalLoop(site, fast, slow, false) : arithmeticLoop(site, `o[k] = x[i] ${sign} y[j];`));
}

function multiply(site: CallSite): KernelFunction {
  switch (physicalOf(site.resultType)) {
    case 'i128':
      return decimalLoop(site, fastMultiply, multiplyDecimals, false);
    case 'i64':
    case 'f32':
    case 'f64':
      return arithmeticLoop(site, 'o[k] = x[i] * y[j];');
    default:
      return arithmeticLoop(site, 'o[k] = Math.imul(x[i], y[j]);');
  }
}

/** / and % of integers: fails on 0. */
function checkedLoop(site: CallSite, expression: string): KernelFunction {
  const loop = arithmeticLoop(site, `o[k] = ${expression};`);
  return (columns, selection, count, out, context) => {
    rejectZeros(columns[1]!, selection, count);
    loop(columns, selection, count, out, context);
  };
}

function rejectZeros(divisors: Column, selection: Int32Array | null, count: number): void {
  const { values } = divisors;
  const isLong = divisors.physical === 'i64';
  for (let n = 0; n < count; n++) {
    const row = selection === null ? n : selection[n]!;
    const at = indexIn(divisors, row);
    const isZero = isLong ? (values[2 * at]! | values[2 * at + 1]!) === 0 : values[at] === 0;
    if (isZero) divisionByZero(row);
  }
}

function divide(site: CallSite): KernelFunction {
  switch (physicalOf(site.resultType)) {
    case 'i64':
      return checkedLoop(site, 'x[i] / y[j]');
    case 'i128':
      return decimalLoop(site, fastDivide, divideDecimals, true);
    case 'f32':
    case 'f64':
      return arithmeticLoop(site, 'o[k] = x[i] / y[j];');
    default:
      return checkedLoop(site, '(x[i] / y[j]) | 0');
  }
}

/** The rest may be of a narrower type than the operands: that of the divisor as written. */
function modulo(site: CallSite): KernelFunction {
  const operand = physicalOf(site.argumentTypes[0]!);
  if (operand === 'i128') return decimalLoop(site, fastModulo, moduloDecimals, true);
  const isNarrowed = operand === 'i64' && physicalOf(site.resultType) !== 'i64';
  return checkedLoop(site, isNarrowed ? 'Number(x[i] % y[j])' : 'x[i] % y[j]');
}

function negate(site: CallSite): KernelFunction {
  switch (physicalOf(site.resultType)) {
    case 'i128':
      return negateDecimals;
    default:
      return arithmeticLoop(site, 'o[k] = -x[i];');
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
  add: total(sum('+', fastAdd, addDecimals)),
  subtract: total(sum('-', fastSubtract, subtractDecimals)),
  multiply: total(multiply),
  divide: { nulls: 'propagate', compile: divide },
  modulo: { nulls: 'propagate', compile: modulo },
  negate: total(negate),
};

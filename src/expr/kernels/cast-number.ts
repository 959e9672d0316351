/**
 * BOOLEAN and numbers to each other. Integers wrap, floating point saturates as in Java (on the
 * way to TINYINT and SMALLINT through INT), a DECIMAL that does not fit becomes NULL.
 */
import { readBigI64, setNull, writeBigI64, type Column } from '../../batch/column.js';
import { readI128, writeI128 } from '../../batch/int128.js';
import { physicalOf, type DataType } from '../../types/data-type.js';
import {
  isSmall, powerOfTen, readSmall, rescale, smallLimit, writeSmall, type DecimalShape,
} from '../../types/decimal.js';
import { isNumeric } from '../../types/merging.js';
import { decimalText } from '../../types/number-text.js';
import { parseDecimal } from '../../types/parse-text.js';
import { isSmallI64 } from '../i64.js';
import { type CallSite, KernelError, type KernelFunction } from '../kernel.js';
import { indexIn, rowLoop } from '../loop.js';

const MAX_I64 = (1n << 63n) - 1n;
const MIN_I64 = -(1n << 63n);
/** Powers of ten that are exact as doubles. */
const EXACT_SCALE = 22;

/** The loop for this pair; null if one side is neither BOOLEAN nor a number. */
export function numberCast(site: CallSite): KernelFunction | null {
  const from = site.argumentTypes[0];
  const to = site.resultType;
  if (from === undefined || !isScalar(from) || !isScalar(to)) return null;
  if (from.root === 'DECIMAL') return fromDecimal(from, to);
  if (to.root === 'DECIMAL') return toDecimal(from, to, site.options['try'] === true);
  return betweenPlain(from, to);
}

const isScalar = (type: DataType): boolean => type.root === 'BOOLEAN' || isNumeric(type);

/** Statements over x[i] and o[k]; typed arrays wrap and round what is stored. */
function betweenPlain(from: DataType, to: DataType): KernelFunction {
  const source = physicalOf(from);
  const target = physicalOf(to);
  if (source === 'i64') return fromLong(to);
  if (target === 'i64') {
    return source === 'f32' || source === 'f64' ? realToLong : rowLoop(
      'o[k] = x[i]; o[k + 1] = x[i] >> 31;', [source], target);
  }
  return rowLoop(`o[k] = ${plainExpression(from, to)};`, [source], target);
}

function plainExpression(from: DataType, to: DataType): string {
  if (to.root === 'BOOLEAN') return 'x[i] !== 0 ? 1 : 0';
  const isReal = from.root === 'FLOAT' || from.root === 'DOUBLE';
  if (!isReal || to.root === 'FLOAT' || to.root === 'DOUBLE') return 'x[i]';
  return 'Math.trunc(Math.min(Math.max(x[i], -2147483648), 2147483647))';
}

function fromLong(to: DataType): KernelFunction {
  switch (to.root) {
    case 'BOOLEAN':
      return rowLoop('o[k] = (x[i] | x[i + 1]) !== 0 ? 1 : 0;', ['i64'], 'bool');
    case 'BIGINT':
      return rowLoop('o[k] = x[i]; o[k + 1] = x[i + 1];', ['i64'], 'i64');
    case 'DOUBLE':
      return rowLoop('o[k] = x[i + 1] * 4294967296 + (x[i] >>> 0);', ['i64'], 'f64');
    case 'FLOAT':
      return longToSingle;
    default:
      return rowLoop('o[k] = x[i];', ['i64'], physicalOf(to));
  }
}

/** Rounded once: a long beyond 2^53 first drops digits with a mark that they were not 0. */
const longToSingle: KernelFunction = (columns, selection, count, out) => {
  const a = columns[0]!;
  const x = a.values as Int32Array;
  for (let n = 0; n < count; n++) {
    const row = selection === null ? n : selection[n]!;
    const i = indexIn(a, row);
    const high = x[2 * i + 1]!;
    if (isSmallI64(x, 2 * i)) {
      out.values[row] = high * 4294967296 + (x[2 * i]! >>> 0);
      continue;
    }
    const value = readBigI64(x, i);
    const magnitude = value < 0n ? -value : value;
    const sticky = (magnitude >> 20n) | ((magnitude & 0xfffffn) === 0n ? 0n : 1n);
    out.values[row] = Number(sticky) * 1048576 * (value < 0n ? -1 : 1);
  }
};

const realToLong: KernelFunction = (columns, selection, count, out) => {
  const a = columns[0]!;
  for (let n = 0; n < count; n++) {
    const row = selection === null ? n : selection[n]!;
    const value = a.values[indexIn(a, row)]!;
    writeBigI64(out.values as Int32Array, row, saturatedLong(value));
  }
};

function saturatedLong(value: number): bigint {
  if (Number.isNaN(value)) return 0n;
  if (value >= 9223372036854775807) return MAX_I64;
  if (value <= -9223372036854775808) return MIN_I64;
  return BigInt(Math.trunc(value));
}

/** BOOLEAN, integers and floating point to DECIMAL. */
function toDecimal(from: DataType, to: DataType, isTry: boolean): KernelFunction {
  const shape = shapeOf(to);
  const physical = physicalOf(from);
  if (physical === 'f32' || physical === 'f64') return realToDecimal(shape, isTry);
  const limit = smallLimit(shape.precision);
  const factor = shape.scale < 16 ? 10 ** shape.scale : Number.NaN;
  return (columns, selection, count, out) => {
    const a = columns[0]!;
    const o = out.values as Int32Array;
    for (let n = 0; n < count; n++) {
      const row = selection === null ? n : selection[n]!;
      const i = indexIn(a, row);
      const small = physical === 'i64' ? smallLong(a, i) : a.values[i]!;
      const scaled = small * factor;
      if (Math.abs(scaled) <= limit) writeSmall(o, 4 * row, scaled);
      else store(rescale(integerAt(a, i), 0, shape), out, row);
    }
  };
}

/** NaN beyond 2^53. */
function smallLong(column: Column, i: number): number {
  const x = column.values as Int32Array;
  return isSmallI64(x, 2 * i) ? x[2 * i + 1]! * 4294967296 + (x[2 * i]! >>> 0) : Number.NaN;
}

function integerAt(column: Column, i: number): bigint {
  return column.physical === 'i64'
    ? readBigI64(column.values as Int32Array, i) : BigInt(column.values[i]!);
}

/** By the digits that are printed. NaN and infinities have none: they fail, or are NULL. */
function realToDecimal(shape: DecimalShape, isTry: boolean): KernelFunction {
  return (columns, selection, count, out) => {
    const a = columns[0]!;
    for (let n = 0; n < count; n++) {
      const row = selection === null ? n : selection[n]!;
      const value = a.values[indexIn(a, row)]!;
      const isFinite = Number.isFinite(value);
      if (!isFinite && !isTry) {
        throw new KernelError('MR3003', 'NaN and Infinity have no digits', row);
      }
      store(isFinite ? parseDecimal(String(value), shape) : null, out, row);
    }
  };
}

function store(value: bigint | null, out: Column, row: number): void {
  if (value === null) setNull(out, row);
  else writeI128(out.values as Int32Array, row, value);
}

const shapeOf = (type: DataType): DecimalShape =>
  ({ precision: type.precision ?? 10, scale: type.scale ?? 0 });

function fromDecimal(from: DataType, to: DataType): KernelFunction {
  const scale = from.scale ?? 0;
  switch (to.root) {
    case 'DECIMAL':
      return decimalToDecimal(scale, shapeOf(to));
    case 'BOOLEAN':
      return decimalMap((words, i, out, row) => {
        const any = words[i]! | words[i + 1]! | words[i + 2]! | words[i + 3]!;
        out.values[row] = any === 0 ? 0 : 1;
      });
    case 'FLOAT':
    case 'DOUBLE':
      return decimalMap((words, i, out, row) => {
        out.values[row] = decimalToReal(words, i, scale);
      });
    default:
      return decimalToInteger(scale);
  }
}

type RowWriter = (words: Int32Array, i: number, out: Column, row: number) => void;

function decimalMap(write: RowWriter): KernelFunction {
  return (columns, selection, count, out) => {
    const a = columns[0]!;
    const words = a.values as Int32Array;
    for (let n = 0; n < count; n++) {
      const row = selection === null ? n : selection[n]!;
      write(words, 4 * indexIn(a, row), out, row);
    }
  };
}

/** The nearest double. */
function decimalToReal(words: Int32Array, i: number, scale: number): number {
  if (scale <= EXACT_SCALE && isSmall(words, i)) return readSmall(words, i) / 10 ** scale;
  return Number(decimalText(readI128(words, i >> 2), scale));
}

/** The fraction is cut, the rest wraps. */
function decimalToInteger(scale: number): KernelFunction {
  const unit = powerOfTen(scale);
  return decimalMap((words, i, out, row) => {
    const whole = readI128(words, i >> 2) / unit;
    if (out.physical === 'i64') writeBigI64(out.values as Int32Array, row, whole);
    else out.values[row] = Number(BigInt.asIntN(32, whole));
  });
}

function decimalToDecimal(scale: number, shape: DecimalShape): KernelFunction {
  const limit = smallLimit(shape.precision);
  const shift = shape.scale - scale;
  const factor = shift >= 0 && shift < 16 ? 10 ** shift : Number.NaN;
  return decimalMap((words, i, out, row) => {
    const scaled = isSmall(words, i) ? readSmall(words, i) * factor : Number.NaN;
    if (Math.abs(scaled) <= limit) writeSmall(out.values as Int32Array, 4 * row, scaled);
    else store(rescale(readI128(words, i >> 2), scale, shape), out, row);
  });
}

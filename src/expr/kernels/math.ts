/** Numeric functions: native/kernels/math.cpp is the same. */
import { readBigI64, setNull, writeBigI64, type Column } from '../../batch/column.js';
import { readI128, writeI128 } from '../../batch/int128.js';
import { physicalOf } from '../../types/data-type.js';
import {
  dropDigits, fitOrNull, isSmall, powerOfTen, readSmall, rescale, writeSmall, type DecimalShape,
} from '../../types/decimal.js';
import { roundReal } from '../../types/rounding.js';
import {
  type CallSite, type Kernel, type KernelFamily, KernelError, type KernelFunction,
} from '../kernel.js';
import { indexIn, siteLoop } from '../loop.js';

const NEGATIVE_I64 = `
  const low = -(x[i] >>> 0);
  o[k] = low; o[k + 1] = -x[i + 1] - (low < 0 ? 1 : 0);`;
const COPY_I64 = 'o[k] = x[i]; o[k + 1] = x[i + 1];';
const SIGN_I64 = `
  const sign = x[i + 1] < 0 ? -1 : (x[i] | x[i + 1]) === 0 ? 0 : 1;
  o[k] = sign; o[k + 1] = sign >> 31;`;

/** A function of one decimal; null where the result does not fit. */
type DecimalFunction = (value: bigint, site: CallSite) => bigint | null;

function decimalMap(site: CallSite, f: DecimalFunction): KernelFunction {
  return (columns, selection, count, out) => {
    const a = columns[0]!;
    for (let n = 0; n < count; n++) {
      const row = selection === null ? n : selection[n]!;
      const value = f(readI128(a.values as Int32Array, indexIn(a, row)), site);
      if (value === null) setNull(out, row);
      else writeI128(out.values as Int32Array, row, value);
    }
  };
}

const shapeOf = (site: CallSite): DecimalShape =>
  ({ precision: site.resultType.precision ?? 10, scale: site.resultType.scale ?? 0 });
const scaleOf = (site: CallSite): number => site.argumentTypes[0]?.scale ?? 0;

/** Statements for i64, for the other numbers, and a function for decimals. */
function numeric(i64: string, plain: string, ofDecimal: DecimalFunction): Kernel {
  return {
    nulls: 'skip',
    compile: (site) => {
      switch (physicalOf(site.resultType)) {
        case 'i64':
          return siteLoop(site, i64);
        case 'i128':
          return decimalMap(site, ofDecimal);
        default:
          return siteLoop(site, plain);
      }
    },
  };
}

/** Whole part of a decimal, toward +infinity or -infinity. */
function integralPart(up: boolean): DecimalFunction {
  return (value, site) => {
    const unit = powerOfTen(scaleOf(site));
    const quotient = value / unit;
    const rest = value % unit;
    const step = up ? (rest > 0n ? 1n : 0n) : rest < 0n ? -1n : 0n;
    return fitOrNull(quotient + step, shapeOf(site).precision);
  };
}

const signOfDecimal: DecimalFunction = (value, site) =>
  rescale(value > 0n ? 1n : value < 0n ? -1n : 0n, 0, shapeOf(site));

/** CEIL and FLOOR leave integers alone. */
function integral(name: 'ceil' | 'floor'): Kernel {
  const ofDecimal = integralPart(name === 'ceil');
  return {
    nulls: 'skip',
    compile: (site) => {
      switch (physicalOf(site.resultType)) {
        case 'i64':
          return siteLoop(site, COPY_I64);
        case 'i128':
          return decimalMap(site, ofDecimal);
        default:
          return siteLoop(site, `o[k] = Math.${name}(x[i]);`);
      }
    },
  };
}

/** Digits to keep behind the point: the second argument, or none. */
function placesAt(columns: readonly Column[], row: number): number {
  const places = columns[1];
  return places === undefined ? 0 : places.values[indexIn(places, row)]!;
}

/** Whole numbers change only before the point. */
function roundWhole(value: bigint, places: number, round: boolean): bigint {
  if (places >= 0) return value;
  if (places < -38) return 0n;
  return dropDigits(value, -places, round) * powerOfTen(-places);
}

function rounding(round: boolean): Kernel {
  return { nulls: 'propagate', compile: (site) => compileRounding(site, round) };
}

function compileRounding(site: CallSite, round: boolean): KernelFunction {
  const physical = physicalOf(site.resultType);
  switch (physical) {
    case 'f32':
    case 'f64':
      return roundReals(round);
    case 'i128':
      return roundDecimals(site, round);
    case 'i64':
      return roundLongs(round);
    default:
      return roundIntegers(round);
  }
}

function roundReals(round: boolean): KernelFunction {
  return (columns, selection, count, out) => {
    const a = columns[0]!;
    for (let n = 0; n < count; n++) {
      const row = selection === null ? n : selection[n]!;
      const value = a.values[indexIn(a, row)]!;
      if (!Number.isFinite(value)) {
        throw new KernelError('MR3003', 'NaN and Infinity have no digits', row);
      }
      out.values[row] = roundReal(value, placesAt(columns, row), round);
    }
  };
}

function roundIntegers(round: boolean): KernelFunction {
  return (columns, selection, count, out) => {
    const a = columns[0]!;
    for (let n = 0; n < count; n++) {
      const row = selection === null ? n : selection[n]!;
      const value = a.values[indexIn(a, row)]!;
      const places = placesAt(columns, row);
      const rounded = places >= 0 ? value : Number(roundWhole(BigInt(value), places, round));
      out.values[row] = rounded;
    }
  };
}

function roundLongs(round: boolean): KernelFunction {
  return (columns, selection, count, out) => {
    const a = columns[0]!;
    for (let n = 0; n < count; n++) {
      const row = selection === null ? n : selection[n]!;
      const value = readBigI64(a.values as Int32Array, indexIn(a, row));
      writeBigI64(out.values as Int32Array, row, roundWhole(value, placesAt(columns, row), round));
    }
  };
}

function roundDecimals(site: CallSite, round: boolean): KernelFunction {
  const scale = scaleOf(site);
  const shape = shapeOf(site);
  return (columns, selection, count, out) => {
    const a = columns[0]!;
    const x = a.values as Int32Array;
    const o = out.values as Int32Array;
    for (let n = 0; n < count; n++) {
      const row = selection === null ? n : selection[n]!;
      const places = placesAt(columns, row);
      const at = indexIn(a, row);
      if (places >= scale && shape.scale === scale && isSmall(x, 4 * at)) {
        writeSmall(o, 4 * row, readSmall(x, 4 * at));
        continue;
      }
      const result = roundDecimal(readI128(x, at), scale, places, shape, round);
      if (result === null) setNull(out, row);
      else writeI128(o, row, result);
    }
  };
}

function roundDecimal(
  value: bigint, scale: number, places: number, to: DecimalShape, round: boolean,
): bigint | null {
  if (places >= scale) return rescale(value, scale, to);
  const dropped = scale - places;
  const kept = dropped > 76 ? 0n : dropDigits(value, dropped, round);
  if (places >= 0) return rescale(kept, places, to);
  return rescale(kept === 0n ? 0n : kept * powerOfTen(-places), 0, to);
}

/** A function of doubles as an expression over x[i] and y[j]. */
function real(expression: string): Kernel {
  return { nulls: 'skip', compile: (site) => siteLoop(site, `o[k] = ${expression};`) };
}

export const mathKernels: KernelFamily = {
  abs: numeric(`if (x[i + 1] < 0) { ${NEGATIVE_I64} } else { ${COPY_I64} }`,
    'o[k] = Math.abs(x[i]);', (value) => (value < 0n ? -value : value)),
  sign: numeric(SIGN_I64, 'o[k] = Math.sign(x[i]);', signOfDecimal),
  ceil: integral('ceil'),
  floor: integral('floor'),
  round: rounding(true),
  truncate: rounding(false),
  power: real('x[i] ** y[j]'),
  log: real('Math.log(y[j]) / Math.log(x[i])'),
  atan2: real('Math.atan2(x[i], y[j])'),
  // Flink's SQRT is POWER(x, 0.5): it differs from a root at -Infinity and -0.0.
  sqrt: real('x[i] === -Infinity ? Infinity : Math.sqrt(x[i]) + 0'),
  exp: real('Math.exp(x[i])'),
  ln: real('Math.log(x[i])'),
  log10: real('Math.log10(x[i])'),
  log2: real('Math.log(x[i]) / Math.log(2)'),
  sin: real('Math.sin(x[i])'),
  cos: real('Math.cos(x[i])'),
  tan: real('Math.tan(x[i])'),
  cot: real('1 / Math.tan(x[i])'),
  asin: real('Math.asin(x[i])'),
  acos: real('Math.acos(x[i])'),
  atan: real('Math.atan(x[i])'),
  sinh: real('Math.sinh(x[i])'),
  cosh: real('Math.cosh(x[i])'),
  tanh: real('Math.tanh(x[i])'),
  degrees: real('x[i] * (180 / Math.PI)'),
  radians: real('x[i] * (Math.PI / 180)'),
  pi: real('Math.PI'),
  e: real('Math.E'),
};

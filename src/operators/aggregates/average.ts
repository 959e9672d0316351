/**
 * AVG. Integers add up in BIGINT and truncate back, FLOAT adds up in DOUBLE; a decimal sum that
 * overflowed stays absent (unlike that of SUM).
 */
import {
  type Column, isSafeI64, readBigI64, readI64, setNull, type Values, writeBigI64, writeI64,
} from '../../batch/column.js';
import { readI128, writeI128 } from '../../batch/int128.js';
import {
  BIGINT, decimal, DOUBLE, physicalOf, withNullable, type DataType,
} from '../../types/data-type.js';
import { Aggregate } from './aggregate.js';
import { CountState } from './count.js';
import { FixedState } from './state-column.js';
import { addBigint, addDecimal } from './sum.js';

abstract class Average extends Aggregate {
  protected readonly sum: FixedState;
  protected readonly count = new CountState('count');
  readonly state;
  protected values: Values = new Int32Array(0);
  protected keepRow = -1;

  constructor(sumType: DataType) {
    super();
    this.sum = new FixedState('wide_sum', withNullable(sumType, true), true);
    this.state = [this.sum, this.count];
  }

  bind(argument: Column): void {
    this.values = argument.values;
    this.keepRow = argument.constant ? 0 : -1;
  }

  /** Adds an argument to the sum, or takes it off. */
  protected abstract combine(group: number, row: number, negate: boolean): void;
  /** Adds another sum. */
  protected abstract combineSum(group: number, from: FixedState, other: number): void;
  /** The quotient; count is not 0. */
  protected abstract divide(group: number, count: number, out: Column, slot: number): void;

  add(group: number, row: number): void {
    this.combine(group, row & this.keepRow, false);
    this.count.values[group]!++;
  }

  retract(group: number, row: number): void {
    this.combine(group, row & this.keepRow, true);
    this.count.values[group]!--;
  }

  store(group: number, out: Column, slot: number): void {
    const count = this.count.values[group]!;
    if (count === 0 || this.sum.valid[group] === 0) setNull(out, slot);
    else this.divide(group, count, out, slot);
  }

  merge(group: number, from: this, other: number): void {
    this.combineSum(group, from.sum, other);
    this.count.values[group]! += from.count.values[other]!;
  }
}

const WIDENED = new Int32Array(2);

class IntegerAverage extends Average {
  constructor(private readonly isBigint: boolean) {
    super(BIGINT);
  }

  protected combine(group: number, row: number, negate: boolean): void {
    const sums = this.sum.values as Int32Array;
    if (this.isBigint) {
      addBigint(sums, 2 * group, this.values, 2 * row, negate);
      return;
    }
    WIDENED[0] = this.values[row]!;
    WIDENED[1] = this.values[row]! < 0 ? -1 : 0;
    addBigint(sums, 2 * group, WIDENED, 0, negate);
  }

  protected combineSum(group: number, from: FixedState, other: number): void {
    addBigint(this.sum.values as Int32Array, 2 * group, from.values, 2 * other, false);
  }

  protected divide(group: number, count: number, out: Column, slot: number): void {
    const sums = this.sum.values as Int32Array;
    if (!this.isBigint) {
      out.values[slot] = isSafeI64(sums, group)
        ? Math.trunc(readI64(sums, group) / count)
        : Number(BigInt.asIntN(32, readBigI64(sums, group) / BigInt(count)));
    } else if (isSafeI64(sums, group)) {
      writeI64(out.values as Int32Array, slot, Math.trunc(readI64(sums, group) / count));
    } else {
      writeBigI64(out.values as Int32Array, slot, readBigI64(sums, group) / BigInt(count));
    }
  }
}

class FloatAverage extends Average {
  constructor() {
    super(DOUBLE);
  }

  protected combine(group: number, row: number, negate: boolean): void {
    const sums = this.sum.values;
    sums[group] = negate ? sums[group]! - this.values[row]! : sums[group]! + this.values[row]!;
  }

  protected combineSum(group: number, from: FixedState, other: number): void {
    this.sum.values[group]! += from.values[other]!;
  }

  protected divide(group: number, count: number, out: Column, slot: number): void {
    out.values[slot] = this.sum.values[group]! / count;
  }
}

const LIMIT = 10n ** 38n;

/** |sum| / count at `shift` more digits; native/aggregates/average.cpp says how it rounds. */
function divideDecimal(sum: bigint, count: number, shift: number): bigint | null {
  const negative = (sum < 0n) !== (count < 0);
  const divisor = BigInt(Math.abs(count));
  const scaled = (sum < 0n ? -sum : sum) * 10n ** BigInt(shift);
  let quotient = scaled / divisor;
  const doubled = 2n * (scaled % divisor);
  if (doubled >= divisor) {
    quotient += 1n;
  } else {
    // Rounding to 38 significant digits first may lift a fraction just below one half to it.
    const further = 38 - (quotient === 0n ? 0 : quotient.toString().length);
    const lifted = further > 0 && (divisor - doubled) * 10n ** BigInt(further) <= divisor;
    if (lifted) quotient += 1n;
  }
  if (quotient >= LIMIT) return null;
  return negative ? -quotient : quotient;
}

class DecimalAverage extends Average {
  constructor(scale: number, private readonly shift: number) {
    super(decimal(38, scale));
  }

  protected combine(group: number, row: number, negate: boolean): void {
    if (this.sum.valid[group] === 0) return;
    const sums = this.sum.values as Int32Array;
    const fits = addDecimal(sums, 4 * group, this.values as Int32Array, 4 * row, negate);
    this.sum.valid[group] = fits ? 1 : 0;
  }

  protected combineSum(group: number, from: FixedState, other: number): void {
    if (from.valid[other] === 0) this.sum.valid[group] = 0;
    if (this.sum.valid[group] === 0) return;
    const sums = this.sum.values as Int32Array;
    const fits = addDecimal(sums, 4 * group, from.values as Int32Array, 4 * other, false);
    this.sum.valid[group] = fits ? 1 : 0;
  }

  protected divide(group: number, count: number, out: Column, slot: number): void {
    const sum = readI128(this.sum.values as Int32Array, group);
    const quotient = divideDecimal(sum, count, this.shift);
    if (quotient === null) setNull(out, slot);
    else writeI128(out.values as Int32Array, slot, quotient);
  }
}

/** The average of an argument's values; null where there is none. */
export function makeAverage(argument: DataType, result: DataType): Aggregate | null {
  switch (physicalOf(argument)) {
    case 'i8':
    case 'i16':
    case 'i32':
      return new IntegerAverage(false);
    case 'i64':
      return new IntegerAverage(true);
    case 'f32':
    case 'f64':
      return new FloatAverage();
    case 'i128':
      return new DecimalAverage(argument.scale ?? 0, (result.scale ?? 0) - (argument.scale ?? 0));
    default:
      return null;
  }
}

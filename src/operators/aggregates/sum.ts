/** SUM and $SUM0, one class a physical form of the sum. */
import { type Column, setNull, type Values } from '../../batch/column.js';
import { readI128, writeI128 } from '../../batch/int128.js';
import { physicalOf, withNullable, type DataType } from '../../types/data-type.js';
import { Aggregate } from './aggregate.js';
import { CountState } from './count.js';
import { FixedState, type StateColumn } from './state-column.js';

const DECIMAL_LIMIT = 10n ** 38n;
/** The highest word of 10^38: a magnitude whose highest word is less surely fits. */
const LIMIT_WORD = 0x4b3b4ca8;

/** Adds the i128 at b[bAt] to that at a[aAt]; false where the sum leaves 38 digits. */
export function addDecimal(
  a: Int32Array, aAt: number, b: Int32Array, bAt: number, negate: boolean,
): boolean {
  let carry = negate ? 1 : 0;
  const flip = negate ? -1 : 0;
  for (let k = 0; k < 4; k++) {
    const sum = (a[aAt + k]! >>> 0) + ((b[bAt + k]! ^ flip) >>> 0) + carry;
    a[aAt + k] = sum | 0;
    carry = sum > 0xffffffff ? 1 : 0;
  }
  const high = a[aAt + 3]!;
  if (high < LIMIT_WORD && high > -LIMIT_WORD) return true;
  const exact = readI128(a.subarray(aAt, aAt + 4), 0);
  return exact < DECIMAL_LIMIT && exact > -DECIMAL_LIMIT;
}

/** Adds the i64 at b[bAt] to that at a[aAt], or takes it off; wraps. */
export function addBigint(
  a: Int32Array, aAt: number, b: Values, bAt: number, negate: boolean,
): void {
  const flip = negate ? -1 : 0;
  const low = (a[aAt]! >>> 0) + ((b[bAt]! ^ flip) >>> 0) + (negate ? 1 : 0);
  const carry = low > 0xffffffff ? 1 : 0;
  a[aAt] = low | 0;
  a[aAt + 1] = (a[aAt + 1]! + (b[bAt + 1]! ^ flip) + carry) | 0;
}

/** How a sum starts and ends: SUM is NULL over no rows, $SUM0 is 0. */
export type SumForm = 'sum' | 'retractable' | 'from-zero';

abstract class Sum extends Aggregate {
  protected readonly sum: FixedState;
  /** Rows in the sum, where they may be taken back. */
  protected readonly count: CountState | null;
  readonly state: readonly StateColumn[];
  protected values: Values = new Int32Array(0);
  protected keepRow = -1;

  constructor(type: DataType, form: SumForm) {
    super();
    const fromZero = form === 'from-zero';
    this.sum = new FixedState('sum', withNullable(type, !fromZero), fromZero);
    this.count = form === 'retractable' ? new CountState('count') : null;
    this.state = this.count === null ? [this.sum] : [this.sum, this.count];
  }

  bind(argument: Column): void {
    this.values = argument.values;
    this.keepRow = argument.constant ? 0 : -1;
  }

  /** Adds or takes off a value; an absent sum counts as 0. */
  protected abstract combine(group: number, values: Values, row: number, negate: boolean): void;

  add(group: number, row: number): void {
    if (this.sum.valid[group] === 0) this.sum.setFrom(group, this.values, row & this.keepRow);
    else this.combine(group, this.values, row & this.keepRow, false);
    if (this.count !== null) this.count.values[group]!++;
  }

  retract(group: number, row: number): void {
    if (this.sum.valid[group] === 0) this.startAtZero(group);
    this.combine(group, this.values, row & this.keepRow, true);
    if (this.count !== null) this.count.values[group]!--;
  }

  store(group: number, out: Column, slot: number): void {
    if (this.count !== null && this.count.values[group] === 0) setNull(out, slot);
    else this.sum.store(group, out, slot);
  }

  merge(group: number, from: this, other: number): void {
    if (from.sum.valid[other] !== 0) {
      if (this.sum.valid[group] === 0) this.sum.setFrom(group, from.sum.values, other);
      else this.combine(group, from.sum.values, other, false);
    }
    if (this.count !== null) this.count.values[group]! += from.count!.values[other]!;
  }

  private startAtZero(group: number): void {
    this.sum.setFrom(group, ZERO, 0);
  }
}

const ZERO = new Int32Array(4);

/** TINYINT, SMALLINT, INT, FLOAT, DOUBLE: the typed array wraps and rounds as Java does. */
class NumberSum extends Sum {
  protected combine(group: number, values: Values, row: number, negate: boolean): void {
    const sums = this.sum.values;
    sums[group] = negate ? sums[group]! - values[row]! : sums[group]! + values[row]!;
  }
}

class BigintSum extends Sum {
  protected combine(group: number, values: Values, row: number, negate: boolean): void {
    addBigint(this.sum.values as Int32Array, 2 * group, values, 2 * row, negate);
  }
}

/** A sum that overflows is absent, and the next row starts it anew: so Flink. */
class DecimalSum extends Sum {
  protected combine(group: number, values: Values, row: number, negate: boolean): void {
    const sums = this.sum.values as Int32Array;
    const fits = addDecimal(sums, 4 * group, values as Int32Array, 4 * row, negate);
    this.sum.valid[group] = fits ? 1 : 0;
    if (!fits) writeI128(sums, group, 0n);
  }
}

/** The sum of a type's values; null where there is none. */
export function makeSum(type: DataType, form: SumForm): Aggregate | null {
  switch (physicalOf(type)) {
    case 'i8':
    case 'i16':
    case 'i32':
    case 'f32':
    case 'f64':
      return new NumberSum(type, form);
    case 'i64':
      return new BigintSum(type, form);
    case 'i128':
      return form === 'from-zero' ? null : new DecimalSum(type, form);
    default:
      return null;
  }
}

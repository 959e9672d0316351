/** The sum of squared distances to the mean, after Welford: what variances are made of. */
import { type Column, setNull, type Values } from '../../batch/column.js';
import { DOUBLE, notNull } from '../../types/data-type.js';
import { Aggregate } from './aggregate.js';
import { CountState } from './count.js';
import { FixedState } from './state-column.js';

export class Welford extends Aggregate {
  private readonly count = new CountState('count');
  private readonly mean = new FixedState('mean', notNull(DOUBLE), true);
  private readonly squares = new FixedState('m2', notNull(DOUBLE), true);
  readonly state = [this.count, this.mean, this.squares];
  private values: Values = new Float64Array(0);
  private keepRow = -1;

  bind(argument: Column): void {
    this.values = argument.values;
    this.keepRow = argument.constant ? 0 : -1;
  }

  add(group: number, row: number): void {
    const value = this.values[row & this.keepRow]!;
    const means = this.mean.values;
    const delta = value - means[group]!;
    const count = ++this.count.values[group]!;
    means[group]! += delta / count;
    this.squares.values[group]! += delta * (value - means[group]!);
  }

  retract(group: number, row: number): void {
    const value = this.values[row & this.keepRow]!;
    const means = this.mean.values;
    const count = --this.count.values[group]!;
    if (count === 0) {
      means[group] = 0;
      this.squares.values[group] = 0;
      return;
    }
    const delta = value - means[group]!;
    means[group]! -= delta / count;
    this.squares.values[group]! -= delta * (value - means[group]!);
  }

  store(group: number, out: Column, slot: number): void {
    if (this.count.values[group]! > 0) out.values[slot] = this.squares.values[group]!;
    else setNull(out, slot);
  }

  merge(group: number, from: this, other: number): void {
    const { count, mean, squares } = this;
    const theirs = from.count.values[other]!;
    const mine = count.values[group]!;
    const total = mine + theirs;
    count.values[group] = total;
    if (theirs > 0 && mine === 0) {
      mean.values[group] = from.mean.values[other]!;
      squares.values[group] = from.squares.values[other]!;
    } else if (theirs > 0) {
      const delta = from.mean.values[other]! - mean.values[group]!;
      mean.values[group]! += (theirs / total) * delta;
      squares.values[group] = squares.values[group]! + from.squares.values[other]! +
        ((mine * theirs) / total) * delta * delta;
    }
    if (total <= 0) mean.values[group] = squares.values[group] = 0;
  }
}

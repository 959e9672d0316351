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
    const theirs = from.count.values[other]!;
    if (theirs === 0) return;
    const mine = this.count.values[group]!;
    const total = mine + theirs;
    const delta = from.mean.values[other]! - this.mean.values[group]!;
    this.count.values[group] = total;
    if (total === 0) return;
    this.mean.values[group]! += (delta * theirs) / total;
    this.squares.values[group]! +=
      from.squares.values[other]! + (delta * delta * mine * theirs) / total;
  }
}

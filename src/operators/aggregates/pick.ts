/** MIN, MAX, FIRST_VALUE and LAST_VALUE where rows are only added: one value a group. */
import { type Column, type Values } from '../../batch/column.js';
import { compareBytes } from '../../batch/strings.js';
import { physicalOf, withNullable, type DataType } from '../../types/data-type.js';
import { Aggregate, type AggregateRows } from './aggregate.js';
import { type ValueLess, valueLess } from './ordering.js';
import { FixedState, TextState } from './state-column.js';

export type PickForm = 'min' | 'max' | 'first' | 'last';

class FixedPick extends Aggregate {
  private readonly value: FixedState;
  readonly state;
  private readonly less: ValueLess;
  private values: Values = new Int32Array(0);
  private keepRow = -1;

  constructor(type: DataType, private readonly form: PickForm) {
    super();
    this.value = new FixedState('value', withNullable(type, true));
    this.state = [this.value];
    this.less = valueLess(physicalOf(type));
  }

  bind(argument: Column): void {
    this.values = argument.values;
    this.keepRow = argument.constant ? 0 : -1;
  }

  add(group: number, row: number): void {
    this.offer(group, this.values, row & this.keepRow);
  }

  private offer(group: number, values: Values, row: number): void {
    const { value } = this;
    if (value.valid[group] === 0 || this.wins(group, values, row)) {
      value.setFrom(group, values, row);
    }
  }

  private wins(group: number, values: Values, row: number): boolean {
    if (this.form === 'min') return this.less(values, row, this.value.values, group);
    if (this.form === 'max') return this.less(this.value.values, group, values, row);
    return this.form === 'last';
  }

  retract(_group: number, _row: number): void {}

  store(group: number, out: Column, slot: number): void {
    this.value.store(group, out, slot);
  }

  merge(group: number, from: this, other: number): void {
    if (from.value.valid[other] !== 0) this.offer(group, from.value.values, other);
  }
}

class TextPick extends Aggregate {
  private readonly value: TextState;
  readonly state;
  private argument: Column | null = null;

  constructor(type: DataType, private readonly form: PickForm) {
    super();
    this.value = new TextState('value', withNullable(type, true));
    this.state = [this.value];
  }

  bind(argument: Column): void {
    this.argument = argument;
  }

  override update(rows: AggregateRows, mask: Uint8Array | null): void {
    this.value.tidy();
    super.update(rows, mask);
  }

  override updatePairs(rows: AggregateRows, mask: Uint8Array | null, out: Column): void {
    this.value.tidy();
    super.updatePairs(rows, mask, out);
  }

  add(group: number, row: number): void {
    const argument = this.argument!;
    const at = argument.constant ? 0 : row;
    this.offer(group, argument.heap, argument.starts[at]!, argument.lengths[at]!);
  }

  private offer(group: number, bytes: Uint8Array, start: number, length: number): void {
    const { value } = this;
    if (value.valid[group] === 0 || this.wins(group, bytes, start, length)) {
      value.set(group, bytes, start, length);
    }
  }

  private wins(group: number, bytes: Uint8Array, start: number, length: number): boolean {
    if (this.form === 'first') return false;
    if (this.form === 'last') return true;
    const { heap, starts, lengths } = this.value;
    const order = compareBytes(bytes, start, length, heap.bytes, starts[group]!, lengths[group]!);
    return this.form === 'min' ? order < 0 : order > 0;
  }

  retract(_group: number, _row: number): void {}

  store(group: number, out: Column, slot: number): void {
    this.value.store(group, out, slot);
  }

  merge(group: number, from: this, other: number): void {
    const { heap, starts, lengths, valid } = from.value;
    if (valid[other] !== 0) this.offer(group, heap.bytes, starts[other]!, lengths[other]!);
  }

  override finishColumn(out: Column): void {
    out.heap = this.value.heap.bytes;
  }
}

/** The pick of a type's values; null where there is none. */
export function makePick(type: DataType, form: PickForm): Aggregate | null {
  switch (physicalOf(type)) {
    case 'string':
      return new TextPick(type, form);
    case 'bytes':
    case 'row':
    case 'array':
    case 'map':
    case 'null':
      return null;
    default:
      return new FixedPick(type, form);
  }
}

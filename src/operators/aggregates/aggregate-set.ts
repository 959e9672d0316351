/**
 * The aggregates of one operator over one table of groups: what group-aggregate has once and
 * window-aggregate once a slice.
 */
import type { Batch } from '../../batch/batch.js';
import { allocateColumn, Column } from '../../batch/column.js';
import {
  argumentTypeOf, distinctGates, keepsNulls, takesRow,
} from '../../plan/physical/accumulators.js';
import type { AggregateCall } from '../../plan/physical/plan.js';
import type { DataType, RowField } from '../../types/data-type.js';
import {
  type Aggregate, type AggregateRows, type CountedValues, markChanges,
} from './aggregate.js';
import { DistinctGate } from './distinct-gate.js';
import { hashMapOrder } from './hash-map-order.js';
import { makeAggregate } from './make-aggregate.js';
import type { StateColumn } from './state-column.js';

/** One further table of state: (group, value, count) rows. */
export interface CountedTable {
  readonly name: string;
  readonly valueType: DataType;
  save(): CountedValues;
  restore(from: CountedValues): void;
  /** Takes in what another set counted: of DISTINCT values, and the calls behind them follow. */
  merge: ((from: CountedValues) => void) | null;
}

const NO_ARGUMENT: Column | null = null;

export class AggregateSet {
  private readonly aggregates: readonly Aggregate[];
  private readonly gates: DistinctGate[] = [];
  /** Gate of each call; null where it is not DISTINCT. Calls with equal arguments share one. */
  private readonly gateOf: (DistinctGate | null)[] = [];
  private mask = new Uint8Array(0);

  /** `input` is the schema that the calls' columns point into. */
  constructor(
    private readonly calls: readonly AggregateCall[], private readonly input: readonly RowField[],
  ) {
    this.aggregates = calls.map((call) => makeAggregate(call, argumentTypeOf(call, input)));
    distinctGates(calls).forEach((first, i) =>
      this.gateOf.push(first === null ? null : this.gateOf[first] ?? this.makeGate(calls[i]!)));
  }

  private makeGate(call: AggregateCall): DistinctGate {
    const gate = new DistinctGate(argumentTypeOf(call, this.input)!);
    this.gates.push(gate);
    return gate;
  }

  /** Another set of the same calls, without groups. */
  emptyLike(): AggregateSet {
    return new AggregateSet(this.calls, this.input);
  }

  resize(groupCount: number): void {
    for (const aggregate of this.aggregates) aggregate.resize(groupCount);
  }

  update(batch: Batch, rows: AggregateRows): void {
    for (const gate of this.gates) gate.answer = null;
    this.aggregates.forEach((aggregate, i) => {
      const mask = this.bind(aggregate, batch, rows, i);
      aggregate.update(rows, mask);
    });
  }

  /** One column a call: slot 2i holds its value before row i, slot 2i + 1 that after it. */
  updatePairs(batch: Batch, rows: AggregateRows, changed: Uint8Array): Column[] {
    for (const gate of this.gates) gate.answer = null;
    return this.aggregates.map((aggregate, i) => {
      const out = allocateColumn(this.calls[i]!.type, 2 * rows.count);
      const mask = this.bind(aggregate, batch, rows, i);
      aggregate.updatePairs(rows, mask, out);
      if (aggregate.alwaysChanges) markCounted(mask, rows.count, changed);
      else markChanges(out, rows.count, changed);
      return out;
    });
  }

  /** Values of groups, one column a call. */
  values(groups: Int32Array): Column[] {
    return this.aggregates.map((aggregate, k) => {
      const out = allocateColumn(this.calls[k]!.type, groups.length);
      for (let i = 0; i < groups.length; i++) aggregate.store(groups[i]!, out, i);
      aggregate.finishColumn(out);
      return out;
    });
  }

  /** Group g of `from` (a set of the same calls) goes into group into[g] of this one. */
  merge(from: AggregateSet, into: Int32Array): void {
    this.mergePlain(from, into);
    this.gates.forEach((gate, g) =>
      this.mergeDistinct(gate, from.gates[g]!.save(), (group) => into[group]!));
  }

  /** The same without DISTINCT calls. */
  mergePlain(from: AggregateSet, into: Int32Array): void {
    this.aggregates.forEach((aggregate, k) => {
      if (this.gateOf[k] !== null) return;
      const other = from.aggregates[k]!;
      for (let group = 0; group < into.length; group++) {
        aggregate.merge(into[group]!, other, group);
      }
    });
  }

  /** A group goes into another of this set. */
  mergeGroup(into: number, other: number): void {
    this.aggregates.forEach((aggregate, k) => {
      if (this.gateOf[k] === null) aggregate.merge(into, aggregate, other);
    });
    for (const gate of this.gates) {
      const held = gate.saveOf(other);
      const rows = hashMapOrder(held.values, Int32Array.from(held.groups.keys()));
      this.takeDistinct(gate, held, rows, held.groups.fill(into));
    }
  }

  /** `target`: -1 for groups that are left out. */
  private mergeDistinct(
    gate: DistinctGate, held: CountedValues, target: (group: number) => number,
  ): void {
    const { groups } = held;
    const taken = Int32Array.from(groups.keys()).filter((i) => target(groups[i]!) >= 0);
    this.takeDistinct(gate, held, taken, taken.map((i) => target(groups[i]!)));
  }

  /**
   * The values of the other side that are new here are rows to the aggregates behind the gate;
   * those that it takes back for good are rows taken back.
   */
  private takeDistinct(
    gate: DistinctGate, { values, counts }: CountedValues, taken: Int32Array, groups: Int32Array,
  ): void {
    const rows = {
      count: taken.length, rows: taken, groups, retract: new Uint8Array(taken.length),
    };
    const mask = gate.merge(rows, values, counts);
    this.aggregates.forEach((aggregate, k) => {
      if (this.gateOf[k] !== gate) return;
      aggregate.bind(values);
      aggregate.update(rows, mask);
    });
  }

  /** Keeps `groups` (they become 0, 1, ...); newIds has the new id of each old group or -1. */
  keep(groups: Int32Array, newIds: Int32Array): void {
    for (const aggregate of this.aggregates) aggregate.keep(groups, newIds);
    for (const gate of this.gates) gate.keep(newIds);
  }

  get byteSize(): number {
    const gates = this.gates.reduce((sum, gate) => sum + gate.byteSize, 0);
    return this.aggregates.reduce((sum, aggregate) => sum + aggregate.byteSize, gates);
  }

  get countedRows(): number {
    const gates = this.gates.reduce((sum, gate) => sum + gate.size, 0);
    return this.aggregates.reduce((sum, aggregate) => sum + aggregate.countedSize(), gates);
  }

  stateFields(): RowField[] {
    return this.aggregates.flatMap((aggregate, i) =>
      aggregate.state.map(({ name, type }) => ({ name: `a${i}_${name}`, type })));
  }

  save(groups: Int32Array): Column[] {
    return this.aggregates.flatMap((aggregate) =>
      aggregate.state.map((column) => column.save(groups)));
  }

  restore(columns: readonly Column[], groups: Int32Array): void {
    const state = this.aggregates.flatMap((aggregate) => aggregate.state);
    state.forEach((column, i) => column.restore(columns[i]!, groups));
  }

  /** Gates first, then the aggregates that count values themselves. */
  countedTables(): CountedTable[] {
    const gates = this.gates.map((gate): CountedTable => ({
      name: `distinct_${this.gateOf.indexOf(gate)}`,
      valueType: gate.valueType,
      save: () => gate.save(),
      restore: (from) => gate.restore(from),
      merge: (from) => this.mergeDistinct(gate, from, (group) => group),
    }));
    const counted = this.aggregates.flatMap((aggregate, i): CountedTable[] => {
      const valueType = aggregate.countedType();
      if (valueType === null) return [];
      return [{
        name: `values_${i}`,
        valueType,
        save: () => aggregate.saveCounted()!,
        restore: (from) => aggregate.restoreCounted(from),
        merge: null,
      }];
    });
    return [...gates, ...counted];
  }

  /** State of the calls that are behind no gate: the others follow from the gates. */
  plainState(): readonly StateColumn[] {
    return this.aggregates.flatMap((aggregate, i) =>
      (this.gateOf[i] === null ? aggregate.state : []));
  }

  /** The tables that plainState leaves out. */
  plainTables(): readonly CountedTable[] {
    return this.countedTables().filter(({ name, merge }) =>
      merge !== null || this.gateOf[Number(name.slice('values_'.length))] === null);
  }

  /** Binds the argument; returns which rows count, null for all. */
  private bind(
    aggregate: Aggregate, batch: Batch, rows: AggregateRows, index: number,
  ): Uint8Array | null {
    const call = this.calls[index]!;
    const argument = this.argumentOf(call, batch);
    if (argument !== null) aggregate.bind(argument);
    const gate = this.gateOf[index]!;
    if (gate !== null && gate.answer !== null) return gate.answer;
    const filter = call.filter === null ? null : batch.columns[call.filter]!;
    const checked = keepsNulls(call) ? NO_ARGUMENT : argument;
    const mask = this.maskOf(checked, filter, rows);
    return gate === null ? mask : gate.open(rows, argument!, mask);
  }

  private argumentOf(call: AggregateCall, batch: Batch): Column | null {
    if (takesRow(call)) {
      const none = new Int32Array(0);
      const parts = call.arguments.map((i) => batch.columns[i]!);
      return new Column(argumentTypeOf(call, this.input)!, batch.rowCount, new Uint8Array(0), null,
        none, none, new Uint8Array(0), parts);
    }
    const column = call.arguments[0];
    return column === undefined ? NO_ARGUMENT : batch.columns[column]!;
  }

  /** Rows whose argument is not NULL and whose filter is TRUE; null = all of them. */
  private maskOf(
    argument: Column | null, filter: Column | null, rows: AggregateRows,
  ): Uint8Array | null {
    const checksArgument =
      argument !== null && (argument.validity !== null || argument.physical === 'null');
    if (!checksArgument && filter === null) return null;
    const { count } = rows;
    if (this.mask.length < count) this.mask = new Uint8Array(count * 2);
    const { mask } = this;
    mask.fill(1, 0, count);
    if (filter !== null) {
      const keep = filter.constant ? 0 : -1;
      for (let i = 0; i < count; i++) mask[i] = filter.values[rows.rows[i]! & keep]!;
      if (filter.validity !== null) clearNulls(filter, rows, mask);
    }
    if (checksArgument) clearNulls(argument, rows, mask);
    return mask;
  }
}

function clearNulls(column: Column, rows: AggregateRows, mask: Uint8Array): void {
  for (let i = 0; i < rows.count; i++) if (column.isNull(rows.rows[i]!)) mask[i] = 0;
}

function markCounted(mask: Uint8Array | null, count: number, changed: Uint8Array): void {
  if (mask === null) changed.fill(1, 0, count);
  else for (let i = 0; i < count; i++) changed[i]! |= mask[i]!;
}

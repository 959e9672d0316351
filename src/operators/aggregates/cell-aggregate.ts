/**
 * Aggregates over whole values of any type: ARRAY_AGG, COLLECT, LISTAGG, JSON_ARRAYAGG,
 * JSON_OBJECTAGG, SINGLE_VALUE, PERCENTILE, and FIRST_VALUE and LAST_VALUE where rows may be taken
 * back or the values are nested. native/aggregates/cell-aggregate.cpp is the twin.
 *
 *     sequence   the values in the order of their arrival; taking one back removes its first
 *     single     the first or the last of them alone, where nothing is taken back
 *     only       SINGLE_VALUE: at most one value; a second one is an error
 *     entries    COLLECT: each value once with its count, sorted by its cell; PERCENTILE: by value
 *     members    JSON_OBJECTAGG: rows of key and value, sorted by key; a key stands there once
 */
import { fillFromCells, putWord } from '../../batch/cell.js';
import { allocateColumn, type Column, readI64, setNull, writeI64 } from '../../batch/column.js';
import { HeapBuilder } from '../../batch/strings.js';
import { fail } from '../../errors/fail.js';
import { quoteJson } from '../../expr/json/document.js';
import type { AggregateCall } from '../../plan/physical/plan.js';
import { BIGINT, notNull, type DataType, withNullable } from '../../types/data-type.js';
import { Aggregate, type CountedValues } from './aggregate.js';
import { CellLists } from './cell-lists.js';

const NAMES: ReadonlySet<string> = new Set([
  'ARRAY_AGG', 'COLLECT', 'LISTAGG', 'JSON_ARRAYAGG', 'JSON_OBJECTAGG', 'FIRST_VALUE',
  'LAST_VALUE', 'SINGLE_VALUE', 'PERCENTILE',
]);

/** The aggregate of a call over values of `argument`; null where it is none of these. */
export function makeCellAggregate(call: AggregateCall, argument: DataType): Aggregate | null {
  return NAMES.has(call.function) ? new CellAggregate(call, argument) : null;
}

type Form = 'sequence' | 'single' | 'only' | 'entries' | 'members';

function formOf(call: AggregateCall): Form {
  if (call.function === 'COLLECT' || call.function === 'PERCENTILE') return 'entries';
  if (call.function === 'SINGLE_VALUE') return 'only';
  if (call.function === 'JSON_OBJECTAGG') return 'members';
  return call.function.endsWith('_VALUE') && !call.retract ? 'single' : 'sequence';
}

class CellAggregate extends Aggregate {
  readonly state = [];
  private readonly form: Form;
  private readonly lists = new CellLists();
  /** Beside the lists of COLLECT. */
  private counts: number[][] = [];
  private argument: Column | null = null;
  private readonly isText: boolean;
  private readonly separator: string;
  private readonly keepsNull: boolean;
  /** Of PERCENTILE. */
  private readonly percentages: readonly number[];
  /** Results since the last finishColumn, by slot, and that of the last group unless it changed. */
  private out = new HeapBuilder(256);
  private starts = new Int32Array(16);
  private lengths = new Int32Array(16);
  private lastGroup = -1;
  private lastStart = 0;
  private lastLength = 0;

  constructor(private readonly call: AggregateCall, private readonly argumentType: DataType) {
    super();
    this.form = formOf(call);
    this.isText = call.function === 'LISTAGG' || call.function.startsWith('JSON_');
    this.separator = String(call.options?.['separator'] ?? ',');
    this.keepsNull = call.options?.['nulls'] === 'kept';
    this.percentages = (call.options?.['percentages'] ?? []) as readonly number[];
  }

  override resize(groupCount: number): void {
    this.lists.resize(groupCount);
    if (this.form !== 'entries') return;
    while (this.counts.length < groupCount) this.counts.push([]);
    this.counts.length = groupCount;
  }

  override keep(groups: Int32Array, _newIds: Int32Array): void {
    this.lists.keep(groups);
    if (this.form === 'entries') this.counts = Array.from(groups, (group) => this.counts[group]!);
    this.lists.tidy();
    this.lastGroup = -1;
  }

  override get byteSize(): number {
    return this.lists.byteSize * (this.form === 'entries' ? 2 : 1);
  }

  bind(argument: Column): void {
    this.argument = argument;
    this.lists.tidy();
  }

  add(group: number, row: number): void {
    this.lastGroup = -1;
    this.put(group, this.lists.intern(this.valueColumn, row), this.frequency(row));
  }

  /** PERCENTILE takes the value and its frequency as one row. */
  private get isCounted(): boolean {
    return this.call.function === 'PERCENTILE' && this.call.arguments.length > 1;
  }

  private get valueColumn(): Column {
    return this.isCounted ? this.argument!.children[0]! : this.argument!;
  }

  /** How often a row counts. */
  private frequency(row: number): number {
    if (!this.isCounted) return 1;
    const [value, times] = this.argument!.children as readonly [Column, Column];
    if (value.isNull(row) || times.isNull(row)) return 0;
    return readI64(times.values as Int32Array, times.constant ? 0 : row);
  }

  private put(group: number, cell: number, count: number): void {
    const { lists } = this;
    const { length } = lists.of(group);
    switch (this.form) {
      case 'sequence':
        lists.insert(group, length, cell);
        return;
      case 'single':
        if (length === 0) lists.insert(group, 0, cell);
        else if (this.call.function === 'LAST_VALUE') lists.set(group, 0, cell);
        return;
      case 'only':
        if (length > 0) fail('MR3006', { detail: SECOND_VALUE });
        lists.insert(group, 0, cell);
        return;
      case 'entries':
        this.count(group, cell, count);
        return;
      case 'members':
        this.putMember(group, cell);
    }
  }

  private count(group: number, cell: number, count: number): void {
    if (count === 0) return;
    const { position, found } = this.call.function === 'PERCENTILE'
      ? this.searchNumber(group, cell) : this.lists.search(group, cell, this.wholeCell);
    const counts = this.counts[group]!;
    if (!found) {
      this.lists.insert(group, position, cell);
      counts.splice(position, 0, count);
      return;
    }
    counts[position]! += count;
    if (counts[position] !== 0) return;
    this.lists.erase(group, position);
    counts.splice(position, 1);
  }

  /** Where a number stands, or would stand, among those of a group: NaN last, -0.0 below 0.0. */
  private searchNumber(group: number, cell: number): {
    readonly position: number; readonly found: boolean;
  } {
    const own = this.lists.of(group);
    const value = this.numberOf(cell);
    let low = 0;
    let high = own.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (own[middle] === cell) return { position: middle, found: true };
      if (isNumberBefore(this.numberOf(own[middle]!), value)) low = middle + 1;
      else high = middle;
    }
    return { position: low, found: false };
  }

  private numberOf(cell: number): number {
    const { heap: { bytes }, starts } = this.lists.pool;
    return new DataView(bytes.buffer, bytes.byteOffset).getFloat64(starts[cell]! + 1, true);
  }

  private putMember(group: number, cell: number): void {
    const { position, found } = this.lists.search(group, cell, this.keyOf);
    if (this.lists.pool.heap.bytes[this.lists.pool.starts[cell]! + 1] === 0) {
      fail('MR3006', { detail: 'JSON_OBJECTAGG: a key is NULL' });
    }
    if (found) {
      const [start, length] = this.keyOf(cell);
      const bytes = this.lists.pool.heap.bytes.subarray(start, start + length);
      const key = Buffer.from(bytes).toString();
      fail('MR3006', { detail: `JSON_OBJECTAGG: key '${key}' is already present` });
    }
    if (this.keepsNull || !this.isNullMember(cell)) this.lists.insert(group, position, cell);
  }

  retract(group: number, row: number): void {
    this.lastGroup = -1;
    const { lists } = this;
    const cell = lists.intern(this.valueColumn, row);
    if (this.form === 'entries') {
      this.count(group, cell, -this.frequency(row));
    } else if (this.form === 'members') {
      const { position, found } = lists.search(group, cell, this.keyOf);
      if (found) lists.erase(group, position);
    } else {
      const position = lists.of(group).indexOf(cell);
      if (position >= 0) lists.erase(group, position);
    }
  }

  merge(group: number, from: this, other: number): void {
    this.lastGroup = -1;
    from.lists.of(other).forEach((cell, i) => {
      this.put(group, this.lists.adopt(from.lists, cell), from.counts[other]?.[i] ?? 1);
    });
  }

  store(group: number, _out: Column, slot: number): void {
    if (slot >= this.starts.length) this.growSlots(slot);
    if (group !== this.lastGroup) {
      this.lastStart = this.out.end;
      this.write(group);
      this.lastLength = this.out.end - this.lastStart;
      this.lastGroup = group;
      // An empty text is no absent one.
      if (this.isText && this.isAbsent(group)) this.lastStart = -1;
    }
    this.starts[slot] = this.lastStart;
    this.lengths[slot] = this.lastLength;
  }

  private growSlots(slot: number): void {
    const starts = new Int32Array(2 * slot + 2);
    const lengths = new Int32Array(2 * slot + 2);
    starts.set(this.starts);
    lengths.set(this.lengths);
    this.starts = starts;
    this.lengths = lengths;
  }

  override finishColumn(out: Column): void {
    const starts = this.starts.slice(0, out.length);
    const lengths = this.lengths.slice(0, out.length);
    if (this.isText) {
      starts.forEach((start, i) => { if (start < 0) setNull(out, i); });
      out.starts = starts.map((start) => Math.max(start, 0));
      out.lengths = lengths;
      out.heap = this.out.bytes;
    } else {
      fillFromCells(out, this.out.bytes, starts, lengths);
    }
    this.out = new HeapBuilder(256);
    this.lastGroup = -1;
  }

  private isAbsent(group: number): boolean {
    return this.call.function === 'LISTAGG' && this.lists.of(group).length === 0;
  }

  /** The result of a group: a text, or a cell of the result's type; nothing where it is NULL. */
  private write(group: number): void {
    const cells = this.lists.of(group);
    switch (this.call.function) {
      case 'PERCENTILE':
        this.writePercentiles(cells, this.counts[group]!);
        return;
      case 'FIRST_VALUE':
      case 'SINGLE_VALUE':
        if (cells.length > 0) this.copyCell(cells[0]!);
        return;
      case 'LAST_VALUE':
        if (cells.length > 0) this.copyCell(cells.at(-1)!);
        return;
      case 'ARRAY_AGG':
        if (cells.length > 0) this.writeItems(cells, null);
        return;
      case 'COLLECT':
        this.writeItems(cells, this.counts[group]!);
        return;
      case 'LISTAGG':
        this.joinTexts(cells, this.separator);
        return;
      case 'JSON_ARRAYAGG':
        this.out.appendText('[');
        this.joinTexts(cells, ',');
        this.out.appendText(']');
        return;
      default:
        this.writeObject(cells);
    }
  }

  /** Nothing where no value counts. Positions from 1, as in Flink: it shows in the last digit. */
  private writePercentiles(cells: readonly number[], counts: readonly number[]): void {
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (total <= 0) return;
    if (this.call.options?.['isArray'] === true) {
      this.out.append(PRESENT, 0, 1);
      putWord(this.out, this.percentages.length);
    }
    for (const share of this.percentages) {
      const position = (total - 1) * share + 1;
      const lower = Math.floor(position);
      const higher = Math.ceil(position);
      const low = this.numberOf(cellAt(cells, counts, lower));
      const high = this.numberOf(cellAt(cells, counts, higher));
      NUMBER.setFloat64(0, low === high || lower === higher ? low
        : (higher - position) * low + (position - lower) * high, true);
      this.out.append(PRESENT, 0, 1);
      this.out.append(new Uint8Array(NUMBER.buffer), 0, 8);
    }
  }

  private copyCell(cell: number): void {
    const { heap, starts, lengths } = this.lists.pool;
    this.out.append(heap.bytes, starts[cell]!, lengths[cell]!);
  }

  private writeItems(cells: readonly number[], counts: readonly number[] | null): void {
    this.out.append(PRESENT, 0, 1);
    putWord(this.out, cells.length);
    cells.forEach((cell, i) => {
      this.copyCell(cell);
      if (counts === null) return;
      this.out.append(PRESENT, 0, 1);
      putWord(this.out, counts[i]!);
    });
  }

  private joinTexts(cells: readonly number[], separator: string): void {
    cells.forEach((cell, i) => {
      if (i > 0) this.out.appendText(separator);
      const { heap, starts, lengths } = this.lists.pool;
      if (lengths[cell]! === 1) this.out.appendText('null');
      else this.out.append(heap.bytes, starts[cell]! + TEXT_AT, lengths[cell]! - TEXT_AT);
    });
  }

  private writeObject(cells: readonly number[]): void {
    const { bytes } = this.lists.pool.heap;
    this.out.appendText('{');
    cells.forEach((cell, i) => {
      const [start, length] = this.keyOf(cell);
      const key = Buffer.from(bytes.subarray(start, start + length)).toString();
      this.out.appendText(`${i > 0 ? ',' : ''}${quoteJson(key)}:`);
      const valueAt = start + length;
      const end = this.lists.pool.starts[cell]! + this.lists.pool.lengths[cell]!;
      if (bytes[valueAt] === 0) this.out.appendText('null');
      else this.out.append(bytes, valueAt + TEXT_AT, end - valueAt - TEXT_AT);
    });
    this.out.appendText('}');
  }

  private readonly wholeCell = (cell: number): readonly [number, number] => {
    const { starts, lengths } = this.lists.pool;
    return [starts[cell]!, lengths[cell]!];
  };

  /** Where the text of the key stands in the cell of a member: (key, value). */
  private readonly keyOf = (cell: number): readonly [number, number] => {
    const { heap: { bytes }, starts } = this.lists.pool;
    const at = starts[cell]! + 1;
    if (bytes[at] === 0) return [at, 0];
    const length = bytes[at + 1]! | (bytes[at + 2]! << 8) | (bytes[at + 3]! << 16) |
      (bytes[at + 4]! << 24);
    return [at + TEXT_AT, length];
  };

  private isNullMember(cell: number): boolean {
    const [start, length] = this.keyOf(cell);
    return this.lists.pool.heap.bytes[start + length] === 0;
  }

  override countedType(): DataType {
    return withNullable(this.isCounted ? this.argumentType.fields![0]!.type : this.argumentType,
      true);
  }

  override countedSize(): number {
    return this.lists.size;
  }

  /** COLLECT counts; the number of any other is the place in its list. */
  override saveCounted(): CountedValues {
    const groups = new Int32Array(this.lists.size);
    const cells = new Int32Array(this.lists.size);
    const counts = allocateColumn(notNull(BIGINT), this.lists.size);
    let at = 0;
    const groupCount = this.lists.groupCount;
    for (let group = 0; group < groupCount; group++) {
      this.lists.of(group).forEach((cell, i) => {
        groups[at] = group;
        cells[at] = cell;
        const number = this.form === 'entries' ? this.counts[group]![i]! : i;
        writeI64(counts.values as Int32Array, at++, number);
      });
    }
    const { heap, starts, lengths } = this.lists.pool;
    const values = allocateColumn(this.countedType(), 0);
    fillFromCells(values, heap.bytes, cells.map((cell) => starts[cell]!),
      cells.map((cell) => lengths[cell]!));
    return { groups, values, counts };
  }

  override restoreCounted({ groups, values, counts }: CountedValues): void {
    const numbers = counts.values as Int32Array;
    const number = (i: number): number => readI64(numbers, counts.constant ? 0 : i);
    const order = Int32Array.from(groups, (_, i) => i);
    if (this.form !== 'entries') order.sort((a, b) => number(a) - number(b));
    this.lastGroup = -1;
    for (const i of order) this.put(groups[i]!, this.lists.intern(values, i), number(i));
  }
}

const SECOND_VALUE = 'a sub-query that stands for a value has more than one row';
/** A text's bytes stand behind the flag and the length of its cell. */
const TEXT_AT = 5;
const PRESENT = Uint8Array.of(1);
const NUMBER = new DataView(new ArrayBuffer(8));

/** As Double.compareTo. */
function isNumberBefore(a: number, b: number): boolean {
  if (a < b) return true;
  if (a > b || Number.isNaN(a)) return false;
  return Number.isNaN(b) || (Object.is(a, -0) && Object.is(b, 0));
}

/** The entry with the value that stands at `position`, from 1, where each counts so often. */
function cellAt(cells: readonly number[], counts: readonly number[], position: number): number {
  let behind = 0;
  for (let i = 0; i < cells.length; i++) {
    behind += counts[i]!;
    if (behind >= position) return cells[i]!;
  }
  return cells.at(-1)!;
}

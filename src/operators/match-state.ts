/**
 * The snapshot form of MATCH_RECOGNIZE, the same in both engines. Numbers count within a key:
 *
 *     rows       key, other columns, position, waits, time, sequence (-1: not taken yet)
 *     steps      key, step, parent (-1: none), row (a position), variable
 *     matches    key, completed, place in its heap, state, step (-1: none), start_time,
 *                start_sequence
 *     watermark  one row, where rows wait for it
 */
import { Batch } from '../batch/batch.js';
import { allocateColumn, type Column, readI64, writeI64 } from '../batch/column.js';
import { BIGINT, BOOLEAN, INT, notNull, type RowField } from '../types/data-type.js';
import type { KeyedGroups } from '../state/keyed-groups.js';
import { KeyMatches } from './match-automaton.js';
import type { MatchHeap } from './match-heap.js';
import { type MatchPaths, NO_STEP } from './match-paths.js';
import type { StateTable } from './operator.js';
import type { RowStore } from './row-store.js';

const number = (name: string): RowField => ({ name, type: notNull(BIGINT) });
const small = (name: string): RowField => ({ name, type: notNull(INT) });
const flag = (name: string): RowField => ({ name, type: notNull(BOOLEAN) });

const ROW_FIELDS = [number('position'), flag('waits'), number('time'), number('sequence')];
const STEP_FIELDS = [number('step'), number('parent'), number('row'), small('variable')];
const MATCH_FIELDS = [
  flag('completed'), number('place'), small('state'), number('step'), number('start_time'),
  number('start_sequence'),
];

/** What a snapshot reads and a restore fills. */
export interface MatchState {
  readonly groups: KeyedGroups;
  readonly store: RowStore;
  readonly paths: MatchPaths;
  /** By group. */
  readonly keys: (KeyMatches | undefined)[];
  /** Rows that wait, in the order in which they will go, with their group and time. */
  waiting(): readonly { readonly row: number; readonly group: number }[];
  timeOf(row: number): number;
  /** A restored row waits again. */
  wait(row: number, group: number, time: number): void;
}

/** One line of a table: its group and numbers in the order of the fields. */
interface Line {
  readonly group: number;
  readonly numbers: readonly number[];
  /** Rows only. */
  readonly row: number;
}

export class MatchTables {
  readonly tables: readonly StateTable[];
  private readonly order: readonly number[];
  private restored: { rows: Line[]; steps: Line[]; matches: Line[] } | null = null;

  constructor(
    private readonly partition: readonly number[], private readonly input: readonly RowField[],
    private readonly state: MatchState, private readonly open: () => KeyMatches,
  ) {
    const rest = input.map((_, i) => i).filter((i) => !partition.includes(i));
    this.order = [...partition, ...rest];
    const keyFields = partition.map((i) => input[i]!);
    const keyCount = partition.length;
    this.tables = [
      { name: 'rows', fields: [...this.order.map((i) => input[i]!), ...ROW_FIELDS], keyCount },
      { name: 'steps', fields: [...keyFields, ...STEP_FIELDS], keyCount },
      { name: 'matches', fields: [...keyFields, ...MATCH_FIELDS], keyCount },
    ];
  }

  save(table: StateTable): Batch {
    const content = this.collect();
    const lines = content[table.name as 'rows' | 'steps' | 'matches'];
    const ids = Int32Array.from(lines, (line) => line.row);
    const keys = table.name === 'rows'
      ? this.order.map((column) => this.state.store.gather(column, ids)) : this.keysOf(lines);
    const fields = table.fields.slice(keys.length);
    const numbers = fields.map((field, i) => columnOf(field, lines, i));
    return new Batch(lines.length, [...keys, ...numbers]);
  }

  private keysOf(lines: readonly Line[]): Column[] {
    const groups = Int32Array.from(lines, (line) => line.group);
    return this.partition.map((column, i) => {
      const out = allocateColumn(this.input[column]!.type, groups.length);
      this.state.groups.decode(i, groups, out);
      return out;
    });
  }

  /** Steps come behind their parents. */
  private collect(): { rows: Line[]; steps: Line[]; matches: Line[] } {
    const rows: Line[] = [];
    const steps: Line[] = [];
    const matches: Line[] = [];
    const numbering = new Numbering(this.state, rows, steps);
    this.state.keys.forEach((key, group) => {
      if (key === undefined || key.isIdle) return;
      for (const [completed, heap] of [[0, key.partials], [1, key.completed]] as const) {
        heap.items.forEach((one, place) => {
          const step = numbering.step(group, one.step);
          const sequence = one.step === NO_STEP ? -1 : one.startSequence;
          matches.push({
            group, row: 0, numbers: [completed, place, one.state, step, one.startTime, sequence],
          });
        });
      }
    });
    for (const { row, group } of this.state.waiting()) numbering.row(group, row, true);
    return { rows, steps, matches };
  }

  restore(table: StateTable, content: Batch): void {
    const columns: Column[] = [];
    const isRows = table.name === 'rows';
    if (isRows) this.order.forEach((column, i) => { columns[column] = content.columns[i]!; });
    const { groups, store, paths } = this.state;
    const keys = isRows ? this.partition.map((i) => columns[i]!)
      : content.columns.slice(0, this.partition.length);
    const found = groups.restore(keys, content.rowCount);
    const numbers = content.columns.slice(isRows ? this.order.length : keys.length);
    this.restored ??= { rows: [], steps: [], matches: [] };
    const lines = this.restored[table.name as 'rows' | 'steps' | 'matches'];
    for (let i = 0; i < content.rowCount; i++) {
      const row = isRows ? store.add(columns, i) : 0;
      if (isRows) paths.openRow(row);
      lines.push({ group: found[i]!, row, numbers: numbers.map((one) => numberAt(one, i)) });
    }
  }

  /** All chunks are there: rows, steps and matches find each other. */
  settle(): void {
    const { restored } = this;
    if (restored === null) return;
    this.restored = null;
    const rowIds = new Map<string, number>();
    const { paths } = this.state;
    for (const { group, row, numbers: [position, , , sequence] } of restored.rows) {
      rowIds.set(`${group}:${position}`, row);
      paths.sequences[row] = sequence!;
    }
    const stepIds = this.settleSteps(restored.steps, rowIds);
    this.settleMatches(restored.matches, stepIds);
    this.settleRows(restored.rows);
  }

  private settleSteps(lines: Line[], rowIds: ReadonlyMap<string, number>): Map<string, number> {
    const stepIds = new Map<string, number>();
    lines.sort((a, b) => a.numbers[0]! - b.numbers[0]!);
    for (const { group, numbers: [step, parent, row, variable] } of lines) {
      const before = parent! < 0 ? NO_STEP : stepIds.get(`${group}:${parent}`)!;
      const id = this.state.paths.add(before, rowIds.get(`${group}:${row}`)!, variable!);
      stepIds.set(`${group}:${step}`, id);
    }
    return stepIds;
  }

  private settleMatches(lines: Line[], stepIds: ReadonlyMap<string, number>): void {
    lines.sort((a, b) => a.numbers[1]! - b.numbers[1]!);
    for (const { group, numbers } of lines) {
      const [completed, , state, place, startTime, sequence] = numbers;
      const key = (this.state.keys[group] ??= new KeyMatches());
      const step = place! < 0 ? NO_STEP : stepIds.get(`${group}:${place}`)!;
      this.state.paths.hold(step);
      const heap: MatchHeap = completed === 0 ? key.partials : key.completed;
      heap.add({
        state: state!, step, startTime: startTime!,
        startSequence: step === NO_STEP ? Infinity : sequence!,
      });
    }
  }

  private settleRows(lines: Line[]): void {
    lines.sort((a, b) => a.numbers[0]! - b.numbers[0]!);
    for (const { group, row, numbers: [, waits, time, sequence] } of lines) {
      const key = (this.state.keys[group] ??= this.open());
      key.nextSequence = Math.max(key.nextSequence, sequence! + 1);
      if (waits === 1) this.state.wait(row, group, time!);
      else this.state.paths.releaseRow(row);
    }
  }
}

/** Numbers rows and steps of each key as they are met. */
class Numbering {
  private readonly rowNumbers = new Map<number, number>();
  private readonly stepNumbers = new Map<number, number>();
  private readonly nextRow: number[] = [];
  private readonly nextStep: number[] = [];

  constructor(
    private readonly state: MatchState, private readonly rows: Line[],
    private readonly steps: Line[],
  ) {}

  row(group: number, row: number, waits: boolean): number {
    const known = this.rowNumbers.get(row);
    if (known !== undefined) return known;
    const position = this.nextRow[group] ?? 0;
    this.nextRow[group] = position + 1;
    this.rowNumbers.set(row, position);
    const { paths } = this.state;
    this.rows.push({
      group, row,
      numbers: [position, waits ? 1 : 0, this.state.timeOf(row), paths.sequences[row]!],
    });
    return position;
  }

  step(group: number, last: number): number {
    const { paths } = this.state;
    const unknown: number[] = [];
    let at = last;
    while (at !== NO_STEP && !this.stepNumbers.has(at)) {
      unknown.push(at);
      at = paths.parents[at]!;
    }
    let parent = at === NO_STEP ? -1 : this.stepNumbers.get(at)!;
    for (const step of unknown.reverse()) {
      const place = this.nextStep[group] ?? 0;
      this.nextStep[group] = place + 1;
      this.stepNumbers.set(step, place);
      const row = this.row(group, paths.rows[step]!, false);
      this.steps.push({ group, row: 0, numbers: [place, parent, row, paths.variables[step]!] });
      parent = place;
    }
    return parent;
  }
}

function columnOf(field: RowField, lines: readonly Line[], index: number): Column {
  const column = allocateColumn(field.type, lines.length);
  const isWide = field.type.root === 'BIGINT';
  lines.forEach(({ numbers }, i) => {
    if (isWide) writeI64(column.values as Int32Array, i, numbers[index]!);
    else column.values[i] = numbers[index]!;
  });
  return column;
}

function numberAt(column: Column, row: number): number {
  const at = column.constant ? 0 : row;
  return column.physical === 'i64' ? readI64(column.values as Int32Array, at)
    : Number(column.values[at]);
}

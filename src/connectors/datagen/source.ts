/**
 * The datagen connector: random rows or sequences, with Flink's options and `seed`. A subtask
 * makes every parallelism-th row.
 */
import { Batch } from '../../batch/batch.js';
import { allocateColumn, readI64, writeI64 } from '../../batch/column.js';
import { fail } from '../../errors/index.js';
import type { StateTable } from '../../operators/operator.js';
import type { SourceColumn, SourceNode } from '../../plan/physical/plan.js';
import { BIGINT, notNull } from '../../types/data-type.js';
import { integerOption } from '../options.js';
import type { Source, SourceContext, SourceStats } from '../source.js';
import { compileFields, type GeneratedField } from './fields.js';
import { generateColumn, numberRows } from './generator.js';

const MEMBERS = ['index', 'generators', 'emitted'] as const;

const SPLITS: StateTable = Object.freeze({
  name: 'splits',
  fields: MEMBERS.map((name) => ({ name, type: notNull(BIGINT) })),
  keyCount: 0,
});

const MAX_ROWS = 9_000_000_000_000_000;
const MAX_RATE = 9_000_000_000_000;

interface Split {
  index: number;
  generators: number;
  emitted: number;
}

class DatagenSource implements Source {
  readonly stateTables = [SPLITS];
  readonly #seed: number;
  readonly #rate: number;
  readonly #rows: number;
  readonly #fields: readonly PlacedField[];
  #splits: Split[];
  #next = 0;
  #startedMs = -1;
  #emitted = 0;
  #restored = false;

  constructor(node: SourceNode, private readonly context: SourceContext) {
    const { options } = node;
    const table = compileFields(node.tableSchema, options);
    this.#seed = integerOption(options, 'seed', 0, 0, Number.MAX_SAFE_INTEGER);
    this.#rate = integerOption(options, 'rows-per-second', 10_000, 1, MAX_RATE);
    const rows = integerOption(options, 'number-of-rows', MAX_ROWS, 0, MAX_ROWS);
    this.#rows = Math.min(rows, ...[...table.values()].map(rowsOf));
    this.#fields = node.columns.map((column) => fieldOf(table, column));
    const { subtask, parallelism } = context;
    this.#splits = subtask < parallelism
      ? [{ index: subtask, generators: parallelism, emitted: 0 }] : [];
  }

  poll(): Batch | 'idle' | 'end' {
    let hasRows = false;
    for (let tried = 0; tried < this.#splits.length; tried++) {
      const split = this.#splits[this.#next++ % this.#splits.length]!;
      const left = Math.ceil((this.#rows - split.index) / split.generators) - split.emitted;
      if (left <= 0) continue;
      hasRows = true;
      const count = Math.min(left, this.#dueRows(), this.context.batchRows);
      if (count > 0) return this.#generate(split, count);
    }
    return hasRows ? 'idle' : 'end';
  }

  #generate(split: Split, count: number): Batch {
    const first = split.index + split.emitted * split.generators;
    const rows = numberRows(this.#seed, first, split.generators, count, this.context.nowMs());
    split.emitted += count;
    this.#emitted += count;
    return new Batch(count, this.#fields.map(({ field, above }) =>
      generateColumn(field, rows, above)));
  }

  /** The rows of each second at its beginning, as Flink makes them. */
  #dueRows(): number {
    const now = this.context.nowMs();
    if (this.#startedMs < 0) this.#startedMs = now;
    const { subtask, parallelism } = this.context;
    const extra = this.#rate % parallelism > subtask ? 1 : 0;
    const rate = Math.floor(this.#rate / parallelism) + extra;
    return (Math.floor((now - this.#startedMs) / 1000) + 1) * rate - this.#emitted;
  }

  snapshot(table: StateTable): Batch {
    const columns = table.fields.map((field, i) => {
      const column = allocateColumn(field.type, this.#splits.length);
      this.#splits.forEach((split, row) => {
        writeI64(column.values as Int32Array, row, split[MEMBERS[i]!]);
      });
      return column;
    });
    return new Batch(this.#splits.length, columns);
  }

  /** Splits are dealt out by their index, so a restore at another parallelism keeps them all. */
  restore(table: StateTable, content: Batch): void {
    if (content.columns.length !== table.fields.length) {
      fail('MR5002', { detail: 'datagen splits' });
    }
    if (!this.#restored) this.#splits = [];
    this.#restored = true;
    for (let i = 0; i < content.activeCount; i++) {
      const row = content.selection === null ? i : content.selection[i]!;
      const split: Split = { index: 0, generators: 1, emitted: 0 };
      MEMBERS.forEach((member, at) => {
        const column = content.columns[at]!;
        split[member] = readI64(column.values as Int32Array, column.constant ? 0 : row);
      });
      if (split.index < 0 || split.generators <= 0) {
        fail('MR5001', { detail: 'datagen splits' });
      }
      if (split.index % this.context.parallelism === this.context.subtask) {
        this.#splits.push(split);
      }
    }
  }

  stats(): SourceStats {
    return { badRecords: 0 };
  }

  close(): void {
    this.#splits = [];
  }
}

/** Rows until the shortest sequence ends. */
function rowsOf(field: GeneratedField): number {
  if (field.kind === 'row') return Math.min(MAX_ROWS, ...field.children.map(rowsOf));
  if (field.kind !== 'sequence') return MAX_ROWS;
  const count = field.end - field.start + 1n;
  return count < 0n ? 0 : Number(count < BigInt(MAX_ROWS) ? count : BigInt(MAX_ROWS));
}

/** A field, and the rows it lies in from the top. */
interface PlacedField {
  readonly field: GeneratedField;
  readonly above: readonly GeneratedField[];
}

function fieldOf(
  table: ReadonlyMap<string, GeneratedField>, column: SourceColumn,
): PlacedField {
  const above: GeneratedField[] = [];
  let field = table.get(column.path[0]!);
  for (const name of column.path.slice(1)) {
    if (field?.kind !== 'row') return fail('MR2002', { name: column.path.join('.') });
    above.push(field);
    field = field.children[(field.type.fields ?? []).findIndex((child) => child.name === name)];
  }
  if (field === undefined) return fail('MR2002', { name: column.path.join('.') });
  return { field, above };
}

/** Makes the source of a datagen table. */
export function makeDatagenSource(node: SourceNode, context: SourceContext): Source {
  return new DatagenSource(node, context);
}

/**
 * The datagen connector: random rows or sequences, with Flink's options and `seed`. A subtask
 * makes every parallelism-th row.
 */
import { Batch } from '../../batch/batch.js';
import { fail } from '../../errors/index.js';
import type { StateTable } from '../../operators/operator.js';
import type { SourceColumn, SourceNode } from '../../plan/physical/plan.js';
import { integerOption } from '../options.js';
import type { Source, SourceContext, SourceStats } from '../source.js';
import { SplitState, type NumberSplit } from '../splits.js';
import { compileFields, type GeneratedField } from './fields.js';
import { generateColumn, numberRows } from './generator.js';

const MAX_ROWS = 9_000_000_000_000_000;
const MAX_RATE = 9_000_000_000_000;

class DatagenSource implements Source {
  readonly stateTables: readonly StateTable[];
  readonly #seed: number;
  readonly #rate: number;
  readonly #rows: number;
  readonly #fields: readonly PlacedField[];
  readonly #state: SplitState<NumberSplit>;
  #next = 0;
  #startedMs = -1;
  #emitted = 0;

  constructor(node: SourceNode, private readonly context: SourceContext) {
    const { options } = node;
    const table = compileFields(node.tableSchema, options);
    this.#seed = integerOption(options, 'seed', 0, 0, Number.MAX_SAFE_INTEGER);
    this.#rate = integerOption(options, 'rows-per-second', 10_000, 1, MAX_RATE);
    const rows = integerOption(options, 'number-of-rows', MAX_ROWS, 0, MAX_ROWS);
    this.#rows = Math.min(rows, ...[...table.values()].map(rowsOf));
    this.#fields = node.columns.map((column) => fieldOf(table, column));
    const own = { index: context.subtask, generators: context.parallelism, emitted: 0 };
    this.#state = new SplitState('datagen', own,
      { index: 'index', generators: 'generators', emitted: 'emitted' }, context);
    this.stateTables = [this.#state.table];
  }

  poll(): Batch | 'idle' | 'end' {
    let hasRows = false;
    const { splits } = this.#state;
    for (let tried = 0; tried < splits.length; tried++) {
      const split = splits[this.#next++ % splits.length]!;
      const left = Math.ceil((this.#rows - split.index) / split.generators) - split.emitted;
      if (left <= 0) continue;
      hasRows = true;
      const count = Math.min(left, this.#dueRows(), this.context.batchRows);
      if (count > 0) return this.#generate(split, count);
    }
    return hasRows ? 'idle' : 'end';
  }

  #generate(split: NumberSplit, count: number): Batch {
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

  snapshot(): Batch {
    return this.#state.snapshot();
  }

  restore(_table: StateTable, content: Batch): void {
    this.#state.restore(content, () => true);
  }

  stats(): SourceStats {
    return { badRecords: 0 };
  }

  close(): void {
    this.#state.splits = [];
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

/**
 * What a generating source has to keep: its splits, one row each of whole numbers. They are dealt
 * out by their index, so a restore at another parallelism keeps them all.
 */
import { Batch } from '../batch/batch.js';
import { allocateColumn, readI64, writeI64 } from '../batch/column.js';
import { fail } from '../errors/index.js';
import type { StateTable } from '../operators/operator.js';
import { BIGINT, notNull } from '../types/data-type.js';
import type { SourceContext } from './source.js';

/** A part of the numbers that a source counts through. */
export interface NumberSplit {
  readonly index: number;
  readonly generators: number;
  emitted: number;
}

export class SplitState<Split extends NumberSplit> {
  readonly table: StateTable;
  splits: Split[];
  #restored = false;

  /** `members`: the names of a split's numbers, and how its state calls them. */
  constructor(
    private readonly connector: string, own: Split,
    private readonly members: Readonly<Record<keyof Split & string, string>>,
    private readonly context: SourceContext,
  ) {
    this.splits = [own];
    const fields = Object.values<string>(members).map((name) => ({ name, type: notNull(BIGINT) }));
    this.table = Object.freeze({ name: 'splits', fields, keyCount: 0 });
  }

  snapshot(): Batch {
    const { length } = this.splits;
    const columns = Object.keys(this.members).map((member, i) => {
      const column = allocateColumn(this.table.fields[i]!.type, length);
      this.splits.forEach((split, row) => {
        writeI64(column.values as Int32Array, row, split[member as keyof Split] as number);
      });
      return column;
    });
    return new Batch(length, columns);
  }

  /** MR5002 for state of another form, MR5001 where `isValid` says no to a split. */
  restore(content: Batch, isValid: (split: Split) => boolean): void {
    const detail = `${this.connector} splits`;
    const members = Object.keys(this.members);
    if (content.columns.length !== members.length) fail('MR5002', { detail });
    if (!this.#restored) this.splits = [];
    this.#restored = true;
    for (let i = 0; i < content.activeCount; i++) {
      const row = content.selection === null ? i : content.selection[i]!;
      const split = Object.fromEntries(members.map((member, at) => {
        const column = content.columns[at]!;
        return [member, readI64(column.values as Int32Array, column.constant ? 0 : row)];
      })) as unknown as Split;
      if (split.index < 0 || split.generators <= 0 || !isValid(split)) fail('MR5001', { detail });
      if (split.index % this.context.parallelism === this.context.subtask) this.splits.push(split);
    }
  }
}

/** The nexmark connector: generator splits of this subtask, a batch of each in turn. */
import { Batch } from '../../batch/batch.js';
import { allocateColumn, readI64, writeI64 } from '../../batch/column.js';
import { fail } from '../../errors/index.js';
import type { StateTable } from '../../operators/operator.js';
import type { SourceNode } from '../../plan/physical/plan.js';
import { BIGINT, notNull } from '../../types/data-type.js';
import type { Source, SourceContext, SourceStats } from '../source.js';
import { planField } from './fields.js';
import { NexmarkGenerator } from './generator.js';
import { makeSplit, parseNexmarkOptions, type NexmarkOptions, type Split } from './model.js';

const MEMBERS = ['index', 'generators', 'firstEventId', 'maxEvents', 'emitted'] as const;

const SPLITS: StateTable = Object.freeze({
  name: 'splits',
  fields: ['index', 'generators', 'first_event_id', 'max_events', 'emitted'].map((name) => ({
    name,
    type: notNull(BIGINT),
  })),
  keyCount: 0,
});

class NexmarkSource implements Source {
  readonly stateTables = [SPLITS];
  readonly #generator: NexmarkGenerator;
  #splits: Split[];
  #next = 0;
  #startedMs = -1;
  #restored = false;

  constructor(
    node: SourceNode,
    private readonly options: NexmarkOptions,
    private readonly context: SourceContext,
  ) {
    this.#generator = new NexmarkGenerator(options, node.columns.map(planField));
    const { subtask, parallelism } = context;
    this.#splits = subtask < parallelism ? [makeSplit(options, subtask, parallelism)] : [];
  }

  poll(): Batch | 'idle' | 'end' {
    let waiting = false;
    for (let tried = 0; tried < this.#splits.length; tried++) {
      const split = this.#splits[this.#next++ % this.#splits.length]!;
      if (split.emitted >= split.maxEvents) continue;
      const due = this.#dueEvents(split);
      waiting = true;
      if (due <= 0) continue;
      return this.#generator.generate(split, Math.min(this.context.batchRows, due));
    }
    return waiting || this.options.keepAlive ? 'idle' : 'end';
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
      fail('MR5002', { detail: 'nexmark splits' });
    }
    if (!this.#restored) this.#splits = [];
    this.#restored = true;
    for (let i = 0; i < content.activeCount; i++) {
      const row = content.selection === null ? i : content.selection[i]!;
      const split: Split = { index: 0, generators: 0, firstEventId: 0, maxEvents: 0, emitted: 0 };
      MEMBERS.forEach((member, at) => {
        const column = content.columns[at]!;
        split[member] = readI64(column.values as Int32Array, column.constant ? 0 : row);
      });
      const isValid = split.index >= 0 && split.generators > 0 && split.firstEventId > 0 &&
        split.emitted >= 0;
      if (!isValid) fail('MR5001', { detail: 'nexmark splits' });
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

  /** Events that may be emitted now: all that are left, or those whose time has come. */
  #dueEvents(split: Split): number {
    const left = split.maxEvents - split.emitted;
    if (this.options.maxSpeed) return left;
    const first = this.#generator.eventTime(split, split.emitted) - this.options.baseTimeMs;
    // An event of the future waits for its time.
    if (this.#startedMs < 0) {
      this.#startedMs = Math.max(this.context.nowMs(), this.options.baseTimeMs) - first;
    }
    const now = this.options.baseTimeMs + this.context.nowMs() - this.#startedMs;
    const most = Math.min(left, this.context.batchRows);
    let due = 0;
    while (due < most && this.#generator.eventTime(split, split.emitted + due) <= now) due++;
    return due;
  }
}

/** Makes the source of a nexmark table. */
export function makeNexmarkSource(node: SourceNode, context: SourceContext): Source {
  return new NexmarkSource(node, parseNexmarkOptions(node.options), context);
}

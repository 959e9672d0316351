/** The nexmark connector: generator splits of this subtask, a batch of each in turn. */
import { Batch } from '../../batch/batch.js';
import type { StateTable } from '../../operators/operator.js';
import type { SourceNode } from '../../plan/physical/plan.js';
import type { Source, SourceContext, SourceStats } from '../source.js';
import { SplitState } from '../splits.js';
import { planField } from './fields.js';
import { NexmarkGenerator } from './generator.js';
import { makeSplit, parseNexmarkOptions, type NexmarkOptions, type Split } from './model.js';

const MEMBERS = {
  index: 'index', generators: 'generators', firstEventId: 'first_event_id',
  maxEvents: 'max_events', emitted: 'emitted',
};

class NexmarkSource implements Source {
  readonly stateTables: readonly StateTable[];
  readonly #generator: NexmarkGenerator;
  readonly #state: SplitState<Split>;
  #next = 0;
  #startedMs = -1;

  constructor(
    node: SourceNode,
    private readonly options: NexmarkOptions,
    private readonly context: SourceContext,
  ) {
    this.#generator = new NexmarkGenerator(options, node.columns.map(planField));
    const own = makeSplit(options, context.subtask, context.parallelism);
    this.#state = new SplitState('nexmark', own, MEMBERS, context);
    this.stateTables = [this.#state.table];
  }

  poll(): Batch | 'idle' | 'end' {
    let waiting = false;
    const { splits } = this.#state;
    for (let tried = 0; tried < splits.length; tried++) {
      const split = splits[this.#next++ % splits.length]!;
      if (split.emitted >= split.maxEvents) continue;
      const due = this.#dueEvents(split);
      waiting = true;
      if (due <= 0) continue;
      return this.#generator.generate(split, Math.min(this.context.batchRows, due));
    }
    return waiting || this.options.keepAlive ? 'idle' : 'end';
  }

  snapshot(): Batch {
    return this.#state.snapshot();
  }

  restore(_table: StateTable, content: Batch): void {
    this.#state.restore(content, (split) => split.firstEventId > 0 && split.emitted >= 0);
  }

  stats(): SourceStats {
    return { badRecords: 0 };
  }

  close(): void {
    this.#state.splits = [];
  }

  /** Events that may be emitted now: all that are left, or those whose time has come. */
  #dueEvents(split: Split): number {
    const left = split.maxEvents - split.emitted;
    if (this.options.maxSpeed) return left;
    const first = this.#generator.eventTime(split, split.emitted) - this.options.baseTimeMs;
    if (this.#startedMs < 0) this.#startedMs = this.context.nowMs() - first;
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

/**
 * Takes checkpoints of a running job: one at a time, at an interval or when asked. A checkpoint
 * counts once it is durable; then the operators are told, and old ones are removed.
 */
import { errorOf, MillraceError } from '../errors/index.js';
import type { StateChunk } from '../runtime/pipeline.js';
import { CheckpointStorage } from './storage.js';

/** What the coordinator needs of a job. */
export interface Checkpointable {
  /** Sends a barrier through; resolves with the state of every operator. */
  checkpoint(): Promise<readonly StateChunk[]>;
  /** The last checkpoint is durable. */
  completeCheckpoint(): void;
  /** Ends the job with an error. */
  cancel(error: unknown): Promise<void>;
}

export interface CheckpointOptions {
  readonly folder: string;
  /** Pause between two checkpoints, ms; 0 = only when asked. */
  readonly intervalMs: number;
  /** How many are kept: at least 1. */
  readonly retained: number;
  readonly maxParallelism: number;
  /** How many at the interval may fail to be written in a row; one more ends the job. */
  readonly tolerableFailures: number;
}

export interface CheckpointStats {
  readonly completed: number;
  readonly failed: number;
  readonly lastId: number;
  /** From the barrier to the last acknowledgement, and until all was durable, ms. */
  readonly lastAlignMs: number;
  readonly lastWriteMs: number;
  readonly lastError: string;
}

export class CheckpointCoordinator {
  private readonly storage: CheckpointStorage;
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<number> | null = null;
  private isStopped = false;
  private failuresInARow = 0;
  private state: CheckpointStats = {
    completed: 0, failed: 0, lastId: 0, lastAlignMs: 0, lastWriteMs: 0, lastError: '',
  };

  constructor(private readonly job: Checkpointable, private readonly options: CheckpointOptions) {
    this.storage = new CheckpointStorage(options.folder);
  }

  get stats(): CheckpointStats {
    return this.state;
  }

  /** Starts the interval. */
  start(): void {
    if (this.options.intervalMs <= 0 || this.isStopped || this.timer !== null) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      void this.trigger().then(() => this.succeeded(), (error) => this.failed(error))
        .then(() => this.start());
    }, this.options.intervalMs);
    this.timer.unref();
  }

  private succeeded(): void {
    this.failuresInARow = 0;
  }

  /** As in Flink only what the world does to a checkpoint counts, not that the job has ended. */
  private failed(error: unknown): void {
    if (this.isStopped || !(error instanceof MillraceError) || error.class !== 'io') return;
    this.failuresInARow += 1;
    if (this.failuresInARow > this.options.tolerableFailures) void this.job.cancel(error);
  }

  /** Takes a checkpoint now, or waits for the one under way and takes the next; its number. */
  async trigger(): Promise<number> {
    while (this.running !== null) await this.running.catch(() => undefined);
    if (this.isStopped) throw errorOf('MR5003', {});
    this.running = this.take();
    try {
      return await this.running;
    } finally {
      this.running = null;
    }
  }

  /** No more checkpoints; waits for one under way. */
  async stop(): Promise<void> {
    this.isStopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    await this.running?.catch(() => undefined);
  }

  private async take(): Promise<number> {
    const begun = performance.now();
    try {
      const chunks = await this.job.checkpoint();
      const aligned = performance.now();
      const id = ((await this.storage.list())[0] ?? 0) + 1;
      const { maxParallelism, retained } = this.options;
      await this.storage.write({ id, takenMs: Date.now(), maxParallelism, chunks });
      if (!this.isStopped) this.job.completeCheckpoint();
      await this.storage.keepNewest(Math.max(1, retained));
      this.state = {
        ...this.state, completed: this.state.completed + 1, lastId: id,
        lastAlignMs: aligned - begun, lastWriteMs: performance.now() - aligned,
      };
      return id;
    } catch (error) {
      const lastError = error instanceof Error ? error.message : String(error);
      this.state = { ...this.state, failed: this.state.failed + 1, lastError };
      throw error;
    }
  }
}

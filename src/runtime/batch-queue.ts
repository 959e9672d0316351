/** Batches of one pipeline output as an async iterable; pulled, so back-pressure reaches sinks. */
import type { Batch } from '../batch/batch.js';

export class BatchQueue implements AsyncIterable<Batch> {
  private ended = false;
  private error: unknown = null;
  private wake: (() => void) | null = null;

  /** `poll` gives the next batch or null; `notify` is called when there may be one. */
  constructor(private readonly poll: () => Batch | null) {}

  notify(): void {
    this.wake?.();
    this.wake = null;
  }

  end(): void {
    this.ended = true;
    this.notify();
  }

  fail(error: unknown): void {
    this.error = error;
    this.end();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Batch> {
    for (;;) {
      if (this.error !== null) throw this.error;
      const batch = this.ended ? null : this.poll();
      if (batch !== null) {
        yield batch;
        continue;
      }
      if (this.ended) return;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}

/**
 * Carries what leaves one engine into the other, in order: batches with their watermarks,
 * watermark status, barriers, the end. Holds at most one batch; the bounded ports before and
 * behind it do the rest.
 */
import type { Batch } from '../../batch/batch.js';
import type { EnginePipeline, Message } from '../pipeline.js';

/** Messages moved before others have their turn on the event loop. */
const MOST_AT_ONCE = 16;

/** A port of a pipeline. */
export interface Door {
  readonly pipeline: EnginePipeline;
  readonly port: number;
}

export class Pump {
  /** Taken out of the producer, not yet taken by the consumer. */
  private held: Batch | null = null;
  private isScheduled = false;
  private isStopped = false;

  /** `onError` takes what a pipeline throws when it packs or unpacks a batch. */
  constructor(
    private readonly from: Door, private readonly to: Door,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Moves what there is; to be called when there is a message, and when there is room again. */
  run(): void {
    try {
      for (let moved = 0; moved < MOST_AT_ONCE; moved++) if (!this.move()) return;
    } catch (error) {
      this.stop();
      this.onError(error);
      return;
    }
    this.runLater();
  }

  stop(): void {
    this.isStopped = true;
    this.held = null;
  }

  /** False: nothing to move, or no room for it. */
  private move(): boolean {
    if (this.isStopped) return false;
    if (this.held !== null) return this.offer(this.held);
    const message = this.from.pipeline.take(this.from.port);
    return message !== null && this.pass(message);
  }

  private pass(message: Message): boolean {
    const { pipeline, port } = this.to;
    switch (message.kind) {
      case 'batch':
        return this.offer(message.batch);
      case 'barrier':
        pipeline.offerBarrier(port, message.id);
        return true;
      case 'idle':
      case 'active':
        pipeline.offerStatus(port, message.kind === 'idle');
        return true;
      case 'end':
        pipeline.endInput(port);
        return true;
    }
  }

  private offer(batch: Batch): boolean {
    const isTaken = this.to.pipeline.offer(this.to.port, batch);
    this.held = isTaken ? null : batch;
    return isTaken;
  }

  private runLater(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      this.run();
    });
  }
}

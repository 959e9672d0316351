/** The doors of a pipeline of the TypeScript engine. */
import { Batch } from '../../batch/batch.js';
import { InputWatermarks } from '../../batch/watermark.js';
import type { Message } from '../pipeline.js';
import type { Wakeable } from './channel.js';

/** Batches offered from outside. */
export class InputPort {
  private readonly messages: Message[] = [];
  private refused = false;
  consumer: Wakeable | null = null;

  constructor(
    private readonly capacity: number, readonly isBorder: boolean,
    private readonly onRoom: () => void,
  ) {}

  /** False: full, not taken; `onRoom` comes later. */
  offer(batch: Batch): boolean {
    if (this.messages.length >= this.capacity) {
      this.refused = true;
      return false;
    }
    this.pushControl({ kind: 'batch', batch });
    return true;
  }

  /** Barriers and the end are always taken. */
  pushControl(message: Message): void {
    this.messages.push(message);
    this.consumer?.wake();
  }

  pop(): Message | undefined {
    const message = this.messages.shift();
    if (this.refused && this.messages.length <= this.capacity / 2) {
      this.refused = false;
      this.onRoom();
    }
    return message;
  }
}

/**
 * Batches for the outside, from all subtasks of a sink; their watermarks are merged. A lane of a
 * border has one writer and carries barriers and the end too, in order.
 */
export class OutputPort {
  private readonly messages: Message[] = [];
  private readonly watermarks: InputWatermarks;
  private readonly producers: Wakeable[] = [];

  constructor(
    private readonly capacity: number, private readonly writerCount: number,
    private readonly isBorder: boolean, private readonly onReady: () => void,
  ) {
    this.watermarks = new InputWatermarks(writerCount, true);
  }

  addProducer(producer: Wakeable): void {
    this.producers.push(producer);
  }

  get isEmpty(): boolean {
    return this.messages.length === 0;
  }

  hasRoom(): boolean {
    return this.messages.length < this.capacity;
  }

  push(batch: Batch, writer: number): void {
    const merged = this.writerCount === 1 ? batch : this.merged(batch, writer);
    if (merged.rowCount === 0 && merged.watermarks.length === 0) return;
    this.put({ kind: 'batch', batch: merged });
  }

  /** Nothing where this is no border: there the pipeline's events tell it. */
  pushControl(message: Message): void {
    if (this.isBorder) this.put(message);
  }

  /** What that raises is told with the next batch. */
  pushStatus(isIdle: boolean, writer: number): void {
    if (this.isBorder) this.put({ kind: isIdle ? 'idle' : 'active' });
    else if (this.writerCount > 1) this.watermarks.setIdle(writer, isIdle);
  }

  private put(message: Message): void {
    const wasEmpty = this.isEmpty;
    this.messages.push(message);
    if (wasEmpty) this.onReady();
  }

  private merged(batch: Batch, writer: number): Batch {
    const runs = this.watermarks.merge(writer, batch.watermarks);
    return new Batch(batch.rowCount, batch.columns, batch.selection, batch.rowKinds, runs);
  }

  poll(): Message | null {
    const wasFull = !this.hasRoom();
    const message = this.messages.shift() ?? null;
    if (wasFull && this.hasRoom()) for (const producer of this.producers) producer.wake();
    return message;
  }
}

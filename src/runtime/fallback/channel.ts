/** A bounded queue between two tasks of one thread. */
import type { Message } from '../pipeline.js';

/** What takes turns on the thread. */
export interface Wakeable {
  wake(): void;
}

/** Where a router sends: a channel, or the end of one that leads to another thread. */
export interface Target {
  push(message: Message): void;
  hasRoom(): boolean;
}

/**
 * What of a pipeline one of several threads runs: one subtask of each fragment. It makes the ends
 * of the channels to and from the subtasks of the others.
 */
export interface Share {
  readonly subtask: number;
  sender(link: number, to: number, producer: Wakeable): Target;
  receiver(link: number, from: number, consumer: Wakeable): Channel;
}

/**
 * The bound is soft: a producer looks for room before it takes new input, and may then push what
 * that input makes.
 */
export class Channel {
  private messages: Message[] = [];
  private first = 0;

  constructor(
    private readonly capacity: number, private readonly producer: Wakeable | null,
    private readonly consumer: Wakeable,
  ) {}

  get size(): number {
    return this.messages.length - this.first;
  }

  hasRoom(): boolean {
    return this.size < this.capacity;
  }

  push(message: Message): void {
    this.messages.push(message);
    this.consumer.wake();
  }

  pop(): Message | undefined {
    const message = this.messages[this.first];
    if (message === undefined) return undefined;
    const wasFull = !this.hasRoom();
    this.first++;
    if (this.first >= 32 || this.first === this.messages.length) {
      this.messages = this.messages.slice(this.first);
      this.first = 0;
    }
    if (wasFull && this.hasRoom()) this.producer?.wake();
    return message;
  }
}

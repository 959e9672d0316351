/**
 * Flink's two rules of the watermark of several inputs, written down as plainly as they can be:
 * StatusWatermarkValve for the channels of a task, CombinedWatermarkStatus for the inputs of an
 * operator.
 */
import { MIN_WATERMARK } from '../../src/batch/batch.js';

/** mulberry32 */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** What goes on to who reads the rows. */
export type Said = number | 'idle' | 'active';

export interface Rule {
  watermark(input: number, watermark: number): void;
  status(input: number, isIdle: boolean): void;
  readonly said: readonly Said[];
}

interface Channel {
  watermark: number;
  isIdle: boolean;
  isAligned: boolean;
}

/** Of the channels of a task: one that is behind after it was idle is not aligned. */
export class Valve implements Rule {
  readonly said: Said[] = [];
  private last = MIN_WATERMARK;
  private readonly channels: readonly Channel[];

  constructor(count: number) {
    this.channels = Array.from({ length: count }, () =>
      ({ watermark: MIN_WATERMARK, isIdle: false, isAligned: true }));
  }

  watermark(input: number, watermark: number): void {
    const channel = this.channels[input]!;
    if (channel.isIdle || watermark <= channel.watermark) return;
    channel.watermark = watermark;
    channel.isAligned ||= watermark >= this.last;
    this.sayLowest();
  }

  status(input: number, isIdle: boolean): void {
    const channel = this.channels[input]!;
    if (channel.isIdle === isIdle) return;
    const wasIdle = this.channels.every((one) => one.isIdle);
    channel.isIdle = isIdle;
    channel.isAligned = !isIdle && channel.watermark >= this.last;
    if (!isIdle) {
      if (wasIdle) this.said.push('active');
      return;
    }
    const holdsBack = channel.watermark === this.last;
    if (this.channels.every((one) => one.isIdle)) {
      if (holdsBack) this.say(Math.max(...this.channels.map((one) => one.watermark)));
      this.said.push('idle');
    } else if (holdsBack) this.sayLowest();
  }

  private sayLowest(): void {
    const aligned = this.channels.filter((one) => one.isAligned);
    if (aligned.length > 0) this.say(Math.min(...aligned.map((one) => one.watermark)));
  }

  private say(watermark: number): void {
    if (watermark <= this.last) return;
    this.last = watermark;
    this.said.push(watermark);
  }
}

/** Of the inputs of an operator: one that is active again counts at once. */
export class Combined implements Rule {
  readonly said: Said[] = [];
  private last = MIN_WATERMARK;
  private isIdle = false;
  private readonly inputs: readonly { watermark: number; isIdle: boolean }[];

  constructor(count: number) {
    this.inputs = Array.from({ length: count }, () =>
      ({ watermark: MIN_WATERMARK, isIdle: false }));
  }

  watermark(input: number, watermark: number): void {
    const one = this.inputs[input]!;
    if (one.isIdle || watermark <= one.watermark) return;
    one.watermark = watermark;
    this.update();
  }

  status(input: number, isIdle: boolean): void {
    this.inputs[input]!.isIdle = isIdle;
    const before = this.isIdle;
    this.update();
    if (before !== this.isIdle) this.said.push(isIdle ? 'idle' : 'active');
  }

  private update(): void {
    const active = this.inputs.filter((one) => !one.isIdle);
    this.isIdle = active.length === 0;
    const next = this.isIdle ? Math.max(...this.inputs.map((one) => one.watermark))
      : Math.min(...active.map((one) => one.watermark));
    if (next <= this.last) return;
    this.last = next;
    this.said.push(next);
  }
}

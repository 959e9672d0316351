/**
 * When a watermark assigner has had no row for its timeout it is idle: what reads it no longer
 * waits for its watermark. native/pipeline/idleness.h is the same.
 *
 * Time passes on the task clock, but only an input that was asked and had nothing makes idle: a
 * busy or held up task is not.
 */
import type { PhysicalNode } from '../../plan/physical/plan.js';

export class Idleness {
  private lastRowMs: number;
  private hasFired = false;

  constructor(private readonly timeoutMs: number, private readonly nowMs: () => number) {
    this.lastRowMs = nowMs();
  }

  get isIdle(): boolean {
    return this.hasFired;
  }

  /** When it is idle unless rows come; Infinity while it is. */
  get deadlineMs(): number {
    return this.hasFired ? Infinity : this.lastRowMs + this.timeoutMs;
  }

  /** Nothing was there to read; true where that makes it idle. */
  starve(): boolean {
    if (this.nowMs() < this.deadlineMs) return false;
    this.hasFired = true;
    return true;
  }

  /** Rows or the end have come. */
  touch(): void {
    this.lastRowMs = this.nowMs();
    this.hasFired = false;
  }
}

/** Of a node that has a timeout; null otherwise. */
export function idlenessOf(node: PhysicalNode, nowMs: () => number): Idleness | null {
  const timeoutMs = node.kind === 'watermark-assigner' ? node.idleTimeoutMs : 0;
  return timeoutMs > 0 ? new Idleness(timeoutMs, nowMs) : null;
}

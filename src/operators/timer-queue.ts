/** Timers by time, those of one time in the order they were set: a binary heap. */
export class TimerQueue {
  private readonly times: number[] = [];
  private readonly sequences: number[] = [];
  private readonly groups: number[] = [];
  private nextSequence = 0;

  get size(): number {
    return this.times.length;
  }

  /** Infinity where there is none. */
  get nextTime(): number {
    return this.times[0] ?? Infinity;
  }

  /** The group of the first timer; there must be one. */
  get nextGroup(): number {
    return this.groups[0]!;
  }

  add(time: number, group: number): void {
    let at = this.times.length;
    this.times.push(time);
    this.sequences.push(this.nextSequence++);
    this.groups.push(group);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.isBefore(at, parent)) break;
      this.swap(at, parent);
      at = parent;
    }
  }

  /** Takes the first timer; there must be one. */
  take(): number {
    const group = this.groups[0]!;
    this.swap(0, this.times.length - 1);
    this.times.pop();
    this.sequences.pop();
    this.groups.pop();
    let at = 0;
    for (;;) {
      let first = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < this.times.length && this.isBefore(child, first)) first = child;
      }
      if (first === at) return group;
      this.swap(at, first);
      at = first;
    }
  }

  /** What is set, in the order in which it would be taken. */
  inOrder(): number[] {
    const places = this.times.map((_, i) => i);
    places.sort((a, b) =>
      this.times[a]! - this.times[b]! || this.sequences[a]! - this.sequences[b]!);
    return places.map((at) => this.groups[at]!);
  }

  private isBefore(a: number, b: number): boolean {
    const order = this.times[a]! - this.times[b]!;
    return order < 0 || (order === 0 && this.sequences[a]! < this.sequences[b]!);
  }

  private swap(a: number, b: number): void {
    for (const list of [this.times, this.sequences, this.groups]) {
      const kept = list[a]!;
      list[a] = list[b]!;
      list[b] = kept;
    }
  }
}

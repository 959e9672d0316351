/**
 * Partial matches by their first row: a binary heap with the very moves of java.util.PriorityQueue,
 * because which of two matches with the same first row comes first shows in the result.
 */

/** A match being made. */
export interface PartialMatch {
  /** State of the automaton. */
  readonly state: number;
  /** Its last row in MatchPaths; NO_STEP before the first. */
  readonly step: number;
  /** Time of its first row, ms. */
  readonly startTime: number;
  /** Number of its first row among the rows taken of its key; Infinity before the first. */
  readonly startSequence: number;
}

export class MatchHeap {
  readonly items: PartialMatch[] = [];

  get size(): number {
    return this.items.length;
  }

  get first(): PartialMatch | undefined {
    return this.items[0];
  }

  add(item: PartialMatch): void {
    const { items } = this;
    let at = items.length;
    items.push(item);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (item.startSequence >= items[parent]!.startSequence) break;
      items[at] = items[parent]!;
      at = parent;
    }
    items[at] = item;
  }

  /** Takes the first away; there must be one. */
  poll(): PartialMatch {
    const first = this.items[0]!;
    const last = this.items.pop()!;
    if (this.items.length > 0) this.siftDown(0, last);
    return first;
  }

  /** Takes those away that the test finds, each given to it once. */
  removeWhere(test: (item: PartialMatch) => boolean): void {
    const kept = this.items.filter((item) => !test(item));
    if (kept.length === this.items.length) return;
    this.items.length = 0;
    this.items.push(...kept);
    for (let at = (kept.length >> 1) - 1; at >= 0; at--) this.siftDown(at, this.items[at]!);
  }

  private siftDown(from: number, item: PartialMatch): void {
    const { items } = this;
    const half = items.length >> 1;
    let at = from;
    while (at < half) {
      let child = 2 * at + 1;
      const right = child + 1;
      if (right < items.length && items[child]!.startSequence > items[right]!.startSequence) {
        child = right;
      }
      if (item.startSequence <= items[child]!.startSequence) break;
      items[at] = items[child]!;
      at = child;
    }
    items[at] = item;
  }
}

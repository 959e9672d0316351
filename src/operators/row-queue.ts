/** Row ids first in, first out. */
export class RowQueue {
  private ids = new Int32Array(4);
  private head = 0;
  private end = 0;

  get length(): number {
    return this.end - this.head;
  }

  at(position: number): number {
    return this.ids[this.head + position]!;
  }

  push(id: number): void {
    if (this.end === this.ids.length) this.makeRoom();
    this.ids[this.end++] = id;
  }

  /** Takes the first; there must be one. */
  shift(): number {
    return this.ids[this.head++]!;
  }

  private makeRoom(): void {
    const { length } = this;
    const ids = length * 2 > this.ids.length ? new Int32Array(this.ids.length * 2) : this.ids;
    ids.set(this.ids.subarray(this.head, this.end));
    this.ids = ids;
    this.head = 0;
    this.end = length;
  }
}

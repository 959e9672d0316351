/**
 * Where a row of a large group stands, by the hash of the columns that name it: a retraction under
 * a key of many rows need not look at all of them. Rows of equal hashes stay in their order.
 */
const NONE = -1;
const FIRST_SLOTS = 128;

/** By row id, shared by all indexes over one store: a row is in one group. */
export class RowLinks {
  hashes = new Uint32Array(0);
  next = new Int32Array(0);
  previous = new Int32Array(0);

  /** Room for so many rows. */
  resize(count: number): void {
    if (count <= this.next.length) return;
    const capacity = Math.max(count, this.next.length * 2);
    const hashes = new Uint32Array(capacity);
    hashes.set(this.hashes);
    this.hashes = hashes;
    this.next = widened(this.next, capacity);
    this.previous = widened(this.previous, capacity);
  }
}

export class RowIndex {
  private heads = new Int32Array(FIRST_SLOTS).fill(NONE);
  private tails = new Int32Array(FIRST_SLOTS).fill(NONE);
  private count = 0;

  constructor(private readonly links: RowLinks) {}

  /** Puts a row behind those of its hash. */
  add(id: number, hash: number): void {
    if (this.count >= this.heads.length) this.grow();
    this.count++;
    this.links.resize(id + 1);
    this.links.hashes[id] = hash;
    this.append(id);
  }

  remove(id: number): void {
    const { next, previous, hashes } = this.links;
    const slot = hashes[id]! & (this.heads.length - 1);
    const before = previous[id]!;
    const after = next[id]!;
    if (before === NONE) this.heads[slot] = after;
    else next[before] = after;
    if (after === NONE) this.tails[slot] = before;
    else previous[after] = before;
    this.count--;
  }

  /** The first row of a hash and the one after a row of it; NONE (-1) = no more. */
  first(hash: number): number {
    return this.sameHash(this.heads[hash & (this.heads.length - 1)]!, hash);
  }

  after(id: number): number {
    return this.sameHash(this.links.next[id]!, this.links.hashes[id]!);
  }

  private sameHash(from: number, hash: number): number {
    const { hashes, next } = this.links;
    let id = from;
    while (id !== NONE && hashes[id] !== hash) id = next[id]!;
    return id;
  }

  private append(id: number): void {
    const { next, previous, hashes } = this.links;
    const slot = hashes[id]! & (this.heads.length - 1);
    const before = this.tails[slot]!;
    previous[id] = before;
    next[id] = NONE;
    if (before === NONE) this.heads[slot] = id;
    else next[before] = id;
    this.tails[slot] = id;
  }

  private grow(): void {
    const { heads } = this;
    this.heads = new Int32Array(heads.length * 2).fill(NONE);
    this.tails = new Int32Array(heads.length * 2).fill(NONE);
    for (const head of heads) {
      for (let id = head; id !== NONE;) {
        const after = this.links.next[id]!;
        this.append(id);
        id = after;
      }
    }
  }
}

function widened(values: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(length);
  wider.set(values);
  return wider;
}

/** A place in the bytes of cells (cell.ts). */
export class CellReader {
  at = 0;
  readonly #bits = new Uint8Array(8);
  readonly #single = new Float32Array(this.#bits.buffer, 0, 1);
  readonly #double = new Float64Array(this.#bits.buffer);

  constructor(readonly bytes: Uint8Array) {}

  byte(): number {
    return this.bytes[this.at++]!;
  }

  /** 16 bits with their sign. */
  half(): number {
    const low = this.byte();
    return ((low | (this.byte() << 8)) << 16) >> 16;
  }

  /** 32 bits with their sign. */
  word(): number {
    const { bytes, at } = this;
    this.at += 4;
    return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
  }

  single(): number {
    for (let i = 0; i < 4; i++) this.#bits[i] = this.byte();
    return this.#single[0]!;
  }

  double(): number {
    for (let i = 0; i < 8; i++) this.#bits[i] = this.byte();
    return this.#double[0]!;
  }
}

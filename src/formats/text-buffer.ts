/** Bytes of text that grow at the end; native/formats/number-text.h has the same. */
export class TextBuffer {
  /** Replaced when it grows. */
  content: Uint8Array;
  /** Bytes in use. */
  end = 0;

  constructor(capacity = 4096) {
    this.content = new Uint8Array(capacity);
  }

  /** Makes room for `count` more bytes; returns where they start. */
  room(count: number): number {
    if (this.end + count > this.content.length) {
      const larger = new Uint8Array(Math.max(this.content.length * 2, this.end + count));
      larger.set(this.content.subarray(0, this.end));
      this.content = larger;
    }
    return this.end;
  }

  byte(value: number): void {
    if (this.end === this.content.length) this.room(1);
    this.content[this.end++] = value;
  }

  bytes(source: Uint8Array): void {
    const at = this.room(source.length);
    const { content } = this;
    if (source.length < 32) {
      for (let i = 0; i < source.length; i++) content[at + i] = source[i]!;
    } else content.set(source, at);
    this.end = at + source.length;
  }

  /** Text of ASCII characters. */
  ascii(text: string): void {
    const at = this.room(text.length);
    for (let i = 0; i < text.length; i++) this.content[at + i] = text.charCodeAt(i);
    this.end = at + text.length;
  }

  /** A whole number below 2^53 in magnitude. */
  integer(value: number): void {
    if (value < 0 || value > 999_999_999) return this.ascii(String(value));
    let digits = 1;
    for (let limit = 10; value >= limit; limit *= 10) digits++;
    const at = this.room(digits);
    let rest = value;
    for (let i = at + digits - 1; i >= at; i--) {
      const next = (rest / 10) | 0;
      this.content[i] = 48 + rest - next * 10;
      rest = next;
    }
    this.end = at + digits;
  }

  /** 0 to 99, with a leading zero. */
  twoDigits(value: number): void {
    const tens = (value / 10) | 0;
    this.byte(48 + tens);
    this.byte(48 + value - tens * 10);
  }

  /** The bytes in use, to keep. */
  take(): Uint8Array {
    return this.content.slice(0, this.end);
  }
}

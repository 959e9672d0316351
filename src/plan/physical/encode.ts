/**
 * The binary form of a physical plan, and of any plain value in it.
 *
 *     plan   = "MRPL" u16 version  value
 *     value  = tag byte, then by tag:
 *       0 null | 1 false | 2 true
 *       3 integer     zigzag LEB128 of an int64
 *       4 double      8 bytes
 *       5 string      LEB128 byte length, UTF-8
 *       6 bytes       LEB128 byte length, bytes
 *       7 list        LEB128 count, values
 *       8 map         LEB128 count, (string without tag, value) pairs
 *       9 int128      16 bytes, two's complement
 *
 * All little-endian. Members that are undefined are left out. A number that is an integer below
 * 2^53 is written as an integer, any other as a double; a decoder accepts either for a double.
 */
import { PLAN_VERSION, type PhysicalPlan, type PlanValue } from './plan.js';

export const TAG = {
  null: 0,
  false: 1,
  true: 2,
  integer: 3,
  double: 4,
  string: 5,
  bytes: 6,
  list: 7,
  map: 8,
  int128: 9,
} as const;

export const PLAN_MAGIC = 'MRPL';

const MIN_I64 = -(1n << 63n);
const MAX_I64 = (1n << 63n) - 1n;
const TEXT = new TextEncoder();

/** Grows by doubling; nothing is copied until the end. */
class ByteWriter {
  private bytes = new Uint8Array(1024);
  private view = new DataView(this.bytes.buffer);
  private end = 0;

  byte(value: number): void {
    this.room(1);
    this.bytes[this.end++] = value;
  }

  u16(value: number): void {
    this.room(2);
    this.view.setUint16(this.end, value, true);
    this.end += 2;
  }

  double(value: number): void {
    this.room(8);
    this.view.setFloat64(this.end, value, true);
    this.end += 8;
  }

  /** A count, or a small number. */
  count(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.byte(rest);
  }

  unsigned(value: bigint): void {
    let rest = value;
    while (rest >= 0x80n) {
      this.byte(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    this.byte(Number(rest));
  }

  raw(bytes: Uint8Array): void {
    this.room(bytes.length);
    this.bytes.set(bytes, this.end);
    this.end += bytes.length;
  }

  text(value: string): void {
    if (this.asciiText(value)) return;
    const bytes = TEXT.encode(value);
    this.count(bytes.length);
    this.raw(bytes);
  }

  /** Names and most texts: written in place. False, and nothing is written: it is not ASCII. */
  private asciiText(value: string): boolean {
    const { length } = value;
    const { end: begin } = this;
    this.count(length);
    this.room(length);
    const { bytes, end } = this;
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i);
      if (code > 0x7f) {
        this.end = begin;
        return false;
      }
      bytes[end + i] = code;
    }
    this.end += length;
    return true;
  }

  finish(): Uint8Array {
    return this.bytes.slice(0, this.end);
  }

  private room(count: number): void {
    if (this.end + count <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.end + count));
    larger.set(this.bytes);
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }
}

export function encodePlan(plan: PhysicalPlan): Uint8Array {
  const writer = new ByteWriter();
  writer.raw(TEXT.encode(PLAN_MAGIC));
  writer.u16(PLAN_VERSION);
  writeValue(writer, plan as unknown as PlanValue);
  return writer.finish();
}

/** The bytes of one value, without the plan's header. */
export function encodeValue(value: PlanValue): Uint8Array {
  const writer = new ByteWriter();
  writeValue(writer, value);
  return writer.finish();
}

function writeValue(writer: ByteWriter, value: PlanValue): void {
  if (value === null) writer.byte(TAG.null);
  else if (typeof value === 'boolean') writer.byte(value ? TAG.true : TAG.false);
  else if (typeof value === 'number') writeNumber(writer, value);
  else if (typeof value === 'bigint') writeInteger(writer, value);
  else if (typeof value === 'string') {
    writer.byte(TAG.string);
    writer.text(value);
  } else if (value instanceof Uint8Array) {
    writer.byte(TAG.bytes);
    writer.count(value.length);
    writer.raw(value);
  } else if (isList(value)) {
    writer.byte(TAG.list);
    writer.count(value.length);
    for (const item of value) writeValue(writer, item);
  } else writeMap(writer, value);
}

function isList(value: PlanValue): value is readonly PlanValue[] {
  return Array.isArray(value);
}

/** Numbers from -2^30 to 2^30 - 1 fit the 31 bits that a zigzag leaves to an int32. */
const MAX_SMALL = 2 ** 30 - 1;

function writeNumber(writer: ByteWriter, value: number): void {
  if (Math.abs(value) <= MAX_SMALL && Number.isInteger(value) && !Object.is(value, -0)) {
    writer.byte(TAG.integer);
    writer.count(value >= 0 ? value * 2 : -value * 2 - 1);
    return;
  }
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
    writeInteger(writer, BigInt(value));
    return;
  }
  writer.byte(TAG.double);
  writer.double(value);
}

function writeInteger(writer: ByteWriter, value: bigint): void {
  if (value < MIN_I64 || value > MAX_I64) {
    writer.byte(TAG.int128);
    const bytes = new Uint8Array(16);
    const view = new DataView(bytes.buffer);
    view.setBigInt64(0, BigInt.asIntN(64, value), true);
    view.setBigInt64(8, BigInt.asIntN(64, value >> 64n), true);
    writer.raw(bytes);
    return;
  }
  writer.byte(TAG.integer);
  writer.unsigned(BigInt.asUintN(64, (value << 1n) ^ (value >> 63n)));
}

function writeMap(writer: ByteWriter, value: { readonly [name: string]: PlanValue }): void {
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  writer.byte(TAG.map);
  writer.count(entries.length);
  for (const [name, member] of entries) {
    writer.text(name);
    writeValue(writer, member);
  }
}

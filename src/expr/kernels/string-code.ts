/** Strings as codes: CHR, HEX, UNHEX, BIN, base 64, digests. */
import { createHash } from 'node:crypto';
import { type Column, readBigI64, setNull } from '../../batch/column.js';
import { bytesAt, HeapBuilder } from '../../batch/strings.js';
import { type KernelFamily, KernelError, type KernelFunction, propagating } from '../kernel.js';

/** Text made from the bytes of a row; `row` is for errors. */
type Encode = (bytes: Uint8Array, row: number) => string | Uint8Array | null;

function encoding(encode: Encode): KernelFunction {
  return (columns, selection, count, out) => {
    const source = columns[0]!;
    const heap = new HeapBuilder(count * 32);
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      const result = encode(bytesAt(source, row), row);
      if (result === null) setNull(out, row);
      else put(result, row, out, heap);
    }
    out.heap = heap.finish();
  };
}

function put(result: string | Uint8Array, row: number, out: Column, heap: HeapBuilder): void {
  out.starts[row] = typeof result === 'string' ? heap.appendText(result)
    : heap.append(result, 0, result.length);
  out.lengths[row] = heap.end - out.starts[row]!;
}

/** Text made from a BIGINT. */
function fromBigint(encode: (value: bigint) => string): KernelFunction {
  return (columns, selection, count, out) => {
    const source = columns[0]!;
    const heap = new HeapBuilder(count * 16);
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      const value = readBigI64(source.values as Int32Array, source.constant ? 0 : row);
      put(encode(value), row, out, heap);
    }
    out.heap = heap.finish();
  };
}

/** The character of the lowest byte; of a negative number the empty string. */
function chr(value: bigint): string {
  return value < 0n ? '' : String.fromCharCode(Number(value & 0xffn));
}

const unsignedText = (radix: number) => (value: bigint): string =>
  BigInt.asUintN(64, value).toString(radix).toUpperCase();

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex').toUpperCase();
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** Pairs of digits from the end; a first digit without a partner counts for nothing. */
function fromHex(text: Uint8Array): Uint8Array | null {
  const bytes = new Uint8Array((text.length + 1) >> 1);
  let to = bytes.length;
  for (let i = text.length - 2; i >= 0; i -= 2) {
    const high = hexDigit(text[i]!);
    const low = hexDigit(text[i + 1]!);
    if (high < 0 || low < 0) return null;
    bytes[--to] = (high << 4) | low;
  }
  return text.length % 2 === 1 && hexDigit(text[0]!) < 0 ? null : bytes;
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Padding may be missing, but not be wrong. */
function fromBase64(bytes: Uint8Array, row: number): Uint8Array {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const digits = text.replace(/=+$/, '').length;
  const padded = text.length > digits;
  if (!BASE64.test(text) || digits % 4 === 1 || (padded && text.length % 4 !== 0)) {
    throw new KernelError('MR3006', 'text is not base 64', row);
  }
  return Buffer.from(text, 'base64');
}

const digest = (algorithm: string): KernelFunction =>
  encoding((bytes) => createHash(algorithm).update(bytes).digest('hex'));

const DIGESTS: ReadonlyMap<number, string> = new Map([
  [224, 'sha224'], [256, 'sha256'], [384, 'sha384'], [512, 'sha512'],
]);

/** SHA2(text, bits). */
function sha2(
  columns: readonly Column[], selection: Int32Array | null, count: number, out: Column,
): void {
  const [source, bits] = columns as readonly [Column, Column];
  const heap = new HeapBuilder(count * 64);
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    const algorithm = DIGESTS.get(bits.values[bits.constant ? 0 : row]!);
    if (algorithm === undefined) throw new KernelError('MR3006', 'bits of SHA2', row);
    put(createHash(algorithm).update(bytesAt(source, row)).digest('hex'), row, out, heap);
  }
  out.heap = heap.finish();
}

export const stringCodeKernels: KernelFamily = {
  chr: propagating(fromBigint(chr)),
  hex_text: propagating(encoding(toHex)),
  hex_number: propagating(fromBigint(unsignedText(16))),
  bin: propagating(fromBigint(unsignedText(2))),
  unhex: propagating(encoding(fromHex)),
  to_base64: propagating(encoding(toBase64)),
  from_base64: propagating(encoding(fromBase64)),
  md5: propagating(digest('md5')),
  sha1: propagating(digest('sha1')),
  sha224: propagating(digest('sha224')),
  sha256: propagating(digest('sha256')),
  sha384: propagating(digest('sha384')),
  sha512: propagating(digest('sha512')),
  sha2: propagating(sha2),
};

/** ENCODE and DECODE: strings as bytes of a character set of Java's standard ones. */
import type { Column } from '../../batch/column.js';
import { bytesAt, encodeText, HeapBuilder, textAt } from '../../batch/strings.js';
import { type KernelFamily, KernelError, propagating } from '../kernel.js';

type Charset = 'utf8' | 'ascii' | 'latin1' | 'utf16' | 'utf16be' | 'utf16le';

const NAMES: ReadonlyMap<string, Charset> = new Map([
  ['utf8', 'utf8'], ['utf-8', 'utf8'], ['us-ascii', 'ascii'], ['ascii', 'ascii'],
  ['iso-8859-1', 'latin1'], ['iso8859_1', 'latin1'], ['latin1', 'latin1'], ['utf-16', 'utf16'],
  ['utf16', 'utf16'], ['utf-16be', 'utf16be'], ['utf-16le', 'utf16le'],
]);

function charsetAt(column: Column, row: number): Charset {
  const name = textAt(column, row);
  const charset = NAMES.get(name.toLowerCase());
  if (charset === undefined) throw new KernelError('MR3006', `character set ${name}`, row);
  return charset;
}

function encode(text: string, charset: Charset): Uint8Array {
  switch (charset) {
    case 'utf8':
      return encodeText(text);
    case 'utf16':
      return text === '' ? new Uint8Array(0) : Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
    case 'utf16be':
      return Buffer.from(text, 'utf16le').swap16();
    case 'utf16le':
      return Buffer.from(text, 'utf16le');
    default: {
      const limit = charset === 'ascii' ? 0x80 : 0x100;
      return Uint8Array.from(Array.from(text, (letter) => {
        const point = letter.codePointAt(0)!;
        return point < limit ? point : 0x3f;
      }));
    }
  }
}

function decode(bytes: Uint8Array, charset: Charset): string {
  switch (charset) {
    case 'utf8':
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    case 'utf16': {
      const isLittle = bytes[0] === 0xff && bytes[1] === 0xfe;
      const isMarked = isLittle || (bytes[0] === 0xfe && bytes[1] === 0xff);
      return decode(isMarked ? bytes.subarray(2) : bytes, isLittle ? 'utf16le' : 'utf16be');
    }
    case 'utf16be': {
      const swapped = Buffer.from(bytes.subarray(0, bytes.length & ~1)).swap16();
      const text = decode(swapped, 'utf16le');
      return bytes.length % 2 === 0 ? text : `${text}\ufffd`;
    }
    case 'utf16le':
      return new TextDecoder('utf-16le', { ignoreBOM: true }).decode(bytes);
    default:
      return Array.from(bytes, (byte) => (byte < 0x80 || charset === 'latin1'
        ? String.fromCharCode(byte) : '\ufffd')).join('');
  }
}

export const charsetKernels: KernelFamily = {
  encode: propagating(([texts, charsets], selection, count, out) => {
    const heap = new HeapBuilder(count * 16);
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      const bytes = encode(textAt(texts!, row), charsetAt(charsets!, row));
      out.starts[row] = heap.append(bytes, 0, bytes.length);
      out.lengths[row] = bytes.length;
    }
    out.heap = heap.finish();
  }),
  decode: propagating(([values, charsets], selection, count, out) => {
    const heap = new HeapBuilder(count * 16);
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      const text = decode(bytesAt(values!, row), charsetAt(charsets!, row));
      out.starts[row] = heap.appendText(text);
      out.lengths[row] = heap.end - out.starts[row]!;
    }
    out.heap = heap.finish();
  }),
};

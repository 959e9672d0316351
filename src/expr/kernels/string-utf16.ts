/**
 * LPAD, RPAD, OVERLAY, TRANSLATE: Flink computes them on Java strings, so positions count UTF-16
 * units, and half a surrogate pair becomes `?`.
 */
import { type Column, readI64, setNull } from '../../batch/column.js';
import { HeapBuilder, textAt } from '../../batch/strings.js';
import {
  type KernelFamily, KernelError, type KernelFunction, ownNulls, propagating,
} from '../kernel.js';

/** Units a padded string may have. */
const MAX_PADDED_UNITS = 1 << 28;

type Pad = (base: string, length: number, pad: string) => string;

/** Pads or cuts to a length; a negative length or an empty pad gives NULL. */
function padding(pad: Pad): KernelFunction {
  return (columns, selection, count, out) => {
    const [base, size, filler] = columns as readonly [Column, Column, Column];
    const sizes = size.values as Int32Array;
    const heap = new HeapBuilder(count * 16);
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      const length = sizes[size.constant ? 0 : row]!;
      const text = textAt(filler, row);
      if (length < 0 || text === '') {
        setNull(out, row);
        continue;
      }
      if (length > MAX_PADDED_UNITS) throw new KernelError('MR3005', `pad to ${length}`, row);
      out.starts[row] = heap.appendText(pad(textAt(base, row), length, text));
      out.lengths[row] = heap.end - out.starts[row]!;
    }
    out.heap = heap.finish();
  };
}

const padLeft: Pad = (base, length, pad) => {
  const room = Math.max(0, length - base.length);
  return pad.repeat(Math.ceil(room / pad.length)).slice(0, room) + base.slice(0, length);
};

const padRight: Pad = (base, length, pad) => {
  const room = Math.max(0, length - base.length);
  return base.slice(0, length) + pad.repeat(Math.ceil(room / pad.length)).slice(0, room);
};

/** OVERLAY(text, replacement, start [, length]); a start outside the text changes nothing. */
function overlay(
  columns: readonly Column[], selection: Int32Array | null, count: number, out: Column,
): void {
  const [source, replacement, start, size] = columns;
  const heap = new HeapBuilder(count * 16);
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    const text = textAt(source!, row);
    const placed = textAt(replacement!, row);
    const from = readI64(start!.values as Int32Array, start!.constant ? 0 : row);
    const length = size === undefined ? placed.length
      : readI64(size.values as Int32Array, size.constant ? 0 : row);
    out.starts[row] = heap.appendText(overlaid(text, placed, from, length));
    out.lengths[row] = heap.end - out.starts[row]!;
  }
  out.heap = heap.finish();
}

/** The rest behind the replaced part is kept only where that part ends inside the text. */
function overlaid(text: string, placed: string, start: number, length: number): string {
  if (start <= 0 || start > text.length) return text;
  const head = text.slice(0, start - 1) + placed;
  return start + length <= text.length && length > 0 ? head + text.slice(start - 1 + length) : head;
}

/**
 * TRANSLATE(text, from, to): each character of `from` becomes its partner, or goes. A NULL `from`
 * changes nothing, a NULL `to` is empty.
 */
function translate(
  columns: readonly Column[], selection: Int32Array | null, count: number, out: Column,
): void {
  const [source, from, to] = columns as readonly [Column, Column, Column];
  const heap = new HeapBuilder(count * 16);
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    if (source.isNull(row)) {
      setNull(out, row);
      continue;
    }
    const [search, partners] = [from, to].map((column) =>
      (column.isNull(row) ? '' : textAt(column, row))) as [string, string];
    out.starts[row] = heap.appendText(translated(textAt(source, row), search, partners));
    out.lengths[row] = heap.end - out.starts[row]!;
  }
  out.heap = heap.finish();
}

function translated(text: string, from: string, to: string): string {
  if (from === '') return text;
  const fromPoints = [...from];
  const toPoints = [...to];
  let result = '';
  for (const point of text) {
    const index = fromPoints.indexOf(point);
    result += index < 0 ? point : toPoints[index] ?? '';
  }
  return result;
}

export const stringUtf16Kernels: KernelFamily = {
  lpad: propagating(padding(padLeft)),
  rpad: propagating(padding(padRight)),
  overlay: propagating(overlay),
  translate: ownNulls(() => translate),
};

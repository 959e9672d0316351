/** INET_ATON, INET_NTOA. */
import { type Column, readI64, setNull, writeI64 } from '../../batch/column.js';
import { HeapBuilder, textAt } from '../../batch/strings.js';
import { type KernelFamily, propagating } from '../kernel.js';
import { indexIn } from '../loop.js';

/** a, a.d, a.b.d and a.b.c.d, each at most 255; the last part is the lowest byte. */
function addressOf(text: string): number | null {
  const parts = text.split('.');
  if (parts.length > 4) return null;
  let address = 0;
  for (const [i, part] of parts.entries()) {
    if (!/^[0-9]+$/.test(part) || Number(part) > 255) return null;
    const isLast = i === parts.length - 1;
    address += Number(part) * (isLast ? 1 : 256 ** (3 - i));
  }
  return address;
}

function inetAton(
  columns: readonly Column[], selection: Int32Array | null, count: number, out: Column,
): void {
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    const address = addressOf(textAt(columns[0]!, row));
    if (address === null) setNull(out, row);
    else writeI64(out.values as Int32Array, row, address);
  }
}

function inetNtoa(
  columns: readonly Column[], selection: Int32Array | null, count: number, out: Column,
): void {
  const heap = new HeapBuilder(count * 16);
  const words = columns[0]!.values as Int32Array;
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    const address = readI64(words, indexIn(columns[0]!, row));
    if (address < 0 || address > 0xffffffff) {
      setNull(out, row);
      continue;
    }
    const parts = [24, 16, 8, 0].map((shift) => (address >>> shift) & 255);
    out.starts[row] = heap.appendText(parts.join('.'));
    out.lengths[row] = heap.end - out.starts[row]!;
  }
  out.heap = heap.finish();
}

export const inetKernels: KernelFamily = {
  inet_aton: propagating(inetAton),
  inet_ntoa: propagating(inetNtoa),
};

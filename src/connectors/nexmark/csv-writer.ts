/** Nexmark events as lines of CSV: event_type, then the members of the event's kind. */
import type { Batch } from '../../batch/batch.js';
import { readI64, type Column } from '../../batch/column.js';
import { dateText } from '../../types/temporal-text.js';
import { TextBuffer } from '../../formats/text-buffer.js';

const COMMA = 44;
const QUOTE = 34;
const MS_A_DAY = 86_400_000;

export class CsvWriter {
  /** Appends one event, without a line end. */
  encode(batch: Batch, row: number, out: TextBuffer): void {
    const kind = batch.columns[0]!.values[row]!;
    out.integer(kind);
    for (const column of batch.columns[kind + 1]!.children) {
      out.byte(COMMA);
      value(out, column, row);
    }
  }
}

function value(out: TextBuffer, column: Column, row: number): void {
  if (column.physical === 'string') text(out, column, row);
  else if (column.type.root === 'BIGINT') out.integer(readI64(column.values as Int32Array, row));
  else timestamp(out, readI64(column.values as Int32Array, row));
}

/** Quoted where it holds a comma, a quote or a backslash, or is empty. */
function text(out: TextBuffer, column: Column, row: number): void {
  const start = column.starts[row]!;
  const end = start + column.lengths[row]!;
  const { heap } = column;
  let isPlain = end > start;
  for (let i = start; i < end && isPlain; i++) {
    const code = heap[i]!;
    isPlain = code !== COMMA && code !== QUOTE && code !== 92 && code >= 32;
  }
  if (!isPlain) out.byte(QUOTE);
  out.bytes(heap.subarray(start, end));
  if (!isPlain) out.byte(QUOTE);
}

function timestamp(out: TextBuffer, millis: number): void {
  const days = Math.floor(millis / MS_A_DAY);
  const ofDay = millis - days * MS_A_DAY;
  const second = Math.floor(ofDay / 1000);
  out.ascii(dateText(days));
  out.byte(32);
  out.twoDigits(Math.floor(second / 3600));
  out.byte(58);
  out.twoDigits(Math.floor(second / 60) % 60);
  out.byte(58);
  out.twoDigits(second % 60);
  out.ascii(`.${String(ofDay % 1000).padStart(3, '0')}`);
}

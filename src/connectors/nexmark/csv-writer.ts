/**
 * Nexmark events as Flink's csv format prints them: event_type, person, auction and bid, a row
 * being its members with ';' between, in quotes; absent ones are empty.
 * native/sources/nexmark-text.cpp does the same in C++.
 */
import type { Batch } from '../../batch/batch.js';
import { readI64, type Column } from '../../batch/column.js';
import { encodeText } from '../../batch/strings.js';
import type { TextBuffer } from '../../formats/text-buffer.js';
import { dateText } from '../../types/temporal-text.js';

const COMMA = 44;
const QUOTE = 34;
const SEMICOLON = 59;
const MS_A_DAY = 86_400_000;

export class CsvWriter {
  #dateDays = NaN;
  #date = encodeText('');

  /** Appends one event, without a line end. */
  encode(batch: Batch, row: number, out: TextBuffer): void {
    const kind = batch.columns[0]!.values[row]!;
    out.integer(kind);
    for (let other = 0; other < 3; other++) {
      out.byte(COMMA);
      if (other === kind) this.#members(batch.columns[kind + 1]!.children, row, out);
    }
  }

  #members(columns: readonly Column[], row: number, out: TextBuffer): void {
    out.byte(QUOTE);
    columns.forEach((column, i) => {
      if (i > 0) out.byte(SEMICOLON);
      if (column.physical === 'string') {
        const start = column.starts[row]!;
        // No text of the model holds a quote.
        out.bytes(column.heap.subarray(start, start + column.lengths[row]!));
        return;
      }
      const value = readI64(column.values as Int32Array, row);
      if (column.type.root === 'BIGINT') out.integer(value);
      else this.#timestamp(value, out);
    });
    out.byte(QUOTE);
  }

  #timestamp(millis: number, out: TextBuffer): void {
    const days = Math.floor(millis / MS_A_DAY);
    const ofDay = millis - days * MS_A_DAY;
    const second = Math.floor(ofDay / 1000);
    if (days !== this.#dateDays) {
      this.#dateDays = days;
      this.#date = encodeText(`${dateText(days)} `);
    }
    out.bytes(this.#date);
    out.twoDigits(Math.floor(second / 3600));
    out.byte(58);
    out.twoDigits(Math.floor(second / 60) % 60);
    out.byte(58);
    out.twoDigits(second % 60);
    out.byte(46);
    out.byte(48 + Math.floor((ofDay % 1000) / 100));
    out.twoDigits(ofDay % 100);
  }
}

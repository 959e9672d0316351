/** PRINTF: texts as java.util.Formatter makes them. What Java refuses is NULL. */
import { type Column, readBigI64, setNull } from '../../batch/column.js';
import { readI128 } from '../../batch/int128.js';
import { HeapBuilder, textAt } from '../../batch/strings.js';
import { decimalText, floatText } from '../../types/number-text.js';
import { temporalText } from '../../types/temporal-text.js';
import {
  BadFormat, type Conversion, parseFormat, type Piece, UnsupportedConversion,
} from '../printf/format.js';
import { formatValue, type PrintfValue } from '../printf/values.js';
import { KernelError, type KernelFamily, type KernelFunction, ownNulls } from '../kernel.js';

/** The pieces of the last format; null: Java refuses it. */
class LastFormat {
  #text: string | undefined;
  #pieces: readonly Piece[] | null = null;

  of(text: string, row: number): readonly Piece[] | null {
    if (text === this.#text) return this.#pieces;
    try {
      this.#pieces = parseFormat(text);
    } catch (error) {
      if (error instanceof UnsupportedConversion) {
        throw new KernelError('MR2100', `PRINTF with ${error.message}`, row);
      }
      if (!(error instanceof BadFormat)) throw error;
      this.#pieces = null;
    }
    this.#text = text;
    return this.#pieces;
  }
}

function printf(): KernelFunction {
  const format = new LastFormat();
  return (columns, selection, count, out) => {
    const heap = new HeapBuilder(count * 16);
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      const pieces = columns[0]!.isNull(row) ? null : format.of(textAt(columns[0]!, row), row);
      const text = pieces === null ? null : printed(pieces, columns, row);
      if (text === null) {
        setNull(out, row);
        continue;
      }
      out.starts[row] = heap.appendText(text);
      out.lengths[row] = heap.end - out.starts[row]!;
    }
    out.heap = heap.finish();
  };
}

/** The text of a row; null where Java refuses an argument. */
function printed(pieces: readonly Piece[], columns: readonly Column[], row: number): string | null {
  let text = '';
  let ordinary = 0;
  let last = 0;
  try {
    for (const piece of pieces) {
      if (typeof piece === 'string' || piece.letter === '%' || piece.letter === 'n') {
        text += typeof piece === 'string' ? piece : sign(piece);
        continue;
      }
      if (piece.argument >= 0) last = piece.argument === 0 ? ++ordinary : piece.argument;
      const column = last === 0 ? undefined : columns[last];
      if (column === undefined) return null;
      text += formatValue(piece, valueOf(column, row));
    }
  } catch (error) {
    if (error instanceof BadFormat) return null;
    throw error;
  }
  return text;
}

const sign = ({ letter, flags, width }: Conversion): string =>
  (letter === 'n' ? '\n' : flags.has('-') ? '%'.padEnd(width) : '%'.padStart(width));

const BITS = { TINYINT: 8, SMALLINT: 16, INTEGER: 32, BIGINT: 64 } as const;

/** Dates and times are their numbers of days and milliseconds, as Flink holds them. */
function valueOf(column: Column, row: number): PrintfValue | null {
  if (column.isNull(row)) return null;
  const at = column.constant ? 0 : row;
  const { type } = column;
  switch (type.root) {
    case 'BOOLEAN': {
      const value = column.values[at] !== 0;
      return { kind: 'boolean', value, text: String(value) };
    }
    case 'BIGINT':
    case 'INTERVAL_DAY_TIME':
      return integer(readBigI64(column.values as Int32Array, at), 64);
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER': return integer(BigInt(column.values[at]!), BITS[type.root]);
    case 'DATE':
    case 'TIME':
    case 'INTERVAL_YEAR_MONTH': return integer(BigInt(column.values[at]!), 32);
    case 'FLOAT':
    case 'DOUBLE': {
      const value = column.values[at]!;
      return { kind: 'real', value, text: floatText(value, type.root === 'FLOAT') };
    }
    case 'DECIMAL':
      return other(decimalText(readI128(column.values as Int32Array, at), type.scale ?? 0));
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ': {
      const ticks = readBigI64(column.values as Int32Array, at);
      return other(temporalText(ticks, { ...type, root: 'TIMESTAMP' }));
    }
    default: return other(textAt(column, row));
  }
}

const integer = (value: bigint, bits: number): PrintfValue =>
  ({ kind: 'integer', value, bits, text: String(value) });

const other = (text: string): PrintfValue => ({ kind: 'other', text });

export const printfKernels: KernelFamily = { printf: ownNulls(printf) };

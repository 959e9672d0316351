/**
 * CHAR and VARCHAR to the other scalar types: src/types/parse-text.ts says which texts are taken.
 * What is not taken fails with MR3001, or is NULL for TRY_CAST.
 */
import { setNull, writeBigI64, type Column } from '../../batch/column.js';
import { writeI128 } from '../../batch/int128.js';
import { textAt } from '../../batch/strings.js';
import {
  ticksPerSecond, typeToString, withNullable, type DataType,
} from '../../types/data-type.js';
import { isCharacter } from '../../types/merging.js';
import {
  parseBoolean, parseDate, parseDecimal, parseDouble, parseInteger, parseTime, parseTimestamp,
} from '../../types/parse-text.js';
import { type CallSite, KernelError, type KernelFunction } from '../kernel.js';
import { siteZone, tickStep, timeStep } from './cast-time.js';

/** The value in physical form; null where the text is not taken. */
type Parser = (text: string) => number | bigint | boolean | null;

/** The loop for this pair; null if the source is no string or the target not known. */
export function fromTextCast(site: CallSite): KernelFunction | null {
  const from = site.argumentTypes[0];
  if (from === undefined || !isCharacter(from)) return null;
  const parse = parserOf(site, site.resultType);
  return parse === null ? null : parseLoop(site, parse);
}

function parserOf(site: CallSite, to: DataType): Parser | null {
  switch (to.root) {
    case 'BOOLEAN':
      return parseBoolean;
    case 'TINYINT':
      return integerParser(8);
    case 'SMALLINT':
      return integerParser(16);
    case 'INTEGER':
      return integerParser(32);
    case 'BIGINT':
      return integerParser(64);
    case 'FLOAT':
    case 'DOUBLE':
      return parseDouble;
    case 'DECIMAL': {
      const shape = { precision: to.precision ?? 10, scale: to.scale ?? 0 };
      return (text) => parseDecimal(text, shape);
    }
    default:
      return timeParser(site, to);
  }
}

function integerParser(bits: number): Parser {
  const limit = 1n << BigInt(bits - 1);
  return (text) => parseInteger(text, -limit, limit - 1n);
}

function timeParser(site: CallSite, to: DataType): Parser | null {
  switch (to.root) {
    case 'DATE':
      return parseDate;
    case 'TIME': {
      const step = timeStep(to);
      return (text) => {
        const ms = parseTime(text);
        return ms === null ? null : ms - (ms % step);
      };
    }
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return timestampParser(site, to);
    default:
      return null;
  }
}

/** Digits beyond the precision are cut; null where the ticks do not fit 64 bits. */
function timestampParser(site: CallSite, to: DataType): Parser {
  const perSecond = ticksPerSecond(to.precision ?? 6);
  const nanosPerTick = 1_000_000_000 / perSecond;
  const step = tickStep(to);
  const zone = to.root === 'TIMESTAMP_LTZ' ? siteZone(site) : null;
  return (text) => {
    const time = parseTimestamp(text);
    if (time === null) return null;
    const seconds = zone === null ? time.seconds
      : Math.floor(zone.toUtc(time.seconds * 1000) / 1000);
    const fraction = Math.floor(time.nanos / nanosPerTick);
    const ticks = BigInt(seconds) * BigInt(perSecond) + BigInt(fraction - (fraction % step));
    return BigInt.asIntN(64, ticks) === ticks ? ticks : null;
  };
}

function parseLoop(site: CallSite, parse: Parser): KernelFunction {
  const isTry = site.options['try'] === true;
  const typeText = typeToString(withNullable(site.resultType, true));
  return (columns, selection, count, out) => {
    const a = columns[0]!;
    for (let n = 0; n < count; n++) {
      const row = selection === null ? n : selection[n]!;
      const text = textAt(a, row);
      const value = parse(text);
      if (value !== null) store(value, out, row);
      else if (isTry) setNull(out, row);
      else throw new KernelError('MR3001', `${text} to ${typeText}`, row);
    }
  };
}

function store(value: number | bigint | boolean, out: Column, row: number): void {
  if (typeof value !== 'bigint') out.values[row] = Number(value);
  else if (out.physical === 'i128') writeI128(out.values as Int32Array, row, value);
  else if (out.physical === 'i64') writeBigI64(out.values as Int32Array, row, value);
  else out.values[row] = Number(value);
}

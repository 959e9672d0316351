/** HASH_CODE: Java's hashCode of numbers, texts and times. */
import { type Column, readBigI64 } from '../../batch/column.js';
import { readI128 } from '../../batch/int128.js';
import { textAt } from '../../batch/strings.js';
import { type SplitTicks, splitTicks, ticksPerMs } from '../../batch/ticks.js';
import { type KernelFamily, type KernelFunction, propagating } from '../kernel.js';

/** The hash of a row's value; what it returns is cut to 32 bits. */
type Hash = (row: number) => number;

const scratch = new DataView(new ArrayBuffer(8));

/** Long.hashCode */
function hashLong(value: bigint): number {
  return Number(BigInt.asIntN(32, value ^ (value >> 32n)));
}

/** There is one NaN. */
function hashDouble(value: number): number {
  scratch.setFloat64(0, Number.isNaN(value) ? Number.NaN : value);
  return scratch.getInt32(0) ^ scratch.getInt32(4);
}

function hashFloat(value: number): number {
  scratch.setFloat32(0, Number.isNaN(value) ? Number.NaN : value);
  return scratch.getInt32(0);
}

/** BigDecimal.hashCode: the words of the magnitude, highest first, then the scale. */
function hashDecimal(value: bigint, scale: number): number {
  const magnitude = value < 0n ? -value : value;
  let hash = 0;
  for (let shift = 96n; shift >= 0n; shift -= 32n) {
    hash = (Math.imul(31, hash) + Number(BigInt.asIntN(32, magnitude >> shift))) | 0;
  }
  return Math.imul(31, value < 0n ? -hash : hash) + scale;
}

/** String.hashCode without its sign. */
function hashText(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(31, hash) + text.charCodeAt(i)) | 0;
  return Math.abs(hash);
}

/** TimestampData.hashCode: the milliseconds, then the nanoseconds behind them. */
function hashTimestamp(column: Column): Hash {
  const perMs = ticksPerMs(column.type);
  const nanosPerTick = 1_000_000 / perMs;
  const split: SplitTicks = { ms: 0, rest: 0 };
  return (row) => {
    splitTicks(column.values as Int32Array, row, perMs, split);
    return Math.imul(31, hashLong(BigInt(split.ms))) + split.rest * nanosPerTick;
  };
}

function hashOf(column: Column): Hash {
  const values = column.values as Int32Array;
  switch (column.type.root) {
    case 'BOOLEAN': return (row) => (values[row] !== 0 ? 1231 : 1237);
    case 'BIGINT': return (row) => hashLong(readBigI64(values, row));
    case 'FLOAT': return (row) => hashFloat(values[row]!);
    case 'DOUBLE': return (row) => hashDouble(values[row]!);
    case 'DECIMAL': return (row) => hashDecimal(readI128(values, row), column.type.scale ?? 0);
    case 'CHAR': case 'VARCHAR': return (row) => hashText(textAt(column, row));
    case 'TIMESTAMP': return hashTimestamp(column);
    default: return (row) => values[row]!;
  }
}

const hashCode: KernelFunction = ([source], selection, count, out) => {
  const hash = hashOf(source!);
  const to = out.values as Int32Array;
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    to[row] = hash(source!.constant ? 0 : row) | 0;
  }
};

export const hashCodeKernels: KernelFamily = { hash_code: propagating(hashCode) };

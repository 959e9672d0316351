/**
 * The two ways to compute on the BIGINT columns of the TypeScript engine, whose bytes are pairs of
 * 32-bit words: on the words, or through a BigInt64Array over them (what the kernels do).
 * `npx tsx bench/kernels/bigint-form.ts` prints nanoseconds of CPU a row, the best of 60 runs
 * over 1 M rows.
 */
import { readBigI64, readI64, writeBigI64, writeI64 } from '../../src/batch/column.js';
import { isSmallI64 } from '../../src/expr/i64.js';
import { arithmeticKernels } from '../../src/expr/kernels/arithmetic.js';
import { comparisonKernels } from '../../src/expr/kernels/comparison.js';
import { Column } from '../../src/batch/column.js';
import { BIGINT, BOOLEAN } from '../../src/types/data-type.js';

const ROWS = 1 << 20;

function words(value: (row: number) => bigint): Int32Array {
  const values = new Int32Array(2 * ROWS);
  for (let row = 0; row < ROWS; row++) writeBigI64(values, row, value(row));
  return values;
}

const column = (values: Int32Array): Column => new Column(BIGINT, ROWS, values);

const small = [
  words((row) => BigInt(row) * 1_000_003n), words((row) => BigInt((row % 977) + 1)),
] as const;
const large = [
  words((row) => (1n << 60n) + BigInt(row)), words((row) => BigInt(row)),
] as const;
const asBig = (values: Int32Array): BigInt64Array => new BigInt64Array(values.buffer);

const context = { nowMs: 0, zone: 'UTC' };
const site = { options: {}, argumentTypes: [BIGINT, BIGINT] };
const add = arithmeticKernels['add']!.compile({ ...site, resultType: BIGINT });
const less = comparisonKernels['less']!.compile({ ...site, resultType: BOOLEAN });
const out = column(new Int32Array(2 * ROWS));
const flags = new Column(BOOLEAN, ROWS, new Uint8Array(ROWS));
const bigOut = new BigInt64Array(ROWS);

/** The carry by an unsigned comparison: 32-bit integer operations only. */
function addWords(x: Int32Array, y: Int32Array): void {
  const o = out.values;
  for (let i = 0; i < 2 * ROWS; i += 2) {
    const low = (x[i]! + y[i]!) | 0;
    const carry = (low ^ -2147483648) < (x[i]! ^ -2147483648) ? 1 : 0;
    o[i] = low;
    o[i + 1] = (x[i + 1]! + y[i + 1]! + carry) | 0;
  }
}

function lessWords(x: Int32Array, y: Int32Array): void {
  for (let row = 0; row < ROWS; row++) {
    const high = x[2 * row + 1]!;
    const other = y[2 * row + 1]!;
    const isLess = high === other
      ? (x[2 * row]! ^ -2147483648) < (y[2 * row]! ^ -2147483648) : high < other;
    flags.values[row] = isLess ? 1 : 0;
  }
}

function divideWords(x: Int32Array, y: Int32Array): void {
  for (let row = 0; row < ROWS; row++) {
    writeI64(out.values as Int32Array, row, Math.trunc(readI64(x, row) / readI64(y, row)));
  }
}

function divideBig(x: BigInt64Array, y: BigInt64Array): void {
  for (let row = 0; row < ROWS; row++) bigOut[row] = x[row]! / y[row]!;
}

function addBig(x: BigInt64Array, y: BigInt64Array): void {
  for (let row = 0; row < ROWS; row++) bigOut[row] = x[row]! + y[row]!;
}

function lessBig(x: BigInt64Array, y: BigInt64Array): void {
  for (let row = 0; row < ROWS; row++) flags.values[row] = x[row]! < y[row]! ? 1 : 0;
}

/** As SUM accumulates: a number while it stays below 2^53, words beyond. */
function sumWords(x: Int32Array): bigint {
  const total = new Int32Array(2);
  let sum = 0;
  for (let row = 0; row < ROWS; row++) {
    if (isSmallI64(x, 2 * row)) sum += readI64(x, row);
    if (!Number.isSafeInteger(sum)) return readBigI64(x, row);
  }
  writeI64(total, 0, sum);
  return readBigI64(total, 0);
}

function sumBig(x: BigInt64Array): bigint {
  let sum = 0n;
  for (let row = 0; row < ROWS; row++) sum = BigInt.asIntN(64, sum + x[row]!);
  return sum;
}

const [a, b] = small;
const [c, d] = large;
const [bigA, bigB, bigC, bigD] = [asBig(a), asBig(b), asBig(c), asBig(d)] as const;

const RUNS = 60;

/** CPU time, not the clock: other work on the machine does not count. */
function measure(name: string, run: () => unknown): void {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < RUNS; i++) {
    const start = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, user + system);
  }
  process.stdout.write(`${name.padEnd(34)} ${((best * 1000) / ROWS).toFixed(2)} ns a row\n`);
}

measure('add, words', () => addWords(a, b));
measure('add, BigInt64Array', () => addBig(bigA, bigB));
measure('add, kernel', () => add([column(a), column(b)], null, ROWS, out, context));
measure('add beyond 2^53, BigInt64Array', () => addBig(bigC, bigD));
measure('add beyond 2^53, kernel', () => add([column(c), column(d)], null, ROWS, out, context));
measure('divide, words below 2^53', () => divideWords(a, b));
measure('divide, BigInt64Array', () => divideBig(bigA, bigB));
measure('compare, words', () => lessWords(a, b));
measure('compare, BigInt64Array', () => lessBig(bigA, bigB));
measure('compare, kernel', () => less([column(a), column(b)], null, ROWS, flags, context));
measure('sum, words below 2^53', () => sumWords(b));
measure('sum, BigInt64Array', () => sumBig(bigB));

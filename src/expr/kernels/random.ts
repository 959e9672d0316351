/**
 * RAND, RAND_INTEGER, UUID. A constant seed makes one java.util.Random for the call; another makes
 * a new one for each row, as in Flink.
 */
import { randomUUID } from 'node:crypto';
import type { Column } from '../../batch/column.js';
import { HeapBuilder } from '../../batch/strings.js';
import { type Kernel, type KernelFamily, KernelError, type KernelFunction } from '../kernel.js';
import { indexIn } from '../loop.js';

const TWO_24 = 2 ** 24;
const TWO_48 = 2 ** 48;
/** 0x5DEECE66D in halves of 24 bits. */
const FACTOR_HIGH = 0x5de;
const FACTOR_LOW = 0xece66d;

/** java.util.Random: 48 bits of state, kept as a number. */
class JavaRandom {
  private high: number;
  private low: number;

  constructor(seed: number) {
    const bits = ((seed % TWO_48) + TWO_48) % TWO_48;
    this.high = (Math.floor(bits / TWO_24) ^ FACTOR_HIGH) & 0xffffff;
    this.low = ((bits % TWO_24) ^ FACTOR_LOW) & 0xffffff;
  }

  /** The highest bits of the next state, at most 31 of them. */
  private next(bits: number): number {
    const low = this.low * FACTOR_LOW + 0xb;
    const carried = Math.floor(low / TWO_24);
    const high = this.high * FACTOR_LOW + this.low * FACTOR_HIGH + carried;
    this.low = low % TWO_24;
    this.high = high % TWO_24;
    return Math.floor((this.high * TWO_24 + this.low) / 2 ** (48 - bits));
  }

  nextDouble(): number {
    const high = this.next(26) * 2 ** 27;
    return (high + this.next(27)) * 2 ** -53;
  }

  /** In [0, bound); the bound is positive. */
  nextInt(bound: number): number {
    let bits = this.next(31);
    if ((bound & (bound - 1)) === 0) return Math.floor((bound * bits) / 2 ** 31);
    let value = bits % bound;
    while (bits - value + bound - 1 > 0x7fffffff) {
      bits = this.next(31);
      value = bits % bound;
    }
    return value;
  }
}

const anySeed = (): number => Math.floor(Math.random() * TWO_48);

function volatile(compile: () => KernelFunction): Kernel {
  return { nulls: 'propagate', volatile: true, compile };
}

/** The generator of a row by the column of seeds, where there is one. */
function generators(): (seeds: Column | undefined, row: number) => JavaRandom {
  let random = new JavaRandom(anySeed());
  let isSeeded = false;
  return (seeds, row) => {
    if (seeds !== undefined && !(isSeeded && seeds.constant)) {
      random = new JavaRandom(seeds.values[indexIn(seeds, row)]!);
      isSeeded = true;
    }
    return random;
  };
}

function compileRand(): KernelFunction {
  const randomOf = generators();
  return ([seeds], selection, count, out) => {
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      out.values[row] = randomOf(seeds, row).nextDouble();
    }
  };
}

/** RAND_INTEGER([seed,] bound). */
function compileInteger(): KernelFunction {
  const randomOf = generators();
  return (columns, selection, count, out) => {
    const seeds = columns.length > 1 ? columns[0] : undefined;
    const bounds = columns.at(-1)!;
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      const bound = bounds.values[indexIn(bounds, row)]!;
      if (bound <= 0) {
        throw new KernelError('MR3006', 'RAND_INTEGER: bound must be positive', row);
      }
      out.values[row] = randomOf(seeds, row).nextInt(bound);
    }
  };
}

const uuid: KernelFunction = (_columns, selection, count, out) => {
  const heap = new HeapBuilder(count * 36);
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    out.starts[row] = heap.appendText(randomUUID());
    out.lengths[row] = 36;
  }
  out.heap = heap.finish();
};

export const randomKernels: KernelFamily = {
  rand: volatile(compileRand),
  rand_integer: volatile(compileInteger),
  uuid: volatile(() => uuid),
};

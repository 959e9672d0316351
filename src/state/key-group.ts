/**
 * Key groups: the unit in which keyed state is spread over subtasks. native/state/key-group.h
 * describes the words that are hashed and gives the same numbers, for ever: snapshots carry them.
 */
import type { Column } from '../batch/column.js';

/** Murmur3-32 with seed 0, fed word by word. */
class Murmur {
  private hash = 0;
  private words = 0;

  reset(): void {
    this.hash = 0;
    this.words = 0;
  }

  add(word: number): void {
    let k = Math.imul(word, 0xcc9e2d51);
    k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
    const mixed = this.hash ^ k;
    this.hash = (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
    this.words++;
  }

  addBytes(heap: Uint8Array, start: number, length: number): void {
    this.add(length);
    for (let at = 0; at < length; at += 4) {
      let word = 0;
      const count = Math.min(4, length - at);
      for (let i = 0; i < count; i++) word |= heap[start + at + i]! << (8 * i);
      this.add(word);
    }
  }

  finish(): number {
    let h = this.hash ^ (this.words * 4);
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return (h ^ (h >>> 16)) >>> 0;
  }
}

const FLOAT = new Float32Array(1);
const FLOAT_WORD = new Int32Array(FLOAT.buffer);
const DOUBLE = new Float64Array(1);
const DOUBLE_WORDS = new Int32Array(DOUBLE.buffer);

function addValue(column: Column, row: number, murmur: Murmur): void {
  if (column.isNull(row)) {
    murmur.add(0);
    return;
  }
  murmur.add(1);
  const at = column.constant ? 0 : row;
  const values = column.values;
  switch (column.physical) {
    case 'bool':
    case 'i8':
    case 'i16':
    case 'i32':
      murmur.add(values[at]!);
      return;
    case 'i64':
      murmur.add(values[2 * at]!);
      murmur.add(values[2 * at + 1]!);
      return;
    case 'i128':
      for (let i = 0; i < 4; i++) murmur.add(values[4 * at + i]!);
      return;
    case 'f32':
      FLOAT[0] = values[at]!;
      murmur.add(Number.isNaN(FLOAT[0]) ? 0x7fc00000 : FLOAT_WORD[0]!);
      return;
    case 'f64':
      DOUBLE[0] = values[at]!;
      if (Number.isNaN(DOUBLE[0])) DOUBLE_WORDS.set([0, 0x7ff80000]);
      murmur.add(DOUBLE_WORDS[0]!);
      murmur.add(DOUBLE_WORDS[1]!);
      return;
    case 'string':
    case 'bytes':
      murmur.addBytes(column.heap, column.starts[at]!, column.lengths[at]!);
      return;
    case 'row':
      for (const child of column.children) addValue(child, at, murmur);
      return;
    case 'array':
    case 'map':
      addItems(column, at, murmur);
      return;
    case 'null':
      return;
  }
}

function addItems(column: Column, at: number, murmur: Murmur): void {
  const start = column.starts[at]!;
  const length = column.lengths[at]!;
  murmur.add(length);
  for (let i = 0; i < length; i++) {
    for (const child of column.children) addValue(child, start + i, murmur);
  }
}

/** The hash of the i-th selected row at index i. */
export function hashKeys(
  keys: readonly Column[], selection: Int32Array | null, count: number,
): Uint32Array {
  const hashes = new Uint32Array(count);
  const murmur = new Murmur();
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    murmur.reset();
    for (const key of keys) addValue(key, row, murmur);
    hashes[i] = murmur.finish();
  }
  return hashes;
}

/** The key group of the i-th selected row at index i. No keys at all: group 0. */
export function keyGroups(
  keys: readonly Column[], selection: Int32Array | null, count: number, maxParallelism: number,
): Uint32Array {
  if (keys.length === 0) return new Uint32Array(count);
  const groups = hashKeys(keys, selection, count);
  for (let i = 0; i < count; i++) groups[i] = groups[i]! % maxParallelism;
  return groups;
}

/** The subtask that a key group belongs to. */
export function subtaskOfKeyGroup(
  group: number, parallelism: number, maxParallelism: number,
): number {
  return Math.floor((group * parallelism) / maxParallelism);
}

/** Key groups first ... last belong to a subtask; none where first > last. */
export interface KeyGroupRange {
  readonly first: number;
  readonly last: number;
}

/** The key groups of a subtask. */
export function keyGroupRange(
  subtask: number, parallelism: number, maxParallelism: number,
): KeyGroupRange {
  return {
    first: Math.floor((subtask * maxParallelism + parallelism - 1) / parallelism),
    last: Math.floor(((subtask + 1) * maxParallelism - 1) / parallelism),
  };
}

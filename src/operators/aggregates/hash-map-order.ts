/**
 * The order in which a HashMap of Java goes through its keys. Flink merges the distinct values of
 * two accumulators in it, and aggregates that list values show it.
 */
import type { Column } from '../../batch/column.js';

/** A map starts with so many buckets, and doubles them when it is three quarters full. */
const FIRST_BUCKETS = 16;

const BITS = new DataView(new ArrayBuffer(8));

/** The rows of a map's keys, oldest first, in the order of its buckets. */
export function hashMapOrder(keys: Column, rows: Int32Array): Int32Array {
  const hash = hashOf(keys);
  if (hash === null || rows.length < 2) return rows;
  let buckets = FIRST_BUCKETS;
  while (rows.length > buckets * 0.75) buckets *= 2;
  const places = Float64Array.from(rows, (row, i) => {
    const full = keys.isNull(row) ? 0 : hash(row);
    return ((full ^ (full >>> 16)) & (buckets - 1)) * rows.length + i;
  });
  return Int32Array.from(places.sort(), (place) => rows[place % rows.length]!);
}

/** Java's hash of a key by its row; null where keys of this type stay in their own order. */
function hashOf(keys: Column): ((row: number) => number) | null {
  switch (keys.type.root) {
    case 'CHAR':
    case 'VARCHAR':
      return (row) => hashOfBytes(keys.heap, keys.starts[row]!, keys.lengths[row]!);
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'DATE':
      return (row) => keys.values[row]!;
    case 'BIGINT':
      return (row) => {
        const words = keys.values as Int32Array;
        return words[2 * row]! ^ words[2 * row + 1]!;
      };
    case 'DOUBLE':
      return (row) => {
        BITS.setFloat64(0, keys.values[row]!);
        return BITS.getInt32(0) ^ BITS.getInt32(4);
      };
    case 'FLOAT':
      return (row) => {
        BITS.setFloat32(0, keys.values[row]!);
        return BITS.getInt32(0);
      };
    default:
      return null;
  }
}

/** Murmur3-32 as Flink hashes the bytes of a text: the last ones are mixed in one by one. */
function hashOfBytes(bytes: Uint8Array, start: number, length: number): number {
  let hash = 42;
  const whole = start + length - length % 4;
  for (let at = start; at < whole; at += 4) {
    hash = mixed(hash, bytes[at]! | bytes[at + 1]! << 8 | bytes[at + 2]! << 16
      | bytes[at + 3]! << 24);
  }
  for (let at = whole; at < start + length; at++) hash = mixed(hash, bytes[at]! << 24 >> 24);
  hash ^= length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function mixed(hash: number, word: number): number {
  let part = Math.imul(word, 0xcc9e2d51);
  part = Math.imul((part << 15) | (part >>> 17), 0x1b873593);
  const next = hash ^ part;
  return (Math.imul((next << 13) | (next >>> 19), 5) + 0xe6546b64) | 0;
}

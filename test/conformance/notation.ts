/**
 * Values in the notation of the cases: integers as numbers (as text beyond 2^53), DECIMAL and
 * whatever is temporal as text, bytes as {"hex"}, rows as {"row"}, maps as {"map": [[key, value]]},
 * NaN and infinities as text.
 */
import type { Value } from '../../src/batch/values.js';
import type { DataType } from '../../src/types/data-type.js';
import { decimalText } from '../../src/types/number-text.js';
import { isTemporal, temporalText } from '../../src/types/temporal-text.js';
import { INT } from '../../src/types/data-type.js';

export type Notation =
  | null | boolean | number | string | readonly Notation[]
  | { readonly hex: string } | { readonly row: readonly Notation[] }
  | { readonly map: readonly (readonly Notation[])[] };

/** As the cases were asked: integers too large for their column wrap around. */
export function toInputOf(value: unknown, type: string): unknown {
  const bits = /^TINYINT/.test(type) ? 8 : /^SMALLINT/.test(type) ? 16 : 64;
  return typeof value === 'number' && bits < 64
    ? Number(BigInt.asIntN(bits, BigInt(value))) : toInput(value);
}

/** From a case to what TypeScript hands to a table of the connector `values`. */
export function toInput(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toInput);
  if (typeof value !== 'object' || value === null) return value;
  const tagged = value as { hex?: string; row?: unknown[]; map?: [unknown, unknown][] };
  if (tagged.hex !== undefined) return new Uint8Array(Buffer.from(tagged.hex, 'hex'));
  if (tagged.row !== undefined) return tagged.row.map(toInput);
  return new Map((tagged.map ?? []).map(([key, item]) => [toInput(key), toInput(item)]));
}

export function toNotation(value: Value, type: DataType): Notation {
  if (value === null) return null;
  if (isTemporal(type)) return temporalText(value as number | bigint, type);
  switch (type.root) {
    case 'BIGINT': return integerNotation(value as bigint);
    case 'DECIMAL': return decimalText(value as bigint, type.scale ?? 0);
    case 'FLOAT':
    case 'DOUBLE': return Number.isFinite(value) ? value as number : String(value);
    case 'BINARY':
    case 'VARBINARY': return { hex: Buffer.from(value as Uint8Array).toString('hex') };
    case 'ARRAY': return items(value).map((item) => toNotation(item, type.element!));
    case 'ROW':
      return { row: items(value).map((item, i) => toNotation(item, type.fields![i]!.type)) };
    case 'MAP':
    case 'MULTISET': return { map: items(value).map((pair) => pairNotation(items(pair), type)) };
    default: return value as boolean | number | string;
  }
}

const items = (value: Value): readonly Value[] => value as readonly Value[];

function integerNotation(value: bigint): Notation {
  const isExact = value <= 2n ** 53n && value >= -(2n ** 53n);
  return isExact ? Number(value) : String(value);
}

function pairNotation([key, item]: readonly Value[], type: DataType): readonly Notation[] {
  const [keyType, itemType] = type.root === 'MAP'
    ? [type.key!, type.element!] : [type.element!, INT];
  return [toNotation(key ?? null, keyType), toNotation(item ?? null, itemType)];
}

/** Whether a value is the expected one; floats as numbers, maps in any order. */
export function isSame(actual: Notation, expected: unknown, type: DataType): boolean {
  if (actual === null || expected === null) return actual === expected;
  if (type.root === 'FLOAT' && typeof expected === 'number') {
    return Object.is(actual, Math.fround(expected));
  }
  return canonical(actual) === canonical(expected);
}

/** JSON text with sorted map entries and sorted keys. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'number' && Object.is(value, -0)) return '-0.0';
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if ('map' in value) return `{${(value.map as unknown[]).map(canonical).sort().join(',')}}`;
  return JSON.stringify(value);
}

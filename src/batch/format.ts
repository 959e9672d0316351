/**
 * Values and rows as text: Flink's `Row.toString` form (`+I[1, null, 2.0]`), and the JSON values
 * of result lines (BIGINT and DECIMAL as text, NaN as text, bytes as `x'hex'`).
 */
import { decimalText, floatText } from '../types/number-text.js';
import { isTemporal, temporalText } from '../types/temporal-text.js';
import type { DataType } from '../types/data-type.js';
import { ROW_KIND_TEXT, type Batch } from './batch.js';
import { valueAt, type Value } from './values.js';

type Items = readonly Value[];

/** A value as Java prints it inside a row; null is `null`. */
export function javaText(value: Value, type: DataType): string {
  if (value === null) return 'null';
  if (isTemporal(type)) return temporalText(value as number | bigint, type);
  switch (type.root) {
    case 'FLOAT': return floatText(value as number, true);
    case 'DOUBLE': return floatText(value as number);
    case 'DECIMAL': return decimalText(value as bigint, type.scale ?? 0);
    case 'BINARY':
    case 'VARBINARY': return `[${[...new Int8Array(value as Uint8Array)].join(', ')}]`;
    case 'ROW': return rowText(value as Items, (type.fields ?? []).map((field) => field.type));
    case 'ARRAY':
      return `[${(value as Items).map((item) => javaText(item, type.element!)).join(', ')}]`;
    case 'MAP':
    case 'MULTISET': return mapText(value as readonly Items[], type);
    default: return String(value);
  }
}

function rowText(values: Items, types: readonly DataType[]): string {
  return `+I[${values.map((value, i) => javaText(value, types[i]!)).join(', ')}]`;
}

function mapText(pairs: readonly Items[], type: DataType): string {
  const entries = pairs.map(([key, item]) =>
    type.root === 'MAP'
      ? `${javaText(key!, type.key!)}=${javaText(item!, type.element!)}`
      : `${javaText(key!, type.element!)}=${String(item)}`);
  return `{${entries.join(', ')}}`;
}

/** Each selected row as Flink's print sink writes it: `+I[1, a]`. */
export function* rowTexts(batch: Batch): Generator<string> {
  for (let i = 0; i < batch.activeCount; i++) {
    const row = batch.selection === null ? i : batch.selection[i]!;
    const values = batch.columns.map((column) => javaText(valueAt(column, row), column.type));
    yield `${ROW_KIND_TEXT[(batch.rowKinds?.[row] ?? 0) as 0]}[${values.join(', ')}]`;
  }
}

/** A value as JSON text of a result line. */
export function jsonText(value: Value, type: DataType): string {
  if (value === null) return 'null';
  if (isTemporal(type)) return JSON.stringify(temporalText(value as number | bigint, type));
  switch (type.root) {
    case 'FLOAT':
    case 'DOUBLE': return jsonFloat(value as number, type.root === 'FLOAT');
    case 'DECIMAL': return `"${decimalText(value as bigint, type.scale ?? 0)}"`;
    case 'BIGINT': return `"${String(value)}"`;
    case 'BINARY':
    case 'VARBINARY': return `"x'${Buffer.from(value as Uint8Array).toString('hex')}'"`;
    case 'ROW':
    case 'ARRAY':
    case 'MAP':
    case 'MULTISET': return jsonItems(value as Items, type, jsonText, false);
    default: return JSON.stringify(value);
  }
}

function jsonFloat(value: number, single: boolean): string {
  const text = floatText(value, single);
  return Number.isFinite(value) ? text : `"${text}"`;
}

type ItemText = (value: Value, type: DataType) => string;

function jsonItems(value: Items, type: DataType, text: ItemText, sorted: boolean): string {
  if (type.root === 'ROW') {
    return `[${value.map((item, i) => text(item, type.fields![i]!.type)).join(',')}]`;
  }
  if (type.root === 'ARRAY') return `[${value.map((item) => text(item, type.element!)).join(',')}]`;
  const [keyType, itemType] = type.root === 'MAP'
    ? [type.key!, type.element!]
    : [type.element!, INTEGER];
  const pairs = (value as readonly Items[]).map(([key, item]) =>
    `[${text(key!, keyType)},${text(item!, itemType)}]`);
  return sorted ? JSON.stringify(pairs.sort()) : `[${pairs.join(',')}]`;
}

const INTEGER: DataType = { root: 'INTEGER', nullable: false };

/** The values of a row as the JSON array of a result line. */
export function jsonRow(batch: Batch, row: number): string {
  return `[${batch.columns.map((c) => jsonText(valueAt(c, row), c.type)).join(',')}]`;
}

/** The text whose hash stands for a row: floats by their bits, maps sorted. */
export function canonicalRow(batch: Batch, row: number): string {
  return `[${batch.columns.map((c) => canonicalText(valueAt(c, row), c.type)).join(',')}]`;
}

function canonicalText(value: Value, type: DataType): string {
  if (value === null) return 'null';
  switch (type.root) {
    case 'FLOAT':
    case 'DOUBLE': return `"${floatBits(value as number, type.root === 'FLOAT')}"`;
    case 'ROW':
    case 'ARRAY':
    case 'MAP':
    case 'MULTISET': return jsonItems(value as Items, type, canonicalText, true);
    default: return jsonText(value, type);
  }
}

const BITS = new DataView(new ArrayBuffer(8));

/** `f` and 8, or `d` and 16 hex digits of the IEEE bits, with one NaN. */
function floatBits(value: number, single: boolean): string {
  if (single) {
    BITS.setFloat32(0, value);
    const bits = Number.isNaN(value) ? 0x7fc00000 : BITS.getUint32(0);
    return `f${bits.toString(16).padStart(8, '0')}`;
  }
  BITS.setFloat64(0, value);
  const bits = Number.isNaN(value) ? 0x7ff8000000000000n : BITS.getBigUint64(0);
  return `d${bits.toString(16).padStart(16, '0')}`;
}

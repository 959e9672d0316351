/** JSON_STRING, JSON_OBJECT, JSON_ARRAY, JSON_QUOTE, JSON_UNQUOTE. */
import { type Column, setNull } from '../../batch/column.js';
import { HeapBuilder, textAt } from '../../batch/strings.js';
import { type Value, valueAt } from '../../batch/values.js';
import type { DataType } from '../../types/data-type.js';
import { decimalText, floatText } from '../../types/number-text.js';
import { isTemporal, temporalText } from '../../types/temporal-text.js';
import { byKey, decimalOf, parseJson, quoteJson, writeJson } from '../json/document.js';
import {
  type CallSite, type KernelFamily, KernelError, type KernelFunction, ownNulls, propagating,
  stringOption,
} from '../kernel.js';

type Items = readonly Value[];

/** The JSON of a value; members of maps and rows are sorted by name. */
function jsonOf(value: Value, type: DataType): string {
  if (value === null) return 'null';
  if (isTemporal(type)) return `"${timeText(value as bigint, type)}"`;
  switch (type.root) {
    case 'CHAR':
    case 'VARCHAR': return quoteJson(value as string);
    case 'BINARY':
    case 'VARBINARY': return `"${Buffer.from(value as Uint8Array).toString('base64')}"`;
    case 'FLOAT':
    case 'DOUBLE': return realText(value as number);
    case 'DECIMAL': return decimalOf(decimalText(value as bigint, type.scale ?? 0));
    case 'ARRAY':
      return `[${(value as Items).map((item) => jsonOf(item, type.element!)).join(',')}]`;
    case 'ROW': return members((value as Items).map((item, i) => {
      const field = type.fields![i]!;
      return [field.name, jsonOf(item, field.type)];
    }));
    case 'MAP': return members((value as readonly Items[]).map(([key, item]) =>
      [String(key), jsonOf(item!, type.element!)]));
    default: return String(value);
  }
}

function members(pairs: readonly (readonly [key: string, json: string])[]): string {
  const sorted = [...pairs].sort(([a], [b]) => byKey(a, b));
  return `{${sorted.map(([key, json]) => `${quoteJson(key)}:${json}`).join(',')}}`;
}

function realText(value: number): string {
  const text = floatText(value);
  return Number.isFinite(value) ? decimalOf(text) : `"${text}"`;
}

/** 2020-01-01T01:02:03.4, and Z behind a TIMESTAMP_LTZ; seconds are always there. */
function timeText(value: bigint, type: DataType): string {
  const text = temporalText(value, type).replace(/Z$/, '');
  const [, whole = text, fraction = ''] = /^(.*T\d+:\d+:\d+)(\.\d+)?$/.exec(text) ?? [];
  const clock = /T\d+:\d+$/.test(whole) ? `${whole}:00` : whole;
  return `${clock}${fraction.replace(/0+$/, '')}${type.root === 'TIMESTAMP_LTZ' ? 'Z' : ''}`;
}

/**
 * The JSON of an argument: by its type (v); the JSON that its text is (r); the JSON read from its
 * text (j), undefined where it is none.
 */
function written(column: Column, row: number, mode: string): string | undefined {
  if (column.isNull(row)) return 'null';
  if (mode === 'v') return jsonOf(valueAt(column, row), column.type);
  const text = textAt(column, row);
  if (mode === 'r') return text;
  if (text === '') return 'null';
  const node = parseJson(text);
  return node === undefined ? undefined : writeJson(node);
}

function buildLoop(
  site: CallSite,
  build: (columns: readonly Column[], row: number, modes: string) => string | null | undefined,
): KernelFunction {
  const modes = stringOption(site, 'modes');
  return (columns, selection, count, out) => {
    const heap = new HeapBuilder(count * 32);
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      const text = build(columns, row, modes);
      if (text === undefined) throw new KernelError('MR3006', 'JSON(): the text is no JSON', row);
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

function compileString(site: CallSite): KernelFunction {
  return buildLoop(site, ([column], row, modes) =>
    (column!.isNull(row) ? null : written(column!, row, modes[0]!)));
}

function compileArray(site: CallSite): KernelFunction {
  const keepsNull = site.options['keeps_null'] === true;
  return buildLoop(site, (columns, row, modes) => {
    const parts: string[] = [];
    for (const [i, column] of columns.entries()) {
      if (!keepsNull && column.isNull(row)) continue;
      const part = written(column, row, modes[i]!);
      if (part === undefined) return undefined;
      parts.push(part);
    }
    return `[${parts.join(',')}]`;
  });
}

/** Members by key; of equal keys the last. */
function compileObject(site: CallSite): KernelFunction {
  const keepsNull = site.options['keeps_null'] === true;
  return buildLoop(site, (columns, row, modes) => {
    const found = new Map<string, string>();
    for (let i = 0; i < columns.length; i += 2) {
      if (!keepsNull && columns[i + 1]!.isNull(row)) continue;
      const part = written(columns[i + 1]!, row, modes[i / 2]!);
      if (part === undefined) return undefined;
      if (columns[i]!.isNull(row)) {
        throw new KernelError('MR3006', 'JSON_OBJECT: a key is NULL', row);
      }
      found.set(textAt(columns[i]!, row), part);
    }
    return members([...found]);
  });
}

const QUOTED: Readonly<Record<number, string>> = {
  0x22: '\\"', 0x5c: '\\\\', 0x2f: '\\/', 8: '\\b', 12: '\\f', 10: '\\n', 13: '\\r', 9: '\\t',
};

const hex = (unit: number): string => `\\u${unit.toString(16).padStart(4, '0')}`;

/** Flink writes a character beyond U+FFFF with five digits and its second half behind it. */
function quoteText(text: string): string {
  let quoted = '"';
  for (let i = 0; i < text.length; i++) {
    const point = text.codePointAt(i)!;
    quoted += QUOTED[point] ?? (point < 0x80 ? text[i]! : hex(point));
  }
  return `${quoted}"`;
}

/** The text between the quotes of a JSON string, its escapes resolved; else the text itself. */
function unquoteText(text: string): string {
  const isQuoted = text.length > 1 && text.startsWith('"') && text.endsWith('"');
  if (!isQuoted || parseJson(text) === undefined) return text;
  const inner = text.slice(1, -1).replace(/\\[^]|"|[\u0000-\u001f]/g, (sign) =>
    (sign.length > 1 ? sign : sign === '"' ? '\\"' : hex(sign.charCodeAt(0))));
  const node = parseJson(`"${inner}"`);
  return node?.kind === 'string' ? node.text : text;
}

function textLoop(change: (text: string) => string): KernelFunction {
  return ([texts], selection, count, out) => {
    const heap = new HeapBuilder(count * 16);
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      out.starts[row] = heap.appendText(change(textAt(texts!, row)));
      out.lengths[row] = heap.end - out.starts[row]!;
    }
    out.heap = heap.finish();
  };
}

export const jsonBuildKernels: KernelFamily = {
  json_string: ownNulls(compileString),
  json_object: ownNulls(compileObject),
  json_array: ownNulls(compileArray),
  json_quote: propagating(textLoop(quoteText)),
  json_unquote: propagating(textLoop(unquoteText)),
};


/**
 * What each column of a datagen table is made of, from the table's options.
 * native/sources/datagen-fields.cpp states the same.
 */
import { fail } from '../../errors/index.js';
import { parseDecimal, parseInteger, parseReal, TOO_LONG } from '../../formats/text-parse.js';
import { parseDurationMs } from '../../plan/duration.js';
import { MAX_LENGTH, type DataType, type RowField } from '../../types/data-type.js';

/** Draws of a field, from its first one on. Numbers are for ever: they define a seed's data. */
export const FIELD_DRAWS = { value: 0, isNull: 4, length: 5, text: 6, count: 8 } as const;

interface FieldBase {
  readonly type: DataType;
  /** The number of the field's first draw; by its place in the table, not in the query. */
  readonly draw: number;
  /** Share of NULLs. */
  readonly nullRate: number;
}

export type GeneratedField =
  | FieldBase & { readonly kind: 'sequence'; readonly start: bigint; readonly end: bigint }
  | FieldBase & { readonly kind: 'integer'; readonly min: bigint; readonly range: bigint }
  | FieldBase & { readonly kind: 'real'; readonly min: number; readonly max: number }
  | FieldBase & { readonly kind: 'boolean' | 'date' | 'time' }
  | FieldBase & { readonly kind: 'text'; readonly length: number; readonly isVariable: boolean }
  | FieldBase & { readonly kind: 'timestamp'; readonly maxPastMs: number }
  | FieldBase & { readonly kind: 'row'; readonly children: readonly GeneratedField[] };

type Options = Readonly<Record<string, string>>;

const DEFAULT_LENGTH = 100;
const MAX_TEXT = 1_000_000;
const MAX_PAST_MS = 1e15;
const MAX_FLOAT = 3.4028234663852886e38;
const INTEGER_BITS: Readonly<Partial<Record<DataType['root'], bigint>>> = {
  TINYINT: 7n, SMALLINT: 15n, INTEGER: 31n, BIGINT: 63n,
};

/** One a column of the table; nested fields are named with dots. */
export function compileFields(
  schema: readonly RowField[], options: Options,
): ReadonlyMap<string, GeneratedField> {
  let draw = 0;
  const compile = (name: string, type: DataType): GeneratedField => {
    const first = draw;
    draw += FIELD_DRAWS.count;
    if (type.root === 'ROW') {
      const base = { type, draw: first, nullRate: nullRateOf(name, options) };
      const children = (type.fields ?? []).map((field) =>
        compile(`${name}.${field.name}`, field.type));
      return { ...base, kind: 'row', children };
    }
    return compileLeaf(name, type, first, options);
  };
  return new Map(schema.map((field) => [field.name, compile(field.name, field.type)]));
}

function nullRateOf(name: string, options: Options): number {
  const key = `fields.${name}.null-rate`;
  const text = options[key];
  if (text === undefined) return 0;
  const rate = parseReal(text);
  return rate !== null && rate >= 0 && rate <= 1 ? rate : invalid(key, text);
}

function invalid(name: string, value: string): never {
  return fail('MR2008', { name, value });
}

function compileLeaf(name: string, type: DataType, draw: number, options: Options): GeneratedField {
  const base = { type, draw, nullRate: nullRateOf(name, options) };
  const kind = options[`fields.${name}.kind`] ?? 'random';
  if (kind === 'sequence') return { ...base, kind, ...sequenceOf(name, type, options) };
  if (kind !== 'random') invalid(`fields.${name}.kind`, kind);
  switch (type.root) {
    case 'BOOLEAN':
      return { ...base, kind: 'boolean' };
    case 'TINYINT': case 'SMALLINT': case 'INTEGER': case 'BIGINT': {
      const limit = 1n << INTEGER_BITS[type.root]!;
      return { ...base, kind: 'integer', ...rangeOf(name, options, -limit, limit - 1n, 0) };
    }
    case 'DECIMAL': {
      const limit = 10n ** BigInt(type.precision ?? 10) - 1n;
      const range = rangeOf(name, options, -limit, limit, type.scale ?? 0);
      return { ...base, kind: 'integer', ...range };
    }
    case 'FLOAT': case 'DOUBLE':
      return { ...base, kind: 'real', ...realRangeOf(name, type, options) };
    case 'CHAR': case 'VARCHAR': case 'BINARY': case 'VARBINARY':
      return { ...base, kind: 'text', ...lengthOf(name, type, options) };
    case 'DATE':
      return { ...base, kind: 'date' };
    case 'TIME':
      return { ...base, kind: 'time' };
    case 'TIMESTAMP': case 'TIMESTAMP_LTZ': {
      const key = `fields.${name}.max-past`;
      const text = options[key];
      const maxPastMs = text === undefined ? 0 : parseDurationMs(text);
      if (maxPastMs === undefined || maxPastMs > MAX_PAST_MS) return invalid(key, text ?? '');
      return { ...base, kind: 'timestamp', maxPastMs: Math.floor(maxPastMs) };
    }
    default:
      return fail('MR2100', { feature: `datagen of this type: ${name}` });
  }
}

/** A bound of whole numbers, or of a decimal in units of its scale. */
function boundOf(
  name: string, bound: string, options: Options, least: bigint, most: bigint, scale: number,
): bigint | undefined {
  const key = `fields.${name}.${bound}`;
  const text = options[key];
  if (text === undefined) return undefined;
  const value = scale === 0 ? parseInteger(text, least, most) : parseDecimal(text, 38, scale);
  if (value === null || value === TOO_LONG || value < least || value > most) invalid(key, text);
  return value;
}

function rangeOf(
  name: string, options: Options, least: bigint, most: bigint, scale: number,
): { readonly min: bigint; readonly range: bigint } {
  const min = boundOf(name, 'min', options, least, most, scale) ?? least;
  const max = boundOf(name, 'max', options, least, most, scale) ?? most;
  if (max < min) invalid(`fields.${name}.max`, options[`fields.${name}.max`] ?? '');
  return { min, range: max - min + 1n };
}

function realRangeOf(
  name: string, type: DataType, options: Options,
): { readonly min: number; readonly max: number } {
  const limit = type.root === 'FLOAT' ? MAX_FLOAT : Number.MAX_VALUE;
  const bound = (which: string, fallback: number): number => {
    const key = `fields.${name}.${which}`;
    const text = options[key];
    if (text === undefined) return fallback;
    const value = parseReal(text);
    return value !== null && Math.abs(value) <= limit ? value : invalid(key, text);
  };
  const min = bound('min', -limit);
  const max = bound('max', limit);
  if (max < min) invalid(`fields.${name}.max`, options[`fields.${name}.max`] ?? '');
  return { min, max };
}

function lengthOf(
  name: string, type: DataType, options: Options,
): { readonly length: number; readonly isVariable: boolean } {
  const key = `fields.${name}.length`;
  const text = options[key];
  const own = type.length === MAX_LENGTH ? DEFAULT_LENGTH : type.length ?? DEFAULT_LENGTH;
  const length = text === undefined ? BigInt(own) : parseInteger(text, 1n, BigInt(MAX_TEXT));
  if (length === null) return invalid(key, text ?? '');
  const variable = (options[`fields.${name}.var-len`] ?? 'false').toLowerCase();
  if (variable !== 'true' && variable !== 'false') invalid(`fields.${name}.var-len`, variable);
  return { length: Number(length), isVariable: variable === 'true' };
}

const SEQUENCE_TYPES = new Set<DataType['root']>([
  'TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'FLOAT', 'DOUBLE', 'DECIMAL', 'CHAR', 'VARCHAR',
]);

function sequenceOf(
  name: string, type: DataType, options: Options,
): { readonly start: bigint; readonly end: bigint } {
  if (!SEQUENCE_TYPES.has(type.root)) fail('MR2100', { feature: `sequence of this type: ${name}` });
  const bits = INTEGER_BITS[type.root] ?? 63n;
  const limit = 1n << bits;
  const start = boundOf(name, 'start', options, -limit, limit - 1n, 0);
  const end = boundOf(name, 'end', options, -limit, limit - 1n, 0);
  if (start === undefined) return fail('MR2009', { name: `fields.${name}.start` });
  if (end === undefined) return fail('MR2009', { name: `fields.${name}.end` });
  return { start, end };
}

/**
 * Our data types as Arrow's and back. The Arrow library is handed in, so that it is loaded only
 * by those who need it (it costs more start-up time than everything else together).
 *
 *     TIMESTAMP(p)      Timestamp of ms, us or ns, no zone      DECIMAL      Decimal128
 *     TIMESTAMP_LTZ(p)  the same with zone UTC                  DATE         Date32
 *     day-time interval Duration of ms                          TIME         Time32 of ms
 */
import type * as arrowModule from 'apache-arrow';
import * as types from '../types/data-type.js';
import { typeToString, withNullable, type DataType } from '../types/data-type.js';

export type Arrow = typeof arrowModule;
type ArrowType = arrowModule.DataType;

/** Loads the Arrow library at first use. */
export async function loadArrow(): Promise<Arrow> {
  return import('apache-arrow');
}

export function toArrowType(arrow: Arrow, type: DataType): ArrowType {
  switch (type.root) {
    case 'NULL': return new arrow.Null();
    case 'BOOLEAN': return new arrow.Bool();
    case 'TINYINT': return new arrow.Int8();
    case 'SMALLINT': return new arrow.Int16();
    case 'INTEGER': return new arrow.Int32();
    case 'BIGINT': return new arrow.Int64();
    case 'FLOAT': return new arrow.Float32();
    case 'DOUBLE': return new arrow.Float64();
    case 'DECIMAL': return new arrow.Decimal(type.scale ?? 0, type.precision ?? 38, 128);
    case 'CHAR':
    case 'VARCHAR': return new arrow.Utf8();
    case 'BINARY':
    case 'VARBINARY': return new arrow.Binary();
    case 'DATE': return new arrow.DateDay();
    case 'TIME': return new arrow.TimeMillisecond();
    case 'TIMESTAMP': return new arrow.Timestamp(unitOf(arrow, type));
    case 'TIMESTAMP_LTZ': return new arrow.Timestamp(unitOf(arrow, type), 'UTC');
    case 'INTERVAL_YEAR_MONTH': return new arrow.IntervalYearMonth();
    case 'INTERVAL_DAY_TIME': return new arrow.DurationMillisecond();
    case 'ROW': return new arrow.Struct(
      (type.fields ?? []).map((field) => toArrowField(arrow, field.name, field.type)));
    case 'ARRAY': return new arrow.List(toArrowField(arrow, 'item', elementOf(type)));
    case 'MAP': return mapType(arrow, type.key ?? types.STRING, elementOf(type));
    case 'MULTISET': return mapType(arrow, elementOf(type), types.notNull(types.INT));
  }
}

/** The field carries our own type text, so that lengths and kinds survive a round trip. */
export function toArrowField(arrow: Arrow, name: string, type: DataType): arrowModule.Field {
  const metadata = new Map([['flink.type', typeToString(type)]]);
  return new arrow.Field(name, toArrowType(arrow, type), type.nullable, metadata);
}

function mapType(arrow: Arrow, key: DataType, value: DataType): ArrowType {
  const entries = new arrow.Struct([
    toArrowField(arrow, 'key', withNullable(key, false)),
    toArrowField(arrow, 'value', value),
  ]);
  return new arrow.Map_(new arrow.Field('entries', entries, false) as never);
}

function elementOf(type: DataType): DataType {
  return type.element ?? types.NULL;
}

function unitOf(arrow: Arrow, type: DataType): arrowModule.TimeUnit {
  const ticks = types.ticksPerSecond(type.precision ?? 6);
  if (ticks === 1_000) return arrow.TimeUnit.MILLISECOND;
  return ticks === 1_000_000 ? arrow.TimeUnit.MICROSECOND : arrow.TimeUnit.NANOSECOND;
}

/** Our type of an Arrow field; null where there is none (unions, intervals of months and days). */
export function fromArrowType(arrow: Arrow, type: ArrowType, nullable: boolean): DataType | null {
  const found = fromNullableArrowType(arrow, type);
  return found === null ? null : withNullable(found, nullable);
}

function fromNullableArrowType(arrow: Arrow, type: ArrowType): DataType | null {
  const { DataType: is } = arrow;
  if (is.isDictionary(type)) return fromNullableArrowType(arrow, type.dictionary);
  if (is.isNull(type)) return types.NULL;
  if (is.isBool(type)) return types.BOOLEAN;
  if (is.isInt(type)) return integerType(type.bitWidth, type.isSigned);
  if (is.isFloat(type)) return type.precision === arrow.Precision.DOUBLE
    ? types.DOUBLE : types.FLOAT;
  if (is.isDecimal(type)) return types.decimal(type.precision, type.scale);
  if (is.isUtf8(type) || is.isLargeUtf8(type)) return types.STRING;
  if (is.isBinary(type) || is.isLargeBinary(type)) return types.BYTES;
  if (is.isDate(type)) return types.DATE;
  if (is.isTime(type)) return types.time(type.unit === arrow.TimeUnit.SECOND ? 0 : 3);
  if (is.isTimestamp(type)) return timestampType(type.unit, type.timezone ?? null);
  if (is.isDuration(type)) return types.INTERVAL_DAY_TIME;
  if (is.isStruct(type)) return structType(arrow, type.children);
  return null;
}

function integerType(bitWidth: number, signed: boolean): DataType | null {
  const bits = signed ? bitWidth : bitWidth * 2;
  if (bits === 8) return types.TINYINT;
  if (bits === 16) return types.SMALLINT;
  if (bits === 32) return types.INT;
  return bits === 64 ? types.BIGINT : types.decimal(20, 0);
}

/** Arrow's units by number: second, millisecond, microsecond, nanosecond. */
function timestampType(unit: number, zone: string | null): DataType {
  const precision = [0, 3, 6, 9][unit] ?? 6;
  return zone === null ? types.timestamp(precision) : types.timestampLtz(precision);
}

function structType(arrow: Arrow, children: readonly arrowModule.Field[]): DataType | null {
  const fields = children.map((child) => ({
    name: child.name,
    type: fromArrowType(arrow, child.type, child.nullable),
  }));
  const known = fields.filter((field): field is types.RowField => field.type !== null);
  return known.length === fields.length ? types.row(known) : null;
}

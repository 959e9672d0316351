/** A value in a cell, as Flink's SQL client prints it: what CAST to STRING makes of it. */
import type { Value } from '../../batch/values.js';
import {
  castDateText, castMillisecondsText, castMonthsText, castTimestampText, castTimeText,
} from '../../types/cast-text.js';
import { ticksPerSecond, type DataType } from '../../types/data-type.js';
import { decimalText, floatText } from '../../types/number-text.js';
import type { Zone } from '../../types/zone.js';

/** The session zone; looked up only where a TIMESTAMP_LTZ is printed. */
export type ZoneOf = () => Zone;

export function cellText(value: Value, type: DataType, zone: ZoneOf): string {
  return value === null ? '<NULL>' : valueText(value, type, zone);
}

function valueText(value: NonNullable<Value>, type: DataType, zone: ZoneOf): string {
  switch (type.root) {
    case 'BOOLEAN': return value === true ? 'TRUE' : 'FALSE';
    case 'FLOAT': return floatText(value as number, true);
    case 'DOUBLE': return floatText(value as number);
    case 'DECIMAL': return decimalText(value as bigint, type.scale ?? 0);
    case 'BINARY':
    case 'VARBINARY': return `x'${Buffer.from(value as Uint8Array).toString('hex')}'`;
    case 'DATE': return castDateText(value as number);
    case 'TIME': return castTimeText(value as number, type.precision ?? 0);
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ': return timestampText(BigInt(value as bigint), type, zone);
    case 'INTERVAL_YEAR_MONTH': return castMonthsText(value as number);
    case 'INTERVAL_DAY_TIME': return castMillisecondsText(BigInt(value as bigint));
    case 'ROW': case 'ARRAY': case 'MAP': case 'MULTISET':
      return nestedText(value as readonly Value[], type, zone);
    default: return String(value);
  }
}

function timestampText(ticks: bigint, type: DataType, zone: ZoneOf): string {
  const precision = type.precision ?? 6;
  const scale = BigInt(ticksPerSecond(precision));
  const tick = ((ticks % scale) + scale) % scale;
  const utcSeconds = Number((ticks - tick) / scale);
  const seconds = type.root === 'TIMESTAMP' ? utcSeconds : zone().toLocal(utcSeconds * 1000) / 1000;
  return castTimestampText(seconds, Number(tick * (1_000_000_000n / scale)), precision);
}

function nestedText(items: readonly Value[], type: DataType, zone: ZoneOf): string {
  const text = (item: Value | undefined, of: DataType): string =>
    item === null || item === undefined ? 'NULL' : valueText(item, of, zone);
  if (type.root === 'ROW') {
    return `(${items.map((item, i) => text(item, type.fields![i]!.type)).join(', ')})`;
  }
  if (type.root === 'ARRAY') {
    return `[${items.map((item) => text(item, type.element!)).join(', ')}]`;
  }
  const pairs = (items as readonly (readonly Value[])[]).map(([key, item]) =>
    type.root === 'MAP'
      ? `${text(key, type.key!)}=${text(item, type.element!)}`
      : `${text(key, type.element!)}=${String(item)}`);
  return `{${pairs.join(', ')}}`;
}

/**
 * Result types of temporal functions that depend on a constant argument: a unit, a precision, a
 * pattern.
 */
import {
  BIGINT, INT, INTERVAL_DAY_TIME, INTERVAL_YEAR_MONTH, timestamp, timestampLtz, type DataType,
  type TypeRoot,
} from '../../types/data-type.js';
import { isTimestamp } from '../../types/merging.js';
import { UNIT_MONTHS, UNIT_MS } from '../../types/time-unit.js';
import type { BoundArgument } from './signature.js';

/** Precision of a date moved by hours. */
const DATE_PRECISION = 6;

/** EXTRACT(unit FROM time); null where Flink has no such field. */
export function extractedType(args: readonly BoundArgument[]): DataType | null {
  const [unit, value] = args;
  const units = value === undefined ? undefined : FIELDS_OF[value.type.root];
  const name = String(unit?.literal);
  if (value?.type.root === 'DATE') return BELOW_MILLISECOND.includes(name) ? null : BIGINT;
  return units === undefined || units.includes(name) ? BIGINT : null;
}

const CLOCK_FIELDS: readonly string[] = ['HOUR', 'MINUTE', 'SECOND', 'MILLISECOND'];

/** The fields that Flink takes out of what is no timestamp. */
const FIELDS_OF: Readonly<Partial<Record<TypeRoot, readonly string[]>>> = {
  TIME: CLOCK_FIELDS,
  INTERVAL_DAY_TIME: ['DAY', ...CLOCK_FIELDS],
  INTERVAL_YEAR_MONTH: ['YEAR', 'QUARTER', 'MONTH'],
};
const BELOW_MILLISECOND: readonly string[] = ['MICROSECOND', 'NANOSECOND'];

/** TIMESTAMPADD(unit, count, time); null where Flink does not add such units. */
export function timestampAddType(args: readonly BoundArgument[]): DataType | null {
  const unit = String(args[0]?.literal);
  const type = args[2]?.type;
  if (type === undefined) return null;
  if (UNIT_MONTHS[unit] !== undefined || unit === 'DAY' || unit === 'WEEK') return type;
  if (UNIT_MS[unit] === undefined) return null;
  if (unit === 'MILLISECOND') {
    if (!isTimestamp(type)) return null;
    const precision = Math.max(3, type.precision ?? 0);
    return type.root === 'TIMESTAMP' ? timestamp(precision) : timestampLtz(precision);
  }
  return type.root === 'DATE' ? timestamp(DATE_PRECISION) : type;
}

/** TIMESTAMPDIFF(unit, earlier, later); an instant goes only with another instant. */
export function timestampDiffType(args: readonly BoundArgument[]): DataType | null {
  const [unit, earlier, later] = args;
  const instants = [earlier, later].filter((arg) => arg?.type.root === 'TIMESTAMP_LTZ');
  if (instants.length === 1) return null;
  return unit?.literal === 'NANOSECOND' ? BIGINT : INT;
}

/** (a - b) unit: months for units of months, else milliseconds. Both are of one kind. */
export function differenceType(args: readonly BoundArgument[]): DataType | null {
  const [unit, a, b] = args;
  if (a === undefined || a.type.root !== b?.type.root) return null;
  return UNIT_MONTHS[String(unit?.literal)] === undefined ? INTERVAL_DAY_TIME
    : INTERVAL_YEAR_MONTH;
}

/** TO_TIMESTAMP_LTZ(number, precision). */
export function ltzOfNumberType(args: readonly BoundArgument[]): DataType | null {
  const given = args[1]?.literal;
  const precision = typeof given === 'number' || typeof given === 'bigint' ? Number(given) : 3;
  return precision < 0 || precision > 9 ? null : timestampLtz(Math.max(3, precision));
}

/** TO_TIMESTAMP_LTZ(text, pattern, zone): as many digits as the pattern has `S`. */
export function ltzOfTextType(args: readonly BoundArgument[]): DataType {
  const pattern = args[1]?.literal;
  const digits = typeof pattern === 'string' ? /S+/.exec(pattern)?.[0].length ?? 0 : 0;
  return timestampLtz(Math.min(9, Math.max(3, digits)));
}

/**
 * Units of time and what they do to dates and times: EXTRACT, FLOOR, CEIL. All after Flink's
 * answers, odd ones included. native/kernels/time-unit.h is the same in C++.
 */
import {
  addMonths, dayOf, dayOfYear, daysOf, isoDayOfWeek, isoWeek, isoYear, monthOf, packedDate,
  yearOf,
} from './calendar.js';

/** Milliseconds of the units of fixed length. */
export const UNIT_MS: Readonly<Record<string, number>> = {
  MILLISECOND: 1, SECOND: 1000, MINUTE: 60_000, HOUR: 3_600_000, DAY: 86_400_000,
  WEEK: 604_800_000,
};

/** Months of the units that are counted in months. */
export const UNIT_MONTHS: Readonly<Record<string, number>> = {
  MONTH: 1, QUARTER: 3, YEAR: 12, DECADE: 120, CENTURY: 1200, MILLENNIUM: 12_000,
};

/** A field of a date by unit; undefined where the unit is not one of a date. */
export type DateField = (days: number) => number;

/** Quotient rounded up, for centuries counted from 1. */
const ceilDivide = (a: number, b: number): number => Math.floor((a + b - 1) / b);

const DATE_FIELDS: Readonly<Record<string, DateField>> = {
  YEAR: (days) => yearOf(packedDate(days)),
  QUARTER: (days) => Math.floor((monthOf(packedDate(days)) + 2) / 3),
  MONTH: (days) => monthOf(packedDate(days)),
  WEEK: isoWeek,
  DAY: (days) => dayOf(packedDate(days)),
  DOW: (days) => (isoDayOfWeek(days) % 7) + 1,
  DOY: dayOfYear,
  ISODOW: isoDayOfWeek,
  ISOYEAR: isoYear,
  DECADE: (days) => Math.floor(yearOf(packedDate(days)) / 10),
  CENTURY: (days) => ceilDivide(yearOf(packedDate(days)), 100),
  MILLENNIUM: (days) => ceilDivide(yearOf(packedDate(days)), 1000),
};

export function dateField(unit: string): DateField | undefined {
  return DATE_FIELDS[unit];
}

/** Rounds a date to a unit; up to the next unless it is the first day of one. */
export type RoundDate = (days: number) => number;

/**
 * Flink's CEIL leaves the first day of a year and of a month where it is, of a quarter only
 * January 1, and moves every day to the next decade, century or millennium.
 */
function monthRounding(months: number, isUp: boolean, base: number): RoundDate {
  return (days) => {
    const packed = packedDate(days);
    const total = (yearOf(packed) - base) * 12 + monthOf(packed) - 1;
    const floor = Math.floor(total / months) * months;
    const first = firstOfMonth(floor, base);
    const isExact = first === days && months <= 12 && (months !== 3 || monthOf(packed) === 1);
    return isUp && !isExact ? firstOfMonth(floor + months, base) : first;
  };
}

function firstOfMonth(total: number, base: number): number {
  const year = Math.floor(total / 12);
  return daysOf(year + base, total - year * 12 + 1, 1);
}

/** Weeks start on Sunday. */
function weekRounding(isUp: boolean): RoundDate {
  return (days) => {
    const sinceSunday = isoDayOfWeek(days) % 7;
    if (sinceSunday === 0) return days;
    return isUp ? days + 7 - sinceSunday : days - sinceSunday;
  };
}

/** How FLOOR (or CEIL) rounds whole days to this unit; undefined for DAY and shorter ones. */
export function dateRounding(unit: string, isUp: boolean): RoundDate | undefined {
  if (unit === 'WEEK') return weekRounding(isUp);
  const months = UNIT_MONTHS[unit];
  if (months === undefined) return undefined;
  return monthRounding(months, isUp, unit === 'CENTURY' || unit === 'MILLENNIUM' ? 1 : 0);
}

/** Whole months from one date to another, by days of the month as Flink counts them. */
export function monthsBetween(later: number, earlier: number): number {
  if (later < earlier) return -monthsBetween(earlier, later);
  let months = Math.floor((later - earlier) / 31);
  for (;;) {
    if (addMonths(earlier, months) >= later) return months;
    if (addMonths(earlier, months + 1) > later) return months;
    months++;
  }
}

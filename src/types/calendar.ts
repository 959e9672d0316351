/**
 * The proleptic Gregorian calendar of java.time, over plain numbers. native/kernels/calendar.h is
 * the same in C++. Days count from 1970-01-01.
 */

export const MS_PER_DAY = 86_400_000;

/** Days of a date; month 1..12, day may lie outside the month. */
export function daysOf(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100)
    + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/**
 * Year, month and day in one number, so that no object is made: unpack with yearOf, monthOf and
 * dayOf.
 */
export function packedDate(days: number): number {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460)
    + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4)
    - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return year * 512 + month * 32 + day;
}

export const yearOf = (packed: number): number => packed >> 9;
export const monthOf = (packed: number): number => (packed >> 5) & 15;
export const dayOf = (packed: number): number => packed & 31;

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** Days of a month 1..12. */
export function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : DAYS_IN_MONTH[month - 1]!;
}

/** Day of the year from 1. */
export function dayOfYear(days: number): number {
  return days - daysOf(yearOf(packedDate(days)), 1, 1) + 1;
}

/** 1 = Monday .. 7 = Sunday. */
export function isoDayOfWeek(days: number): number {
  const fromMonday = (days + 3) % 7;
  return (fromMonday < 0 ? fromMonday + 7 : fromMonday) + 1;
}

/** The year that the ISO week of a date belongs to. */
export function isoYear(days: number): number {
  return yearOf(packedDate(days - isoDayOfWeek(days) + 4));
}

/** The ISO week, 1..53. */
export function isoWeek(days: number): number {
  const thursday = days - isoDayOfWeek(days) + 4;
  return Math.floor((dayOfYear(thursday) - 1) / 7) + 1;
}

/** The date some months later, the day cut to the end of the month (2021-01-31 + 1 = 02-28). */
export function addMonths(days: number, months: number): number {
  const packed = packedDate(days);
  const total = yearOf(packed) * 12 + monthOf(packed) - 1 + months;
  const year = Math.floor(total / 12);
  const month = total - year * 12 + 1;
  return daysOf(year, month, Math.min(dayOf(packed), daysInMonth(year, month)));
}

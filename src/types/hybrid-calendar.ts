/**
 * The calendar of java.util.GregorianCalendar, which SimpleDateFormat uses: Julian before
 * 1582-10-15, Gregorian from then on.
 */
import { daysOf, packedDate } from './calendar.js';

/** The first Gregorian day. */
const CUTOVER = daysOf(1582, 10, 15);

/** Days between 0000-03-01 of the Julian calendar and 1970-01-01. */
const JULIAN_EPOCH = 719_470;

/** As packedDate. */
export function hybridPackedDate(days: number): number {
  if (days >= CUTOVER) return packedDate(days);
  const shifted = days + JULIAN_EPOCH;
  const cycle = Math.floor(shifted / 1461);
  const dayOfCycle = shifted - cycle * 1461;
  const yearOfCycle = Math.min(3, Math.floor(dayOfCycle / 365));
  const dayOfYear = dayOfCycle - yearOfCycle * 365;
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return (cycle * 4 + yearOfCycle + (month <= 2 ? 1 : 0)) * 512 + month * 32 + day;
}

/** Days of a date whose month and day may lie outside their ranges. */
export function hybridDaysOf(year: number, month: number, day: number): number {
  const total = year * 12 + month - 1;
  const realYear = Math.floor(total / 12);
  const realMonth = total - realYear * 12 + 1;
  const gregorian = daysOf(realYear, realMonth, 1) + day - 1;
  if (gregorian >= CUTOVER) return gregorian;
  const shifted = realMonth <= 2 ? realYear - 1 : realYear;
  const fromMarch = realMonth > 2 ? realMonth - 3 : realMonth + 9;
  return Math.floor(shifted * 365.25) + Math.floor((153 * fromMarch + 2) / 5) + day - 1
    - JULIAN_EPOCH;
}

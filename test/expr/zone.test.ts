import { describe, expect, it } from 'vitest';
import {
  addMonths, dayOf, dayOfYear, daysOf, isoDayOfWeek, isoWeek, isoYear, monthOf, packedDate, yearOf,
} from '../../src/types/calendar.js';
import { findZone, zoneOf, zoneOfOption } from '../../src/types/zone.js';

describe('the calendar', () => {
  it('agrees with Date on every day of four centuries', () => {
    for (let days = daysOf(1800, 1, 1); days < daysOf(2200, 1, 1); days++) {
      const date = new Date(days * 86_400_000);
      const packed = packedDate(days);
      const got = [yearOf(packed), monthOf(packed), dayOf(packed)];
      const want = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
      if (got.join() !== want.join() || daysOf(got[0]!, got[1]!, got[2]!) !== days) {
        expect(got).toEqual(want);
      }
    }
    expect(yearOf(packedDate(daysOf(-4, 2, 29)))).toBe(-4);
  });

  it('counts ISO weeks over the turn of the year', () => {
    expect([isoYear(daysOf(2021, 1, 3)), isoWeek(daysOf(2021, 1, 3))]).toEqual([2020, 53]);
    expect([isoYear(daysOf(2018, 12, 31)), isoWeek(daysOf(2018, 12, 31))]).toEqual([2019, 1]);
    expect(isoDayOfWeek(daysOf(1994, 9, 27))).toBe(2);
    expect(dayOfYear(daysOf(2020, 12, 31))).toBe(366);
  });

  it('cuts the day to the month when months are added', () => {
    expect(addMonths(daysOf(2021, 1, 31), 1)).toBe(daysOf(2021, 2, 28));
    expect(addMonths(daysOf(2020, 3, 31), -13)).toBe(daysOf(2019, 2, 28));
  });
});

describe('zones', () => {
  const newYork = zoneOf('America/New_York');
  const utc = (text: string): number => Date.parse(`${text}Z`);

  it('a time in a gap moves on, one in an overlap is the earlier', () => {
    expect(newYork.toUtc(utc('2021-03-14T02:30'))).toBe(utc('2021-03-14T07:30'));
    expect(newYork.toUtc(utc('2021-11-07T01:30'))).toBe(utc('2021-11-07T05:30'));
    expect(newYork.toUtcLater(utc('2021-11-07T01:30'))).toBe(utc('2021-11-07T06:30'));
    expect(newYork.toUtcLater(utc('2021-11-07T00:30'))).toBe(utc('2021-11-07T04:30'));
  });

  it('offsets change at the very second', () => {
    expect(newYork.offsetAt(utc('2021-03-14T06:59:59.999'))).toBe(-5 * 3_600_000);
    expect(newYork.offsetAt(utc('2021-03-14T07:00:00'))).toBe(-4 * 3_600_000);
  });

  it('fixed offsets need no database and unknown names are refused', () => {
    expect(zoneOf('GMT+08:00').offsetAt(0)).toBe(8 * 3_600_000);
    expect(zoneOf('-0530').offsetAt(0)).toBe(-5.5 * 3_600_000);
    expect(findZone('Mars/Olympus')).toBeUndefined();
    expect(() => zoneOf('Mars/Olympus')).toThrow(/MR2008/);
  });

  it('reads the table of a plan', () => {
    const table = { name: 'Test/Zone', first: 3600, at: [100], offsets: [7200] };
    expect(zoneOfOption(table).offsetAt(99_999)).toBe(3_600_000);
    expect(zoneOfOption(table).offsetAt(100_000)).toBe(7_200_000);
  });
});

import { describe, expect, it } from 'vitest';
import { NEXMARK_SCHEMA } from '../../src/connectors/nexmark/fields.js';
import { BIGINT, INT, STRING, timestamp } from '../../src/types/data-type.js';
import { Driver, ENGINES, makePipeline, type Row } from '../runtime/harness.js';
import { rowsAcrossRecovery, sourcePlan, sourceRows, type SourceSetup } from './source-runs.js';

const EVENTS = 20_000;

const whole = (options: Readonly<Record<string, string>> = {}): SourceSetup => ({
  connector: 'nexmark',
  options: { 'events.num': String(EVENTS), ...options },
  columns: NEXMARK_SCHEMA.map(({ name, type }) => ({ path: [name], type })),
});

const BIDS: SourceSetup = {
  connector: 'nexmark',
  options: { 'events.num': String(EVENTS) },
  columns: [
    { path: ['event_type'], type: INT },
    { path: ['bid', 'auction'], type: BIGINT },
    { path: ['bid', 'price'], type: BIGINT },
    { path: ['bid', 'channel'], type: STRING },
    { path: ['bid', 'dateTime'], type: timestamp(3) },
    { path: ['bid', 'extra'], type: STRING },
  ],
};

const kindOf = (row: Row): number => Number(row[0]);
const bidOf = (row: Row): Row => row[3] as Row;

describe('nexmark', () => {
  const variants: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    defaults: {},
    'another seed': { seed: '9007199254740991' },
    'slow events': { 'first-event.rate': '1' },
    'out of order': { 'out-of-order-group-size': '100' },
    'other proportions': {
      'person.proportion': '2', 'auction.proportion': '0', 'bid.proportion': '3',
    },
    'only persons and auctions': { 'bid.proportion': '0' },
    'other sizes': { 'bid.avg-size': '1 kb', 'person.avg-size': '1b', 'auction.avg-size': '2kb' },
  };
  for (const [name, options] of Object.entries(variants)) {
    it(`gives the same rows on both engines: ${name}`, async () => {
      const native = await sourceRows('native', whole(options));
      expect(native).toHaveLength(EVENTS);
      expect(await sourceRows('fallback', whole(options), { batchRows: 777 })).toEqual(native);
    });
  }

  it.each(ENGINES)('makes 1 person, 3 auctions and 46 bids of 50 events (%s)', async (engine) => {
    const rows = await sourceRows(engine, whole());
    const counts = [0, 1, 2].map((kind) => rows.filter((row) => kindOf(row) === kind).length);
    expect(counts).toEqual([EVENTS / 50, (EVENTS / 50) * 3, (EVENTS / 50) * 46]);
    // The first event of all has the id 2: the second auction of the first epoch.
    expect(rows.slice(0, 3).map(kindOf)).toEqual([1, 1, 2]);
    expect((rows[0]![2] as Row)[0]).toBe(1001n);
    for (const row of rows) {
      expect(row.slice(1).map((member) => member !== null)).toEqual(
        [0, 1, 2].map((kind) => kind === kindOf(row)));
    }
  });

  it.each(ENGINES)('makes hot ids and channels, prices, padding (%s)', async (engine) => {
    const rows = await sourceRows(engine, whole());
    const bids = rows.filter((row) => kindOf(row) === 2).map(bidOf);
    const share = (test: (bid: Row) => boolean): number => bids.filter(test).length / bids.length;
    expect(share((bid) => (bid[0] as bigint) % 100n === 0n)).toBeCloseTo(0.5, 1);
    expect(share((bid) => (bid[1] as bigint) % 100n === 1n)).toBeCloseTo(0.75, 1);
    expect(share((bid) => ['Google', 'Apple', 'Baidu', 'Facebook'].includes(bid[3] as string)))
      .toBeCloseTo(0.5, 1);
    // Ids of bidders begin 1000 above those of persons.
    expect(bids.every((bid) => (bid[1] as bigint) >= 2000n)).toBe(true);
    expect(bids.every((bid) => (bid[2] as bigint) >= 100n && (bid[2] as bigint) <= 100_000_000n))
      .toBe(true);
    expect(share((bid) => (bid[2] as bigint) < 100_000n)).toBeCloseTo(0.5, 1);
    const lengths = bids.map((bid) => (bid[6] as string).length);
    expect([Math.min(...lengths), Math.max(...lengths)]).toEqual([54, 81]);
  });

  it.each(ENGINES)('makes a column the same whichever others are read (%s)', async (engine) => {
    const rows = await sourceRows(engine, whole());
    const expected = rows.map((row) => {
      const bid = kindOf(row) === 2 ? bidOf(row) : [null, null, null, null, null, null, null];
      return [row[0], bid[0], bid[2], bid[3], bid[5], bid[6]];
    });
    expect(await sourceRows(engine, BIDS)).toEqual(expected);
  });

  it('shares the events out among subtasks, on parallel time lines', async () => {
    const key = (row: Row): string => JSON.stringify(row, (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value);
    const [native, fallback] = await Promise.all(ENGINES.map(async (engine) =>
      (await sourceRows(engine, whole(), { parallelism: 3 })).map(key).sort()));
    expect(native).toHaveLength(EVENTS);
    expect(fallback).toEqual(native);
  });

  it.each([
    ['native', 'native'], ['fallback', 'fallback'], ['native', 'fallback'], ['fallback', 'native'],
  ] as const)('goes on where a snapshot was taken: %s, then %s', async (first, second) => {
    const { before, after } = await rowsAcrossRecovery([first, second], BIDS, { batchRows: 100 });
    const all = await sourceRows('native', BIDS);
    const cut = all.length - after.length;
    expect(cut).toBeLessThanOrEqual(before.length);
    expect(cut % 100).toBe(0);
    expect(after).toEqual(all.slice(cut));
    expect(before.slice(0, cut)).toEqual(all.slice(0, cut));
  });

  it.each(ENGINES)('keeps to real time where max-emit-speed is off (%s)', async (engine) => {
    // Ten events a second: the clock stands, so only those of the first 100 ms have come.
    const setup = { ...BIDS, options: {
      'events.num': '40', 'first-event.rate': '10', 'max-emit-speed': 'false',
      'base-time': '1000000',
    } };
    const driver = new Driver(makePipeline(engine, sourcePlan(setup), { clockMs: 999_500 }));
    const rows = async (count: number, turns = 200): Promise<number> => {
      for (let i = 0; i < turns && (driver.said[0] ?? []).length < count; i++) {
        await new Promise((resolve) => setTimeout(resolve, 10));
        driver.drain(0);
      }
      return (driver.said[0] ?? []).filter((said) => Array.isArray(said)).length;
    };
    // The first event is of the future.
    expect(await rows(1, 30)).toBe(0);
    driver.pipeline.advanceClock(1_000_000);
    expect(await rows(1)).toBe(1);
    driver.pipeline.advanceClock(1_001_000);
    expect(await rows(11)).toBe(11);
    driver.pipeline.advanceClock(1_010_000);
    await driver.event('finished');
    expect(await rows(40)).toBe(40);
    await driver.pipeline.close();
  });

  it.each(ENGINES)('refuses options and columns it cannot serve (%s)', async (engine) => {
    const bad = { ...BIDS, options: { 'first-event.rate': '0' } };
    await expect(sourceRows(engine, bad)).rejects.toThrow(/MR2008/);
    const unknown = { ...BIDS, columns: [{ path: ['bid', 'prise'], type: BIGINT }] };
    await expect(sourceRows(engine, unknown)).rejects.toThrow(/MR2002/);
    const wrong = { ...BIDS, columns: [{ path: ['bid', 'price'], type: STRING }] };
    await expect(sourceRows(engine, wrong)).rejects.toThrow(/MR2007/);
  });
});

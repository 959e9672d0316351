/**
 * q6, which Flink refuses, on both engines against the plainest reading of the same events. Bids of
 * one seller and one time are put in the order of their auctions (`checkSql`), so that ties decide
 * nothing.
 */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { prepareInput, type PreparedInput } from '../../bench/nexmark/input.js';
import { nexmarkQuery } from '../../bench/nexmark/queries.js';
import { ChangeDigest, type Digest } from '../../bench/verify/change-digest.js';
import { digestOf } from '../../bench/verify/millrace.js';
import { variantsNamed } from '../../bench/verify/variants.js';

const EVENTS = 20_000;
const FRAME_ROWS = 10;

interface Auction {
  readonly id: number;
  readonly seller: number;
  readonly dateTime: string;
  readonly expires: string;
}

interface Winner extends Bid {
  readonly id: number;
}

interface Bid {
  readonly auction: number;
  readonly price: number;
  readonly dateTime: string;
}

interface Event {
  readonly auction: Auction | null;
  readonly bid: Bid | null;
}

const order = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** The highest of an auction's bids in time, the earliest of equal ones, by seller. */
function winningBids(events: readonly Event[]): Map<number, Winner[]> {
  const bids = new Map<number, Bid[]>();
  for (const { bid } of events) {
    if (bid !== null) bids.set(bid.auction, [...bids.get(bid.auction) ?? [], bid]);
  }
  const bySeller = new Map<number, Winner[]>();
  for (const { auction } of events) {
    if (auction === null) continue;
    const [best] = (bids.get(auction.id) ?? [])
      .filter((bid) => bid.dateTime >= auction.dateTime && bid.dateTime <= auction.expires)
      .sort((a, b) => b.price - a.price || order(a.dateTime, b.dateTime));
    if (best === undefined) continue;
    bySeller.set(auction.seller, [
      ...bySeller.get(auction.seller) ?? [], { ...best, id: auction.id },
    ]);
  }
  return bySeller;
}

function expectedDigest(path: string): Digest {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  const digest = new ChangeDigest();
  for (const [seller, list] of winningBids(lines.map((line) => JSON.parse(line) as Event))) {
    const bids = list.sort((a, b) => order(a.dateTime, b.dateTime) || a.id - b.id);
    bids.forEach((_, at) => {
      const frame = bids.slice(Math.max(0, at + 1 - FRAME_ROWS), at + 1);
      const average = Math.trunc(frame.reduce((sum, bid) => sum + bid.price, 0) / frame.length);
      digest.add('+I', `["${seller}","${average}"]`);
    });
  }
  return digest.finish();
}

let input: PreparedInput;

beforeAll(async () => {
  input = await prepareInput('json', EVENTS, 1);
});

describe.each(['native', 'fallback'] as const)('q6 on the %s engine', (engine) => {
  it.each(variantsNamed(['plain', 'batch-7']))('$name: the last ten of each seller',
    async (variant) => {
      if (input.table.kind === 'generator') throw new Error('q6 is judged over a file');
      const digest = await digestOf(nexmarkQuery('q6', input.table), engine, variant, EVENTS);
      const { rows, table } = expectedDigest(input.table.path);
      expect({ rows: digest.rows, table: digest.table }).toEqual({ rows, table });
      expect(digest.changes).toBeGreaterThan(digest.rows);
    }, 60_000);
});

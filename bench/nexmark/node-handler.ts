/**
 * What a Node user would write by hand for q0 and q17: readline, JSON.parse, a Map. Takes part
 * in the bench as "node".
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

interface Bid {
  readonly auction: number;
  readonly bidder: number;
  readonly price: number;
  readonly dateTime: string;
  readonly extra: string;
}

interface Event {
  readonly event_type: number;
  readonly bid: Bid | null;
}

interface Totals {
  total: number;
  rank1: number;
  rank2: number;
  rank3: number;
  min: number;
  max: number;
  sum: number;
  avg: number;
}

async function forEachBid(path: string, handle: (bid: Bid) => void): Promise<void> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
  for await (const line of lines) {
    const event = JSON.parse(line) as Event;
    if (event.event_type === 2 && event.bid !== null) handle(event.bid);
  }
}

/** Keeps what it makes reachable, as the blackhole does with finished columns. */
let finished = 0;

async function q0(path: string): Promise<number> {
  let rows = 0;
  await forEachBid(path, (bid) => {
    const row = [bid.auction, bid.bidder, bid.price, new Date(`${bid.dateTime}Z`), bid.extra];
    finished += row.length;
    rows += 1;
  });
  return rows;
}

function add(totals: Totals, price: number): void {
  totals.total += 1;
  if (price < 10_000) totals.rank1 += 1;
  else if (price < 1_000_000) totals.rank2 += 1;
  else totals.rank3 += 1;
  totals.min = Math.min(totals.min, price);
  totals.max = Math.max(totals.max, price);
  totals.sum += price;
  totals.avg = Math.trunc(totals.sum / totals.total);
}

async function q17(path: string): Promise<number> {
  const groups = new Map<string, Totals>();
  await forEachBid(path, (bid) => {
    const key = `${bid.auction}|${bid.dateTime.slice(0, 10)}`;
    let totals = groups.get(key);
    if (totals === undefined) {
      totals = {
        total: 0, rank1: 0, rank2: 0, rank3: 0, min: Infinity, max: -Infinity, sum: 0, avg: 0,
      };
      groups.set(key, totals);
    }
    add(totals, bid.price);
    finished += totals.avg > 0 ? 1 : 0;
  });
  return groups.size;
}

/** The queries this handler was written for; rows or groups as result. */
export const NODE_HANDLERS: Readonly<Record<string, (path: string) => Promise<number>>> = {
  q0,
  q17,
};

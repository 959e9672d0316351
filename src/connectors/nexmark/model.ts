/**
 * The Nexmark model: constants, options and the pools that strings are taken from. Semantics are
 * those of the reference generator (nexmark/nexmark); randomness is ours, seeded.
 * native/sources/nexmark-model.h states the same.
 */
import { fail } from '../../errors/index.js';
import { flagOption, integerOption } from '../options.js';
import { below, drawAt, GOLDEN, mix } from '../random.js';

export const FIRST_AUCTION_ID = 1000;
export const FIRST_PERSON_ID = 1000;
export const FIRST_CATEGORY_ID = 10;
export const CATEGORY_COUNT = 5;
export const ID_LEAD = 10;
/** Hot ids change every so many auctions or persons. */
export const HOT_BLOCK = 100;
export const IN_FLIGHT_AUCTIONS = 100;
export const ACTIVE_PEOPLE = 1000;
export const CHANNEL_COUNT = 10_000;
export const EXTRA_POOL_BYTES = 1024 * 1024;

/** Kinds of events, as in the column event_type. */
export const KIND = { person: 0, auction: 1, bid: 2 } as const;
export type Kind = (typeof KIND)[keyof typeof KIND];

/** Names the draws of an event. Numbers are for ever: they define the data of a seed. */
export const DRAW = {
  firstName: 0, lastName: 1, emailUser: 2, emailHost: 3, card: 4, city: 8, state: 9,
  personExtraSize: 10, personExtraOffset: 11,
  hotSeller: 16, seller: 17, category: 18, initialBid: 19, expires: 20, itemName: 21,
  description: 22, reserve: 23, auctionExtraSize: 24, auctionExtraOffset: 25, expiresLow: 26,
  hotAuction: 32, auction: 33, hotBidder: 34, bidder: 35, price: 36, hotChannel: 37,
  channel: 38, bidExtraSize: 39, bidExtraOffset: 40,
} as const;

export const STATES = ['AZ', 'CA', 'ID', 'OR', 'WA', 'WY'];
export const CITIES = [
  'Phoenix', 'Los Angeles', 'San Francisco', 'Boise', 'Portland', 'Bend', 'Redmond', 'Seattle',
  'Kent', 'Cheyenne',
];
export const FIRST_NAMES = [
  'Peter', 'Paul', 'Luke', 'John', 'Saul', 'Vicky', 'Kate', 'Julie', 'Sarah', 'Deiter', 'Walter',
];
export const LAST_NAMES = [
  'Shultz', 'Abrams', 'Spencer', 'White', 'Bartels', 'Walton', 'Smith', 'Jones', 'Noris',
];
export const HOT_CHANNELS = ['Google', 'Facebook', 'Baidu', 'Apple'];

export interface NexmarkOptions {
  readonly seed: number;
  readonly baseTimeMs: number;
  readonly firstEventRate: number;
  readonly personProportion: number;
  readonly auctionProportion: number;
  readonly bidProportion: number;
  readonly personSize: number;
  readonly auctionSize: number;
  readonly bidSize: number;
  readonly hotAuctions: number;
  readonly hotBidders: number;
  readonly hotSellers: number;
  readonly outOfOrderGroup: number;
  readonly maxEvents: number;
  /** -1 = never. */
  readonly stopAt: number;
  readonly keepAlive: boolean;
  readonly maxSpeed: boolean;
}

const MAX_EVENTS = 1_000_000_000_000;
const MAX_INT = 2_147_483_647;
const MAX_RATIO = 1_000_000;

/** Checks and reads a table's options; MR2008 for a value out of its range. */
export function parseNexmarkOptions(
  from: Readonly<Record<string, string>>,
): NexmarkOptions {
  const integer = (name: string, fallback: number, least: number, most: number): number =>
    integerOption(from, name, fallback, least, most);
  const options: NexmarkOptions = {
    seed: integer('seed', 0, 0, Number.MAX_SAFE_INTEGER),
    baseTimeMs: integer('base-time', 1_436_918_400_000, 0, 253_402_300_799_999),
    firstEventRate: integer('first-event.rate', 10_000, 1, MAX_INT),
    personProportion: integer('person.proportion', 1, 0, MAX_RATIO),
    auctionProportion: integer('auction.proportion', 3, 0, MAX_RATIO),
    bidProportion: integer('bid.proportion', 46, 0, MAX_RATIO),
    personSize: memorySize(from, 'person.avg-size', 200),
    auctionSize: memorySize(from, 'auction.avg-size', 500),
    bidSize: memorySize(from, 'bid.avg-size', 100),
    hotAuctions: integer('bid.hot-ratio.auctions', 2, 1, MAX_RATIO),
    hotBidders: integer('bid.hot-ratio.bidders', 4, 1, MAX_RATIO),
    hotSellers: integer('auction.hot-ratio.sellers', 4, 1, MAX_RATIO),
    outOfOrderGroup: integer('out-of-order-group-size', 1, 1, MAX_RATIO),
    maxEvents: integer('events.num', 0, 0, MAX_EVENTS) || MAX_EVENTS,
    stopAt: integer('stop-at', -1, -1, MAX_EVENTS),
    keepAlive: flagOption(from, 'keep-alive', false),
    maxSpeed: flagOption(from, 'max-emit-speed', true),
  };
  if (options.personProportion + options.auctionProportion + options.bidProportion === 0) {
    fail('MR2008', { name: 'bid.proportion', value: '0' });
  }
  return options;
}

const UNITS: Readonly<Record<string, number>> = {
  '': 1, b: 1, bytes: 1, k: 1024, kb: 1024, kibibytes: 1024,
  m: 1048576, mb: 1048576, mebibytes: 1048576,
};

/** `200b`, `1 kb`: Flink's memory sizes, as far as they make sense for one event. */
function memorySize(
  from: Readonly<Record<string, string>>, name: string, fallback: number,
): number {
  const text = from[name];
  if (text === undefined) return fallback;
  const match = /^([0-9]+) *([A-Za-z]*)$/.exec(text);
  const unit = match === null ? undefined : UNITS[match[2]!.toLowerCase()];
  const value = match === null || unit === undefined ? -1 : Number(match[1]) * unit;
  if (!(value >= 0 && value < EXTRA_POOL_BYTES / 2)) fail('MR2008', { name, value: text });
  return value;
}

/** One of n generators that run on parallel time lines. */
export interface Split {
  index: number;
  generators: number;
  firstEventId: number;
  maxEvents: number;
  emitted: number;
}

export function makeSplit(options: NexmarkOptions, index: number, generators: number): Split {
  const share = Math.floor(options.maxEvents / generators);
  const last = index === generators - 1;
  let maxEvents = last ? options.maxEvents - share * (generators - 1) : share;
  if (options.stopAt >= 0) {
    const stopShare = Math.floor(options.stopAt / generators);
    maxEvents = Math.min(
      maxEvents, last ? options.stopAt - stopShare * (generators - 1) : stopShare,
    );
  }
  return { index, generators, firstEventId: 1 + index * share, maxEvents, emitted: 0 };
}

/** Texts in one heap, by index. */
export interface TextPool {
  readonly heap: Uint8Array;
  readonly starts: Int32Array;
  readonly lengths: Int32Array;
}

/** ASCII texts side by side. */
export function textPool(texts: readonly string[]): TextPool {
  const starts = new Int32Array(texts.length);
  const lengths = new Int32Array(texts.length);
  let end = 0;
  texts.forEach((text, i) => {
    starts[i] = end;
    lengths[i] = text.length;
    end += text.length;
  });
  const heap = new Uint8Array(end);
  new TextEncoder().encodeInto(texts.join(''), heap);
  return { heap, starts, lengths };
}

// Streams of the pools, apart from those of events.
const EXTRA_POOL_STREAM = 0x65787472;
const HOT_URL_STREAM = 0x686f7475;
const CHANNEL_STREAM = 0x6368616e;

/** Text shared by all events of a seed; `channels` and `urls` begin with the four hot ones. */
export interface Pools {
  readonly extra: Uint8Array;
  readonly channels: TextPool;
  readonly urls: TextPool;
}

export function makePools(seed: number): Pools {
  const channels = [...HOT_CHANNELS];
  const hot = mix(seed ^ HOT_URL_STREAM);
  const urls = HOT_CHANNELS.map((_, i) => makeUrl(drawAt(hot, i)));
  const stream = mix(seed ^ CHANNEL_STREAM);
  for (let i = 0; i < CHANNEL_COUNT; i++) {
    const key = drawAt(stream, i);
    const id = below(drawAt(key, 3), 10) > 0 ? `&channel_id=${reversedBitsMagnitude(i)}` : '';
    channels.push(`channel-${i}`);
    urls.push(makeUrl(key) + id);
  }
  return {
    extra: makeExtraPool(mix(seed ^ EXTRA_POOL_STREAM)),
    channels: textPool(channels),
    urls: textPool(urls),
  };
}

/**
 * As the reference's: six letters from one signed number, so that half of the groups run from
 * 'a' down to 'H' and hold '\', '[', ']', '^', '_' and '`' too.
 */
function makeExtraPool(stream: number): Uint8Array {
  const pool = new Uint8Array(EXTRA_POOL_BYTES);
  let rest = 0;
  for (let i = 0; i < EXTRA_POOL_BYTES; i++) {
    if (i % 6 === 0) rest = drawAt(stream, i / 6) | 0;
    pool[i] = 97 + (rest % 26);
    rest = (rest / 26) | 0;
  }
  return pool;
}

function makeUrl(stream: number): string {
  const part = new Uint8Array(8);
  let url = 'https://www.nexmark.com/';
  for (let i = 0; i < 3; i++) {
    const length = randomString(drawAt(stream, i), 5, UNDERSCORE, part, 0);
    url += `${String.fromCharCode(...part.subarray(0, length))}/`;
  }
  return `${url}item.htm?query=1`;
}

function reversedBitsMagnitude(value: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 32; bit++) reversed |= ((value >>> bit) & 1) << (31 - bit);
  return Math.abs(reversed);
}

export const SPACE = 32;
export const UNDERSCORE = 95;

/**
 * 3 to maxLength - 1 letters, about one in 13 of them `special`, spaces at the ends removed.
 * `to` has room for maxLength bytes from `at`; returns the length.
 */
export function randomString(
  fieldKey: number, maxLength: number, special: number, to: Uint8Array, at: number,
): number {
  const length = 3 + below(mix(fieldKey) >>> 0, maxLength - 3);
  let stream = fieldKey;
  for (let i = 0; i < length; i++) {
    stream = (stream + GOLDEN) | 0;
    const u = mix(stream);
    const isSpecial = ((u >>> 16) * 13) >>> 16 === 0;
    to[at + i] = isSpecial ? special : 97 + (((u & 0xffff) * 26) >>> 16);
  }
  let begin = at;
  let end = at + length;
  while (end > begin && to[end - 1] === SPACE) end--;
  while (begin < end && to[begin] === SPACE) begin++;
  if (begin > at) to.copyWithin(at, begin, end);
  return end - begin;
}

/**
 * 10^(6u) as a product of two table entries and a linear rest: plain IEEE products only, so that
 * both engines get the same bits without a power function.
 */
const PRICE_HIGH = powers(100, 1.0135831333340657, 1024);
const PRICE_MIDDLE = powers(1, 1.000006587770493, 2048);

function powers(first: number, ratio: number, count: number): Float64Array {
  const table = new Float64Array(count);
  table[0] = first;
  for (let i = 1; i < count; i++) table[i] = table[i - 1]! * ratio;
  return table;
}

/** round(10^(6u) * 100): log-uniform in [100, 1e8]. */
export function randomPrice(u: number): number {
  const low = 1 + (u & 0x7ff) * 3.2166742156176534e-9;
  return Math.floor(PRICE_HIGH[u >>> 22]! * PRICE_MIDDLE[(u >>> 11) & 0x7ff]! * low + 0.5);
}

/** Bytes of padding that bring `currentSize` to `average` on average, within 20 %. */
export function extraSize(u: number, currentSize: number, average: number): number {
  if (currentSize > average) return 0;
  const wanted = average - currentSize;
  const delta = Math.floor((wanted + 2) / 5);
  return wanted - delta + below(u, 2 * delta);
}

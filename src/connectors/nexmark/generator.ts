/**
 * Fills columns with Nexmark events. Only the columns asked for are made; each value is a
 * function of (seed, event id, field) alone. native/sources/nexmark-generator.cpp does the same.
 */
import { Batch } from '../../batch/batch.js';
import { allocateColumn, type Column, writeI64 } from '../../batch/column.js';
import { below, belowWide, draw, recordKey, seedKey } from '../random.js';
import type { FieldPlan } from './fields.js';
import {
  ACTIVE_PEOPLE, CATEGORY_COUNT, CHANNEL_COUNT, CITIES, DRAW, EXTRA_POOL_BYTES, extraSize,
  FIRST_AUCTION_ID, FIRST_CATEGORY_ID, FIRST_NAMES, FIRST_PERSON_ID, HOT_BLOCK, HOT_CHANNELS,
  ID_LEAD, IN_FLIGHT_AUCTIONS, KIND, LAST_NAMES, makePools, randomPrice, randomString, SPACE,
  STATES, textPool, type NexmarkOptions, type Pools, type Split, type TextPool,
} from './model.js';

const CITY_POOL = textPool(CITIES);
const STATE_POOL = textPool(STATES);
const FIRST_NAME_POOL = textPool(FIRST_NAMES);
const LAST_NAME_POOL = textPool(LAST_NAMES);
const LONGEST_TEXT = 128;

/** The first event of all has number 1 and id 2. */
const FIRST_EVENT_NUMBER = 1;

export class NexmarkGenerator {
  readonly #pools: Pools;
  readonly #seed: number;
  readonly #scratch = new Uint8Array(LONGEST_TEXT);
  #delayUs = 0;
  /** One entry a row of the batch being made: adjusted event number, epoch, place, random key. */
  #numbers = new Float64Array(0);
  #epochs = new Float64Array(0);
  #offsets = new Int32Array(0);
  #keys = new Int32Array(0);
  /** Rows of a kind, and how many. */
  readonly #rows = [new Int32Array(0), new Int32Array(0), new Int32Array(0)];
  readonly #rowCounts = [0, 0, 0];

  constructor(
    private readonly options: NexmarkOptions,
    private readonly fields: readonly FieldPlan[],
  ) {
    this.#seed = seedKey(options.seed);
    this.#pools = makePools(this.#seed);
  }

  /** The next `count` events of a split; advances split.emitted. */
  generate(split: Split, count: number): Batch {
    this.#delayUs = this.#delayOf(split);
    this.#reserve(count);
    this.#numberEvents(split, count);
    split.emitted += count;
    return new Batch(count, this.fields.map((field) => this.#fill(field, count)));
  }

  /** Event time, in ms, of the `emitted`-th event of a split. */
  eventTime(split: Split, emitted: number): number {
    return this.#timeOf(FIRST_EVENT_NUMBER + emitted, this.#delayOf(split));
  }

  #delayOf(split: Split): number {
    return (1_000_000 / this.options.firstEventRate) * split.generators;
  }

  #timeOf(number: number, delayUs: number): number {
    return this.options.baseTimeMs + Math.trunc(Math.trunc(number * delayUs) / 1000);
  }

  #reserve(count: number): void {
    if (this.#keys.length >= count) return;
    this.#numbers = new Float64Array(count);
    this.#epochs = new Float64Array(count);
    this.#offsets = new Int32Array(count);
    this.#keys = new Int32Array(count);
    for (let kind = 0; kind < 3; kind++) this.#rows[kind] = new Int32Array(count);
  }

  #adjusted(number: number): number {
    const group = this.options.outOfOrderGroup;
    if (group === 1) return number;
    const base = Math.floor(number / group) * group;
    return base + (((number - base) * 953) % group);
  }

  #numberEvents(split: Split, count: number): void {
    const { personProportion, auctionProportion, bidProportion, outOfOrderGroup } = this.options;
    const total = personProportion + auctionProportion + bidProportion;
    const counts = this.#rowCounts;
    counts.fill(0);
    let epoch = 0;
    let offset = 0;
    for (let row = 0; row < count; row++) {
      const number = this.#adjusted(FIRST_EVENT_NUMBER + split.emitted + row);
      const id = split.firstEventId + number;
      if (row === 0 || outOfOrderGroup !== 1) {
        epoch = Math.floor(id / total);
        offset = id - epoch * total;
      } else if (++offset === total) {
        offset = 0;
        epoch++;
      }
      this.#numbers[row] = number;
      this.#epochs[row] = epoch;
      this.#offsets[row] = offset;
      this.#keys[row] = recordKey(this.#seed, id);
      const isBid = offset >= personProportion + auctionProportion;
      const kind = isBid ? KIND.bid : offset < personProportion ? KIND.person : KIND.auction;
      this.#rows[kind]![counts[kind]!++] = row;
    }
  }

  #rowsOf(kind: number): Int32Array {
    return this.#rows[kind]!.subarray(0, this.#rowCounts[kind]!);
  }

  #fill(field: FieldPlan, count: number): Column {
    const column = allocateColumn(field.type, count);
    if (field.name === 'event_type') {
      for (let kind = 0; kind < 3; kind++) {
        for (const row of this.#rowsOf(kind)) column.values[row] = kind;
      }
      return column;
    }
    const validity = new Uint8Array((count + 7) >> 3);
    for (const row of this.#rowsOf(field.kind)) validity[row >> 3]! |= 1 << (row & 7);
    column.validity = validity;
    if (field.name === 'row') {
      column.children = field.children.map((child) => this.#fill(child, count));
    } else this.#fillValues(field, column, this.#rowsOf(field.kind));
    return column;
  }

  #fillValues(field: FieldPlan, column: Column, rows: Int32Array): void {
    switch (field.kind) {
      case KIND.person:
        return this.#fillPerson(field, column, rows);
      case KIND.auction:
        return this.#fillAuction(field, column, rows);
      case KIND.bid:
        return this.#fillBid(field, column, rows);
    }
  }

  #fillTime(column: Column, rows: Int32Array): void {
    const values = column.values as Int32Array;
    for (const row of rows) writeI64(values, row, this.#timeOf(this.#numbers[row]!, this.#delayUs));
  }

  /** The newest auction when an event is made: its own id for an auction. */
  #lastAuction(row: number): number {
    const { personProportion, auctionProportion } = this.options;
    const offset = Math.min(this.#offsets[row]! - personProportion, auctionProportion - 1);
    return this.#epochs[row]! * auctionProportion + offset;
  }

  #lastPerson(row: number): number {
    const { personProportion } = this.options;
    const offset = Math.min(this.#offsets[row]!, personProportion - 1);
    return this.#epochs[row]! * personProportion + offset;
  }

  #nearPerson(row: number, u: number): number {
    const count = this.#lastPerson(row) + 1;
    const active = Math.min(count, ACTIVE_PEOPLE);
    return count - active + below(u, active + ID_LEAD);
  }

  #fillBid(field: FieldPlan, column: Column, rows: Int32Array): void {
    const values = column.values as Int32Array;
    switch (field.name) {
      case 'bid.auction':
        for (const row of rows) writeI64(values, row, this.#bidAuction(row));
        return;
      case 'bid.bidder':
        for (const row of rows) writeI64(values, row, this.#bidder(row));
        return;
      case 'bid.price':
        for (const row of rows) values[2 * row] = randomPrice(draw(this.#keys[row]!, DRAW.price));
        return;
      case 'bid.dateTime':
        return this.#fillTime(column, rows);
      case 'bid.channel':
        return this.#fillChannel(column, rows, this.#pools.channels);
      case 'bid.url':
        return this.#fillChannel(column, rows, this.#pools.urls);
      default:
        column.heap = this.#pools.extra;
        for (const row of rows) {
          this.#setExtra(
            column, row, DRAW.bidExtraSize, DRAW.bidExtraOffset, 32, this.options.bidSize,
          );
        }
    }
  }

  #bidAuction(row: number): number {
    const key = this.#keys[row]!;
    const last = this.#lastAuction(row);
    if (below(draw(key, DRAW.hotAuction), this.options.hotAuctions) > 0) {
      return FIRST_AUCTION_ID + Math.trunc(last / HOT_BLOCK) * HOT_BLOCK;
    }
    const least = Math.max(last - IN_FLIGHT_AUCTIONS, 0);
    return FIRST_AUCTION_ID + least + below(draw(key, DRAW.auction), last - least + 1 + ID_LEAD);
  }

  /** The first id is added twice, as by the reference: bidders lie 1000 above persons. */
  #bidder(row: number): number {
    const key = this.#keys[row]!;
    if (below(draw(key, DRAW.hotBidder), this.options.hotBidders) > 0) {
      const block = Math.trunc(this.#lastPerson(row) / HOT_BLOCK) * HOT_BLOCK;
      return 2 * FIRST_PERSON_ID + block + 1;
    }
    return 2 * FIRST_PERSON_ID + this.#nearPerson(row, draw(key, DRAW.bidder));
  }

  #fillChannel(column: Column, rows: Int32Array, pool: TextPool): void {
    column.heap = pool.heap;
    for (const row of rows) {
      const key = this.#keys[row]!;
      const u = draw(key, DRAW.channel);
      const isHot = below(draw(key, DRAW.hotChannel), 2) > 0;
      const index = isHot
        ? below(u, HOT_CHANNELS.length)
        : HOT_CHANNELS.length + below(u, CHANNEL_COUNT);
      column.starts[row] = pool.starts[index]!;
      column.lengths[row] = pool.lengths[index]!;
    }
  }

  #setExtra(
    column: Column, row: number, sizeDraw: number, offsetDraw: number, currentSize: number,
    average: number,
  ): void {
    const key = this.#keys[row]!;
    const size = extraSize(draw(key, sizeDraw), currentSize, average);
    column.starts[row] = below(draw(key, offsetDraw), EXTRA_POOL_BYTES - size);
    column.lengths[row] = size;
  }

  #fillAuction(field: FieldPlan, column: Column, rows: Int32Array): void {
    const values = column.values as Int32Array;
    switch (field.name) {
      case 'auction.id':
        for (const row of rows) writeI64(values, row, FIRST_AUCTION_ID + this.#lastAuction(row));
        return;
      case 'auction.itemName':
        return this.#fillText(column, rows, (row, to) => this.#itemName(row, to));
      case 'auction.description':
        return this.#fillText(column, rows, (row, to) => this.#auctionText(row, to));
      case 'auction.initialBid':
        for (const row of rows) writeI64(values, row, this.#initialBid(row));
        return;
      case 'auction.reserve':
        for (const row of rows) {
          const more = randomPrice(draw(this.#keys[row]!, DRAW.reserve));
          writeI64(values, row, this.#initialBid(row) + more);
        }
        return;
      case 'auction.dateTime':
        return this.#fillTime(column, rows);
      case 'auction.expires':
        for (const row of rows) writeI64(values, row, this.#expires(row));
        return;
      case 'auction.seller':
        for (const row of rows) writeI64(values, row, this.#seller(row));
        return;
      case 'auction.category':
        for (const row of rows) {
          const category = below(draw(this.#keys[row]!, DRAW.category), CATEGORY_COUNT);
          values[2 * row] = FIRST_CATEGORY_ID + category;
        }
        return;
      default:
        column.heap = this.#pools.extra;
        for (const row of rows) {
          const size = 48 + this.#itemName(row, this.#scratch) +
            this.#auctionText(row, this.#scratch);
          this.#setExtra(
            column, row, DRAW.auctionExtraSize, DRAW.auctionExtraOffset, size,
            this.options.auctionSize,
          );
        }
    }
  }

  #itemName(row: number, to: Uint8Array): number {
    return randomString(draw(this.#keys[row]!, DRAW.itemName), 20, SPACE, to, 0);
  }

  #auctionText(row: number, to: Uint8Array): number {
    return randomString(draw(this.#keys[row]!, DRAW.description), 100, SPACE, to, 0);
  }

  #initialBid(row: number): number {
    return randomPrice(draw(this.#keys[row]!, DRAW.initialBid));
  }

  #seller(row: number): number {
    const key = this.#keys[row]!;
    if (below(draw(key, DRAW.hotSeller), this.options.hotSellers) > 0) {
      return FIRST_PERSON_ID + Math.trunc(this.#lastPerson(row) / HOT_BLOCK) * HOT_BLOCK;
    }
    return FIRST_PERSON_ID + this.#nearPerson(row, draw(key, DRAW.seller));
  }

  /** 1 ms or more, on average until as many auctions as are in flight have come after it. */
  #expires(row: number): number {
    const { personProportion, auctionProportion, bidProportion } = this.options;
    const total = personProportion + auctionProportion + bidProportion;
    const number = this.#numbers[row]!;
    const time = this.#timeOf(number, this.#delayUs);
    const events = Math.floor((IN_FLIGHT_AUCTIONS * total) / auctionProportion);
    const horizon = this.#timeOf(number + events, this.#delayUs) - time;
    const u = draw(this.#keys[row]!, DRAW.expires);
    const v = draw(this.#keys[row]!, DRAW.expiresLow);
    return time + 1 + belowWide(u, v, Math.max(horizon * 2, 1));
  }

  /** Texts made one by one, in a heap of their own. */
  #fillText(
    column: Column, rows: Int32Array, make: (row: number, to: Uint8Array) => number,
  ): void {
    let heap = new Uint8Array(rows.length * 32 + LONGEST_TEXT);
    let end = 0;
    for (const row of rows) {
      if (end + LONGEST_TEXT > heap.length) {
        const larger = new Uint8Array(heap.length * 2);
        larger.set(heap);
        heap = larger;
      }
      const length = make(row, heap.subarray(end, end + LONGEST_TEXT));
      column.starts[row] = end;
      column.lengths[row] = length;
      end += length;
    }
    column.heap = heap.subarray(0, end);
  }

  #fillPerson(field: FieldPlan, column: Column, rows: Int32Array): void {
    const values = column.values as Int32Array;
    switch (field.name) {
      case 'person.id':
        for (const row of rows) writeI64(values, row, FIRST_PERSON_ID + this.#lastPerson(row));
        return;
      case 'person.name':
        return this.#fillText(column, rows, (row, to) => this.#name(row, to));
      case 'person.emailAddress':
        return this.#fillText(column, rows, (row, to) => this.#email(row, to));
      case 'person.creditCard':
        return this.#fillText(column, rows, (row, to) => this.#creditCard(row, to));
      case 'person.city':
        return this.#fillChoice(column, rows, DRAW.city, CITY_POOL);
      case 'person.state':
        return this.#fillChoice(column, rows, DRAW.state, STATE_POOL);
      case 'person.dateTime':
        return this.#fillTime(column, rows);
      default:
        column.heap = this.#pools.extra;
        for (const row of rows) {
          const city = below(draw(this.#keys[row]!, DRAW.city), CITIES.length);
          const size = 8 + this.#name(row, this.#scratch) + this.#email(row, this.#scratch) +
            19 + CITY_POOL.lengths[city]! + 2;
          this.#setExtra(
            column, row, DRAW.personExtraSize, DRAW.personExtraOffset, size,
            this.options.personSize,
          );
        }
    }
  }

  #fillChoice(column: Column, rows: Int32Array, name: number, pool: TextPool): void {
    column.heap = pool.heap;
    for (const row of rows) {
      const choice = below(draw(this.#keys[row]!, name), pool.starts.length);
      column.starts[row] = pool.starts[choice]!;
      column.lengths[row] = pool.lengths[choice]!;
    }
  }

  #name(row: number, to: Uint8Array): number {
    const key = this.#keys[row]!;
    const first = copyChoice(draw(key, DRAW.firstName), FIRST_NAME_POOL, to, 0);
    to[first] = SPACE;
    return first + 1 + copyChoice(draw(key, DRAW.lastName), LAST_NAME_POOL, to, first + 1);
  }

  #email(row: number, to: Uint8Array): number {
    const key = this.#keys[row]!;
    let end = randomString(draw(key, DRAW.emailUser), 7, SPACE, to, 0);
    to[end++] = 64;
    end += randomString(draw(key, DRAW.emailHost), 5, SPACE, to, end);
    to[end++] = 46;
    to[end++] = 99;
    to[end++] = 111;
    to[end++] = 109;
    return end;
  }

  /** Four groups of four digits. */
  #creditCard(row: number, to: Uint8Array): number {
    let end = 0;
    for (let group = 0; group < 4; group++) {
      if (group > 0) to[end++] = SPACE;
      let digits = below(draw(this.#keys[row]!, DRAW.card + group), 10_000);
      for (let place = end + 3; place >= end; place--) {
        to[place] = 48 + (digits % 10);
        digits = Math.floor(digits / 10);
      }
      end += 4;
    }
    return end;
  }
}

function copyChoice(u: number, pool: TextPool, to: Uint8Array, at: number): number {
  const choice = below(u, pool.starts.length);
  const start = pool.starts[choice]!;
  const length = pool.lengths[choice]!;
  for (let i = 0; i < length; i++) to[at + i] = pool.heap[start + i]!;
  return length;
}

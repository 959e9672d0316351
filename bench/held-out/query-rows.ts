/**
 * Queries over the Nexmark stream that nothing was tuned for, one row each; the text stands in
 * NAME.sql beside.
 */
import type { QueryRow } from '../nexmark/query-rows.js';

export const HELD_OUT_ROWS = {
  'busy-pairs': {
    columns: 'auction BIGINT, channel STRING, bids BIGINT, total BIGINT, spread BIGINT',
    equality: 'order',
  },
  'distinct-by-hour': {
    columns: 'category BIGINT, `hour` STRING, bidders BIGINT, sellers BIGINT, ' +
      'dear_channels BIGINT, average_raise BIGINT',
    equality: 'table',
  },
  'sell-and-buy': {
    columns: 'id BIGINT, auctions BIGINT, reserved BIGINT, bids BIGINT, dearest BIGINT, ' +
      'is_buyer BOOLEAN',
    equality: 'table',
  },
  cumulated: {
    columns: 'site STRING, window_end TIMESTAMP(3), bids BIGINT, cheap BIGINT, ' +
      'dearest_even BIGINT, rich_bidders BIGINT',
    equality: 'changes',
  },
  raises: {
    columns: 'bidder BIGINT, auction BIGINT, price BIGINT, raise BIGINT, is_same BOOLEAN, ' +
      'average BIGINT',
    equality: 'changes', readsInOrder: true,
  },
  sold: {
    columns: 'id BIGINT, itemName STRING, description STRING, reserve BIGINT, seller BIGINT',
    equality: 'table',
  },
  subtotals: {
    columns: 'category BIGINT, length INT, level BIGINT, auctions BIGINT, cheapest BIGINT, ' +
      'hoped BIGINT',
    equality: 'order',
  },
  'top-auctions': {
    columns: 'category BIGINT, id BIGINT, bids BIGINT, turnover BIGINT, place BIGINT',
    equality: 'table',
  },
  texts: {
    columns: 'auction BIGINT, stamp STRING, calendar BIGINT, folder STRING, letters STRING, ' +
      'code_name STRING, grade STRING, magnitude DECIMAL(8, 3), is_odd BOOLEAN',
    equality: 'order',
  },
  visits: {
    columns: 'bidder BIGINT, window_start TIMESTAMP(3), window_end TIMESTAMP(3), bids BIGINT, ' +
      'sites STRING, low BIGINT, high BIGINT, auctions BIGINT',
    equality: 'changes', readsInOrder: true,
  },
  'last-seen': {
    columns: 'id BIGINT, first_seen TIMESTAMP(3), last_seen TIMESTAMP(3), times BIGINT, ' +
      'kinds BIGINT, busiest STRING',
    equality: 'table',
  },
  'first-bids': {
    columns: 'id BIGINT, opened TIMESTAMP(3), state STRING, bidder BIGINT, price BIGINT, ' +
      'seconds INT',
    equality: 'changes', lateRowsVary: true,
  },
} as const satisfies Readonly<Record<string, QueryRow>>;

/** Rows of the operators that keep the best or the last rows: each strategy of a rank. */
import { formsOf, type OperatorBench, windowed } from './row.js';

const first = (order: string, table = 'bids'): string => `SELECT auction, bidder, price FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY auction ORDER BY ${order}) AS n FROM ${table})
  WHERE n = 1`;
const best = (count: number, list: string, order: string, from: string): string =>
  `SELECT ${list} FROM (SELECT *, ROW_NUMBER() OVER (
    PARTITION BY auction ORDER BY ${order}) AS n FROM ${from}) WHERE n <= ${count}`;
const COUNTS = `(SELECT auction, bidder, COUNT(*) AS c, SUM(price) AS s FROM bids
  GROUP BY auction, bidder)`;
const inWindows = (keys: string, order: string, condition: string): string =>
  `SELECT auction, bidder, price FROM (SELECT *, ROW_NUMBER() OVER (
    PARTITION BY window_start, window_end${keys} ORDER BY ${order}) AS n
  FROM ${windowed('bids')}) WHERE ${condition}`;

export const RANKS: readonly OperatorBench[] = [
  ...formsOf('rank', {
    append: best(3, 'auction, bidder, price', 'price DESC', 'bids'),
    'append, numbered': best(3, 'auction, price, n', 'price DESC', 'bids'),
    'update-fast': best(3, 'auction, bidder, c', 'c DESC', COUNTS),
    retract: best(3, 'auction, bidder, s', 's DESC, c', COUNTS),
    'ORDER BY .. LIMIT': 'SELECT auction, bidder, price FROM bids ORDER BY price DESC LIMIT 100',
  }),
  ...formsOf('deduplicate', {
    'first by row time': first('ts'),
    'last by row time': first('ts DESC'),
    'first by the clock': first('p', 'timed'),
    'last by the clock': first('p DESC', 'timed'),
  }),
  ...formsOf('window-rank', {
    'of all': inWindows('', 'price DESC', 'n <= 10'),
    'by auction': inWindows(', auction', 'price DESC', 'n <= 2'),
  }),
  ...formsOf('window-deduplicate', {
    first: inWindows(', auction', 'ts', 'n = 1'),
    last: inWindows(', auction', 'ts DESC', 'n = 1'),
  }),
];

/** Rows of the joins: bids beside their auctions, by every form of join. */
import { formsOf, type OperatorBench, windowed } from './row.js';

const inWindows = (join: string, more = ''): string => `SELECT b.auction, a.seller, b.price
  FROM ${windowed('bids')} b ${join} ${windowed('auctions')} a ON a.id = b.auction
  AND a.window_start = b.window_start AND a.window_end = b.window_end${more}`;
const regular = (join: string, more = ''): string => `SELECT b.auction, a.seller, b.price
  FROM bids b ${join} auctions a ON a.id = b.auction${more}`;

export const JOINS: readonly OperatorBench[] = [
  ...formsOf('join', {
    inner: regular('JOIN'),
    'inner, with a condition on both sides': regular('JOIN', ' AND b.price > a.reserve'),
    left: regular('LEFT JOIN'),
    right: regular('RIGHT JOIN'),
    full: regular('FULL JOIN'),
    semi: 'SELECT auction, bidder, price FROM bids WHERE auction IN (SELECT id FROM auctions)',
    anti: `SELECT auction, bidder, price FROM bids b
      WHERE NOT EXISTS (SELECT 1 FROM auctions a WHERE a.id = b.auction)`,
    'EXISTS under OR': `SELECT auction, bidder, price FROM bids b
      WHERE price > 9000000 OR EXISTS (SELECT 1 FROM auctions a WHERE a.id = b.auction)`,
    'inner with unique keys': `SELECT b.auction, a.seller, b.n
      FROM (SELECT auction, COUNT(*) AS n FROM bids GROUP BY auction) b
      JOIN (SELECT id, MAX(seller) AS seller FROM auctions GROUP BY id) a ON a.id = b.auction`,
  }),
  ...formsOf('window-join', {
    inner: inWindows('JOIN'),
    left: inWindows('LEFT JOIN', ' AND b.price > a.reserve'),
  }),
  ...formsOf('interval-join', {
    inner: `SELECT b.auction, a.seller, b.price FROM bids b JOIN auctions a
      ON a.id = b.auction AND b.ts BETWEEN a.ts AND a.ts + INTERVAL '20' SECOND`,
    left: `SELECT b.auction, a.seller, b.price FROM bids b LEFT JOIN auctions a
      ON a.id = b.auction AND b.ts BETWEEN a.ts AND a.ts + INTERVAL '20' SECOND`,
  }),
  ...formsOf('temporal-join', {
    inner: `SELECT b.auction, a.seller, b.price
      FROM bids b JOIN latest FOR SYSTEM_TIME AS OF b.ts AS a ON a.id = b.auction`,
    left: `SELECT b.auction, a.seller, b.price
      FROM bids b LEFT JOIN latest FOR SYSTEM_TIME AS OF b.ts AS a ON a.id = b.auction`,
  }),
];

/** Rows of the operators that aggregate without a window, and of those they stand on. */
import { formsOf, type OperatorBench } from './row.js';

export const AGGREGATES: readonly OperatorBench[] = [
  ...formsOf('group-aggregate', {
    counts: 'SELECT auction, COUNT(*), SUM(price) FROM bids GROUP BY auction',
    filters: `SELECT auction, COUNT(*) FILTER (WHERE price < 1000000),
      AVG(price) + MIN(price) + MAX(price) FROM bids GROUP BY auction`,
    distinct: `SELECT auction, COUNT(DISTINCT bidder), COUNT(DISTINCT channel)
      FROM bids GROUP BY auction`,
    'with retraction': `SELECT n, COUNT(*), MAX(auction) FROM (
      SELECT auction, COUNT(*) AS n FROM bids GROUP BY auction) GROUP BY n`,
    'all rows': 'SELECT COUNT(*), SUM(price), MAX(bidder) FROM bids',
    'two columns, one a text': `SELECT auction, CHAR_LENGTH(channel), COUNT(*)
      FROM bids GROUP BY auction, channel`,
  }),
  ...formsOf('expand', {
    rollup: 'SELECT auction, bidder, COUNT(*) FROM bids GROUP BY ROLLUP (auction, bidder)',
    'grouping sets': `SELECT auction, bidder, SUM(price) FROM bids
      GROUP BY GROUPING SETS ((auction), (bidder))`,
  }),
];

/** Rows of the operators that aggregate without a window, and of those they stand on. */
import { formsOf, type OperatorBench } from './row.js';

const BUNDLES = {
  'table.exec.mini-batch.enabled': 'true',
  'table.exec.mini-batch.allow-latency': '1 s',
  'table.exec.mini-batch.size': '5000',
};

const TWO_PHASES = {
  'few keys': 'SELECT CHAR_LENGTH(channel), COUNT(*), SUM(price) FROM bids GROUP BY channel',
  'many keys': 'SELECT auction, COUNT(*), AVG(price) + MIN(price) FROM bids GROUP BY auction',
  distinct: `SELECT CHAR_LENGTH(channel), COUNT(DISTINCT bidder), COUNT(DISTINCT auction)
    FROM bids GROUP BY channel`,
};

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
  ...['local-group-aggregate' as const, 'global-group-aggregate' as const].flatMap((kind) =>
    formsOf(kind, TWO_PHASES).map((bench) => ({ ...bench, settings: BUNDLES }))),
  ...formsOf('expand', {
    rollup: 'SELECT auction, bidder, COUNT(*) FROM bids GROUP BY ROLLUP (auction, bidder)',
    'grouping sets': `SELECT auction, bidder, SUM(price) FROM bids
      GROUP BY GROUPING SETS ((auction), (bidder))`,
  }),
];

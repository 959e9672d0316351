/**
 * Rows of the operators over time: OVER, windows of every kind, sorts, row patterns. Windows of the
 * clock close when the clock says, so that two runs have no equal result: q12 of Nexmark is theirs.
 */
import { formsOf, type OperatorBench } from './row.js';

const OVER = 'PARTITION BY auction ORDER BY ts';
const over = (calls: string, frame: string, table = 'bids'): string =>
  `SELECT auction, ${calls} FROM ${table} WINDOW w AS (${frame})`;
const matched = (pattern: string): string => `SELECT * FROM bids MATCH_RECOGNIZE (
  PARTITION BY auction ORDER BY ts MEASURES LAST(A.bidder) AS a, B.price AS b
  AFTER MATCH SKIP PAST LAST ROW ${pattern})`;
const TUMBLE = "TUMBLE(TABLE bids, DESCRIPTOR(ts), INTERVAL '10' SECOND)";
const HOP = "HOP(TABLE bids, DESCRIPTOR(ts), INTERVAL '2' SECOND, INTERVAL '10' SECOND)";
const CUMULATE = HOP.replace('HOP', 'CUMULATE');
const SESSION =
  "SESSION(TABLE bids PARTITION BY bidder, DESCRIPTOR(ts), INTERVAL '2' SECOND)";
const SUMS = 'auction, COUNT(*), SUM(price)';
const ROWS = 'auction, price, bidder';
const BY_AUCTION = 'GROUP BY window_start, window_end, auction';
const selectFrom = (list: string, window: string, group = ''): string =>
  `SELECT ${list} FROM TABLE(${window}) ${group}`;

export const TIMES: readonly OperatorBench[] = [
  ...formsOf('over-aggregate', {
    '10 rows': over('SUM(price) OVER w, COUNT(price) OVER w',
      `${OVER} ROWS BETWEEN 10 PRECEDING AND CURRENT ROW`),
    '2 s': over('SUM(price) OVER w, MAX(price) OVER w',
      `${OVER} RANGE BETWEEN INTERVAL '2' SECOND PRECEDING AND CURRENT ROW`),
    all: over('SUM(price) OVER w, MIN(price) OVER w', OVER),
    'all rows before': over('SUM(price) OVER w, MIN(price) OVER w',
      `${OVER} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW`),
    'by the clock, 10 rows': over('SUM(price) OVER w, COUNT(price) OVER w',
      'PARTITION BY auction ORDER BY p ROWS BETWEEN 10 PRECEDING AND CURRENT ROW', 'timed'),
    'by the clock, all': over('SUM(price) OVER w, MIN(price) OVER w',
      'PARTITION BY auction ORDER BY p', 'timed'),
  }),
  ...formsOf('window-table-function', {
    tumble: selectFrom(ROWS, TUMBLE),
    'hop of 5': selectFrom(ROWS, HOP),
    'cumulate of 5': selectFrom(ROWS, CUMULATE),
  }),
  ...formsOf('window-aggregate', {
    tumble: selectFrom(SUMS, TUMBLE, BY_AUCTION),
    'hop of 5': selectFrom(SUMS, HOP, BY_AUCTION),
    'cumulate of 5': selectFrom(SUMS, CUMULATE, BY_AUCTION),
    distinct: selectFrom('auction, COUNT(DISTINCT bidder), COUNT(*)', TUMBLE, BY_AUCTION),
    rollup: selectFrom(SUMS, TUMBLE, 'GROUP BY window_start, window_end, ROLLUP (auction)'),
  }),
  ...formsOf('session-window', { rows: selectFrom(ROWS, SESSION) }),
  ...formsOf('window-aggregate', {
    session: selectFrom('bidder, COUNT(*), SUM(price)', SESSION,
      'GROUP BY bidder, window_start, window_end'),
  }),
  ...formsOf('match', {
    'conditions on a row': matched('PATTERN (A+ B) DEFINE A AS price < 1000000'),
    'earlier rows': matched(`PATTERN (A+ B) DEFINE
      A AS LAST(A.price, 1) IS NULL OR A.price < LAST(A.price, 1), B AS B.price > FIRST(A.price)`),
    'an average': matched(`PATTERN (A+ B) WITHIN INTERVAL '10' SECOND
      DEFINE A AS AVG(A.price) < 5000000`),
  }),
  ...formsOf('temporal-sort', {
    '': 'SELECT auction, bidder, price FROM bids ORDER BY ts, price',
  }),
];

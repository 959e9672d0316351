/** Rows of the operators that take row after row: the plain path, unions, what counts rows. */
import { formsOf, type OperatorBench } from './row.js';

const PLAIN = 'SELECT auction, bidder, price FROM bids';

export const ROWS: readonly OperatorBench[] = [
  ...formsOf('source', { '': PLAIN }),
  ...formsOf('calc', {
    arithmetic: 'SELECT auction * 2 + bidder, MOD(price, 100), price - auction FROM bids',
    filter: `SELECT auction, bidder, price FROM bids
      WHERE MOD(auction, 123) = 0 OR price BETWEEN 1000 AND 50000`,
    texts: `SELECT auction, CAST(CHAR_LENGTH(UPPER(channel) || '-' || channel) AS BIGINT),
      CASE WHEN channel LIKE 'channel-1%' THEN 1 ELSE 0 END FROM bids`,
  }),
  ...formsOf('watermark-assigner', { '': 'SELECT auction, bidder, price FROM bids' }),
  ...formsOf('union', {
    'of two': `${PLAIN} UNION ALL SELECT seller, id, reserve FROM auctions`,
    'of three': `${PLAIN} UNION ALL SELECT bidder, auction, price FROM bids
      UNION ALL SELECT seller, id, reserve FROM auctions`,
  }),
  ...formsOf('limit', { '': `${PLAIN} LIMIT 1000000000` }),
  {
    kind: 'sink', form: 'a file', query: PLAIN,
    into: `'connector' = 'filesystem', 'path' = '<folder>', 'format' = 'csv'`,
  },
];

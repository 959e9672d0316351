/** Rows of the operators that put rows beside each row: UNNEST and lookup joins. */
import { formsOf, type OperatorBench } from './row.js';

const ITEMS = 'UNNEST(ARRAY[auction, bidder, price])';
const lookup = (join: string): string => `SELECT b.auction, b.price,
  CAST(CHAR_LENGTH(s.\`value\`) AS BIGINT) FROM timed AS b
  ${join} side_input FOR SYSTEM_TIME AS OF b.p AS s ON MOD(b.auction, 20000) = s.key`;

export const CORRELATES: readonly OperatorBench[] = [
  ...formsOf('correlate', {
    unnest: `SELECT auction, price, x FROM bids CROSS JOIN ${ITEMS} AS u(x)`,
    'unnest with a condition':
      `SELECT auction, price, x FROM bids LEFT JOIN ${ITEMS} AS u(x) ON x > 5000`,
    'unnest with ordinality': `SELECT auction, x, CAST(o AS BIGINT) FROM bids
      CROSS JOIN ${ITEMS} WITH ORDINALITY AS u(x, o)`,
  }),
  ...formsOf('lookup-join', { inner: lookup('JOIN'), left: lookup('LEFT JOIN') }),
];

/** Rows of the operators that read, show and settle changes. */
import { formsOf, type OperatorBench } from './row.js';

const COUNTS = 'SELECT auction, COUNT(*) AS n, SUM(price) AS s FROM bids GROUP BY auction';
const PAIRS = 'SELECT auction, bidder, COUNT(*) FROM bids GROUP BY auction, bidder';
const BY_FIRST = 'a BIGINT, b BIGINT, c BIGINT, PRIMARY KEY (a) NOT ENFORCED';
/** Two of three prices are rows that come, the third takes one away. */
const CODES = `(SELECT auction, bidder, price,
  CASE MOD(price, 3) WHEN 0 THEN 'c' WHEN 1 THEN 'r' ELSE 'd' END AS op FROM bids)`;

export const CHANGES: readonly OperatorBench[] = [
  {
    kind: 'changelog-normalize', form: '',
    query: 'SELECT id, auction, price FROM changes',
    settings: { 'table.exec.source.cdc-events-duplicate': 'true' },
  },
  {
    kind: 'drop-update-before', form: '', sink: BY_FIRST,
    query: 'SELECT id, auction, price FROM changes',
  },
  {
    kind: 'to-changelog', form: '', sink: 'op STRING, a BIGINT, n BIGINT, s BIGINT',
    query: `SELECT * FROM TO_CHANGELOG(input => (${COUNTS}))`,
  },
  ...formsOf('from-changelog', {
    '': `SELECT auction, bidder, price FROM FROM_CHANGELOG(input => ${CODES},
      op_mapping => MAP['c, r', 'INSERT', 'd', 'DELETE'])`,
  }),
  {
    kind: 'sink-upsert-materialize', form: '', query: PAIRS, sink: BY_FIRST,
    conflict: 'ON CONFLICT DO DEDUPLICATE',
  },
  {
    kind: 'sink-conflict', form: 'the first stays', query: PAIRS, sink: BY_FIRST,
    conflict: 'ON CONFLICT DO NOTHING',
  },
];

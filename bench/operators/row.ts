/** A bench of an operator, and the tables that the benches read. */
import type { OPERATORS } from '../../spec/operators.js';

export type OperatorKind = (typeof OPERATORS)[number]['kind'];

export interface OperatorBench {
  /** The operator of spec/operators.ts that this row stands for; it must be in the plan. */
  readonly kind: OperatorKind;
  /** What is special about it; kind and form name the row. */
  readonly form: string;
  readonly query: string;
  /** Columns of the sink, with its key; three of type BIGINT otherwise. */
  readonly sink?: string;
  /** What stands behind the query: ON CONFLICT. */
  readonly conflict?: string;
  readonly settings?: Readonly<Record<string, string>>;
  /** Written to while the time runs, instead of a blackhole; `<folder>` is a folder of its own. */
  readonly into?: string;
}

/** The rows of one operator: a query for each of its forms. */
export function formsOf(
  kind: OperatorKind, forms: Readonly<Record<string, string>>,
): readonly OperatorBench[] {
  return Object.entries(forms).map(([form, query]) => ({ kind, form, query }));
}

export const nameOf = ({ kind, form }: OperatorBench): string =>
  (form === '' ? kind : `${kind}, ${form}`);

/** Rows of one input in windows of 10 seconds. */
export const windowed = (table: string): string =>
  `TABLE(TUMBLE(TABLE ${table}, DESCRIPTOR(ts), INTERVAL '10' SECOND))`;

/** What the tables are made of. */
export interface Inputs {
  readonly events: number;
  /** CSV file of keys and values. */
  readonly sideInput: string;
  /** File of changes in Debezium's format. */
  readonly changes: string;
}

/** Statements that make the tables; the columns of `changes` are as bids have them, with a key. */
export const tables = ({ events, sideInput, changes }: Inputs): readonly string[] => [
  `CREATE TABLE events (
    event_type INT,
    person ROW<id BIGINT, name STRING, \`emailAddress\` STRING, \`creditCard\` STRING, city STRING,
               state STRING, \`dateTime\` TIMESTAMP(3), extra STRING>,
    auction ROW<id BIGINT, \`itemName\` STRING, description STRING, \`initialBid\` BIGINT,
                reserve BIGINT, \`dateTime\` TIMESTAMP(3), expires TIMESTAMP(3), seller BIGINT,
                category BIGINT, extra STRING>,
    bid ROW<auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, url STRING,
            \`dateTime\` TIMESTAMP(3), extra STRING>,
    ts AS COALESCE(bid.\`dateTime\`, auction.\`dateTime\`, person.\`dateTime\`),
    WATERMARK FOR ts AS ts - INTERVAL '4' SECOND
  ) WITH ('connector' = 'nexmark', 'events.num' = '${events}', 'seed' = '1')`,
  `CREATE VIEW bids AS
    SELECT bid.auction AS auction, bid.bidder AS bidder, bid.price AS price,
      bid.channel AS channel, ts
    FROM events WHERE event_type = 2`,
  'CREATE VIEW timed AS SELECT *, PROCTIME() AS p FROM bids',
  `CREATE VIEW auctions AS
    SELECT auction.id AS id, auction.seller AS seller, auction.reserve AS reserve, ts
    FROM events WHERE event_type = 1`,
  `CREATE VIEW latest AS SELECT id, seller, reserve, ts FROM (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY id ORDER BY ts DESC) AS n FROM auctions) WHERE n = 1`,
  `CREATE TABLE side_input (key BIGINT, \`value\` STRING) WITH (
    'connector' = 'filesystem', 'path' = '${sideInput}', 'format' = 'csv')`,
  `CREATE TABLE changes (id BIGINT, auction BIGINT, price BIGINT, PRIMARY KEY (id) NOT ENFORCED)
    WITH ('connector' = 'filesystem', 'path' = '${changes}', 'format' = 'debezium-json')`,
];

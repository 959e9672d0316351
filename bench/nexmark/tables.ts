/**
 * The Nexmark stream as SQL: one wide table of events from any input, and the views person,
 * auction and bid that the queries read.
 */
export type NexmarkInput =
  | { readonly kind: 'generator'; readonly events: number; readonly seed: number }
  | {
    readonly kind: 'json' | 'parquet';
    readonly path: string;
    /** Subtasks that read; as many as the job has unless set. */
    readonly scanParallelism?: number;
  };

/** How far the watermark stays behind the newest event. */
const DELAY = "INTERVAL '4' SECOND";

const PERSON =
  'ROW<id BIGINT, name STRING, emailAddress STRING, creditCard STRING, city STRING, ' +
  'state STRING, `dateTime` TIMESTAMP(3), extra STRING>';
const AUCTION =
  'ROW<id BIGINT, itemName STRING, description STRING, initialBid BIGINT, reserve BIGINT, ' +
  '`dateTime` TIMESTAMP(3), expires TIMESTAMP(3), seller BIGINT, category BIGINT, extra STRING>';
const BID =
  'ROW<auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, url STRING, ' +
  '`dateTime` TIMESTAMP(3), extra STRING>';

/** The physical columns of the table of events. */
export const nexmarkColumns =
  `event_type INT, person ${PERSON}, auction ${AUCTION}, bid ${BID}`;

const MEMBERS = {
  person: ['id', 'name', 'emailAddress', 'creditCard', 'city', 'state', 'extra'],
  auction: [
    'id', 'itemName', 'description', 'initialBid', 'reserve', 'expires', 'seller', 'category',
    'extra',
  ],
  bid: ['auction', 'bidder', 'price', 'channel', 'url', 'extra'],
} as const;

function connectorOptions(input: NexmarkInput): string {
  if (input.kind === 'generator') {
    return `'connector' = 'nexmark', 'events.num' = '${input.events}', 'seed' = '${input.seed}'`;
  }
  const scan = input.scanParallelism === undefined ? ''
    : `, 'scan.parallelism' = '${input.scanParallelism}'`;
  const zone = input.kind === 'parquet' ? ", 'parquet.utc-timezone' = 'true'" : '';
  return `'connector' = 'filesystem', 'path' = '${input.path}', 'format' = '${input.kind}'` +
    `${zone}${scan}`;
}

function view(name: keyof typeof MEMBERS, eventType: number): string {
  const members = MEMBERS[name].map((member) => `${name}.${member}`);
  const columns = [...members.slice(0, -1), '`dateTime`', ...members.slice(-1)].join(', ');
  return `CREATE TEMPORARY VIEW ${name} AS SELECT ${columns} FROM events ` +
    `WHERE event_type = ${eventType}`;
}

/** The statements that come before a query, each without its semicolon. */
export function nexmarkTables(input: NexmarkInput, delay = DELAY): string[] {
  const rowtime =
    '`dateTime` AS CASE WHEN event_type = 0 THEN person.`dateTime` ' +
    'WHEN event_type = 1 THEN auction.`dateTime` ELSE bid.`dateTime` END';
  return [
    `CREATE TEMPORARY TABLE events (${nexmarkColumns}, ${rowtime}, ` +
      `WATERMARK FOR \`dateTime\` AS \`dateTime\` - ${delay}) WITH (${connectorOptions(input)})`,
    view('person', 0),
    view('auction', 1),
    view('bid', 2),
  ];
}

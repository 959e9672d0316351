/** The Nexmark stream as a Parquet file: nested rows, Snappy, row groups of 100,000 events. */
import type { SchemaElement } from 'hyparquet';
import { fileWriter, parquetWriteRows } from 'hyparquet-writer';
import { TableEnvironment, type Row, type RowValue } from '../../src/index.js';
import { nexmarkTables, type NexmarkInput } from './tables.js';

const TIMES: ReadonlySet<string> = new Set(['dateTime', 'expires']);

const TEXTS: Readonly<Record<string, readonly string[]>> = {
  person: ['name', 'emailAddress', 'creditCard', 'city', 'state', 'extra'],
  auction: ['itemName', 'description', 'extra'],
  bid: ['channel', 'url', 'extra'],
};

const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  person: ['id', 'name', 'emailAddress', 'creditCard', 'city', 'state', 'dateTime', 'extra'],
  auction: [
    'id', 'itemName', 'description', 'initialBid', 'reserve', 'dateTime', 'expires', 'seller',
    'category', 'extra',
  ],
  bid: ['auction', 'bidder', 'price', 'channel', 'url', 'dateTime', 'extra'],
};

function leaf(row: string, name: string): SchemaElement {
  const base = { name, repetition_type: 'OPTIONAL' } as const;
  if (TEXTS[row]?.includes(name) === true) {
    return { ...base, type: 'BYTE_ARRAY', converted_type: 'UTF8' };
  }
  if (!TIMES.has(name)) return { ...base, type: 'INT64' };
  return {
    ...base, type: 'INT64',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'MILLIS' },
  };
}

function schema(): SchemaElement[] {
  const rows = Object.entries(MEMBERS);
  return [
    { name: 'root', num_children: rows.length + 1 },
    { name: 'event_type', type: 'INT32', repetition_type: 'OPTIONAL' },
    ...rows.flatMap(([row, members]): SchemaElement[] => [
      { name: row, num_children: members.length, repetition_type: 'OPTIONAL' },
      ...members.map((member) => leaf(row, member)),
    ]),
  ];
}

/** A nested row with its times as the writer takes them: milliseconds since the epoch. */
function stored(value: RowValue | undefined): unknown {
  if (value === null || value === undefined) return null;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [
    name, TIMES.has(name) && typeof member === 'string' ? BigInt(Date.parse(`${member}Z`)) : member,
  ]));
}

async function* events(rows: AsyncIterable<Row>): AsyncGenerator<Record<string, unknown>> {
  for await (const { fields } of rows) {
    const { event_type, person, auction, bid } = fields;
    yield {
      event_type, person: stored(person), auction: stored(auction), bid: stored(bid),
    };
  }
}

/** Writes the very events that the generator makes. */
export async function writeNexmarkParquet(input: NexmarkInput, path: string): Promise<void> {
  const env = TableEnvironment.create();
  for (const statement of nexmarkTables(input)) await env.executeSql(statement);
  const result = await env.executeSql('SELECT event_type, person, auction, bid FROM events');
  await parquetWriteRows({
    writer: fileWriter(path),
    rows: events(result.collect()),
    columns: ['event_type', ...Object.keys(MEMBERS)].map((name) => ({ name })),
    schema: schema(),
    rowGroupSize: 100_000,
  });
}

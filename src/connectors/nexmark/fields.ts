/** Which Nexmark field a source column is. native/sources/nexmark-fields.cpp states the same. */
import { fail } from '../../errors/index.js';
import type { SourceColumn } from '../../plan/physical/plan.js';
import {
  BIGINT, INT, MAX_LENGTH, row, STRING, timestamp, type DataType, type RowField, type TypeRoot,
} from '../../types/data-type.js';
import { KIND, type Kind } from './model.js';

/** A name of KIND with a field of it. */
export type FieldName =
  | 'event_type'
  | 'row'
  | 'person.id' | 'person.name' | 'person.emailAddress' | 'person.creditCard' | 'person.city'
  | 'person.state' | 'person.dateTime' | 'person.extra'
  | 'auction.id' | 'auction.itemName' | 'auction.description' | 'auction.initialBid'
  | 'auction.reserve' | 'auction.dateTime' | 'auction.expires' | 'auction.seller'
  | 'auction.category' | 'auction.extra'
  | 'bid.auction' | 'bid.bidder' | 'bid.price' | 'bid.channel' | 'bid.url' | 'bid.dateTime'
  | 'bid.extra';

export interface FieldPlan {
  readonly name: FieldName;
  readonly kind: Kind;
  readonly type: DataType;
  /** Of a whole row. */
  readonly children: readonly FieldPlan[];
}

const text = (name: string): RowField => ({ name, type: STRING });
const number = (name: string): RowField => ({ name, type: BIGINT });
const time = (name: string): RowField => ({ name, type: timestamp(3) });

const FIELDS: Readonly<Record<keyof typeof KIND, readonly RowField[]>> = {
  person: [
    number('id'), text('name'), text('emailAddress'), text('creditCard'), text('city'),
    text('state'), time('dateTime'), text('extra'),
  ],
  auction: [
    number('id'), text('itemName'), text('description'), number('initialBid'), number('reserve'),
    time('dateTime'), time('expires'), number('seller'), number('category'), text('extra'),
  ],
  bid: [
    number('auction'), number('bidder'), number('price'), text('channel'), text('url'),
    time('dateTime'), text('extra'),
  ],
};

/** The columns of the reference connector's table. */
export const NEXMARK_SCHEMA: readonly RowField[] = Object.freeze([
  { name: 'event_type', type: INT },
  { name: 'person', type: row(FIELDS.person) },
  { name: 'auction', type: row(FIELDS.auction) },
  { name: 'bid', type: row(FIELDS.bid) },
]);

/** MR2002 for a column that Nexmark has not, MR2007 for one of another type. */
export function planField(column: SourceColumn): FieldPlan {
  const [top = '', leaf] = column.path;
  if (top === 'event_type' && leaf === undefined) {
    requireRoot(column.type, 'INTEGER', top);
    return { name: 'event_type', kind: KIND.bid, type: column.type, children: [] };
  }
  if (!isKindName(top) || column.path.length > 2) {
    return fail('MR2002', { name: column.path.join('.') });
  }
  if (leaf !== undefined) return planLeaf(top, leaf, column.type);
  requireRoot(column.type, 'ROW', top);
  const children = (column.type.fields ?? []).map(({ name, type }) => planLeaf(top, name, type));
  return { name: 'row', kind: KIND[top], type: column.type, children };
}

function planLeaf(top: keyof typeof KIND, leaf: string, type: DataType): FieldPlan {
  const name = `${top}.${leaf}`;
  const field = FIELDS[top].find((candidate) => candidate.name === leaf);
  if (field === undefined) return fail('MR2002', { name });
  requireRoot(type, field.type.root, name);
  const wholeText = type.root !== 'VARCHAR' || type.length === MAX_LENGTH;
  const millis = type.root !== 'TIMESTAMP' || type.precision === 3;
  if (!wholeText || !millis) wrongType(name);
  return { name: name as FieldName, kind: KIND[top], type, children: [] };
}

function isKindName(name: string): name is keyof typeof KIND {
  return Object.hasOwn(KIND, name);
}

function requireRoot(type: DataType, root: TypeRoot, name: string): void {
  if (type.root !== root) wrongType(name);
}

function wrongType(name: string): never {
  return fail('MR2007', { detail: `nexmark column ${name} has another type` });
}

/**
 * What a filter right above a source says of single columns, as bounds: a file or row group of
 * which every value lies outside need not be read. The filter stays, so bounds may be loose.
 */
import { physicalOf, type DataType } from '../../types/data-type.js';
import { conjuncts, type Expression } from '../logical/expression.js';
import type { ColumnBounds, LiteralValue, SourceColumn } from './plan.js';
import type { Rel, SourceOp } from './rel.js';

/** The source with the bounds that `condition` puts on the columns which can use them. */
export function withBounds(source: Rel, condition: Expression): Rel {
  const { op } = source;
  if (op.kind !== 'source' || op.connector !== 'filesystem') return source;
  const bounds = boundsIn(condition);
  if (bounds.size === 0) return source;
  const columns = op.columns.map((one, i): SourceColumn => {
    const found = bounds.get(i);
    return found === undefined || !usesBounds(op, one) ? one : { ...one, bounds: found };
  });
  return { ...source, op: { ...op, columns } };
}

/**
 * What stands in no record is known of a whole file; Parquet knows of each row group between which
 * numbers a column's values lie (of its texts it may keep only the beginning).
 */
const usesBounds = ({ format }: SourceOp, { from, type }: SourceColumn): boolean =>
  from !== undefined || (format?.name === 'parquet' && type.root !== 'VARCHAR');

/** The bounds of columns that are read once for several readers: those that all of them have. */
export function looser(all: readonly (ColumnBounds | undefined)[]): ColumnBounds | undefined {
  const [first, ...others] = all;
  if (first === undefined) return undefined;
  return others.reduce<ColumnBounds | undefined>((a, b) =>
    (a === undefined || b === undefined ? undefined : around(a, b)), first);
}

type Bound = NonNullable<LiteralValue>;
type Found = ReadonlyMap<number, ColumnBounds>;

/** Columns by number; a row outside of any of them is dropped by the condition. */
function boundsIn(condition: Expression): Found {
  const bounds = new Map<number, ColumnBounds>();
  for (const part of conjuncts(condition)) {
    const found = comparison(part) ?? alternatives(part);
    if (found === undefined) continue;
    const known = bounds.get(found.column);
    bounds.set(found.column, known === undefined ? found.bounds : within(known, found.bounds));
  }
  return bounds;
}

interface ColumnAndBounds {
  readonly column: number;
  readonly bounds: ColumnBounds;
}

/** a = 1 OR a = 5, as IN is bound: what lies between them. */
function alternatives(part: Expression): ColumnAndBounds | undefined {
  if (part.kind !== 'call' || part.kernel !== 'or') return undefined;
  const all = part.arguments.map((one) => comparison(one) ?? alternatives(one));
  const [first] = all;
  if (first === undefined || all.some((one) => one?.column !== first.column)) return undefined;
  const bounds = looser(all.map((one) => one?.bounds));
  return bounds === undefined ? undefined : { column: first.column, bounds };
}

const MIRRORED: Readonly<Record<string, string>> = {
  '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=',
};

/** A column beside a constant of the same type. */
function comparison(part: Expression): ColumnAndBounds | undefined {
  if (part.kind !== 'call' || MIRRORED[part.name] === undefined) return undefined;
  const [a, b] = part.arguments;
  if (a?.kind === 'literal' && b?.kind === 'column') {
    return compared(b, MIRRORED[part.name]!, a);
  }
  return a?.kind === 'column' && b?.kind === 'literal' ? compared(a, part.name, b) : undefined;
}

type Column = Extract<Expression, { readonly kind: 'column' }>;
type Constant = Extract<Expression, { readonly kind: 'literal' }>;

function compared(
  { index, type }: Column, operator: string, { value, type: given }: Constant,
): ColumnAndBounds | undefined {
  if (value === null || !isOrdered(type) || physicalOf(type) !== physicalOf(given)) {
    return undefined;
  }
  const step = operator === '<' ? -1 : operator === '>' ? 1 : 0;
  const bound = stepped(value, step);
  const bounds: ColumnBounds = operator === '=' ? { least: value, most: value }
    : operator.startsWith('<') ? { most: bound } : { least: bound };
  return { column: index, bounds };
}

/** The whole number before or behind; other values stay, which is loose. */
function stepped(value: Bound, step: number): Bound {
  if (typeof value === 'number') return value + step;
  return typeof value === 'bigint' ? value + BigInt(step) : value;
}

const ORDERED = new Set<string>(['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'DATE', 'VARCHAR']);

/** Types whose order in files is the one of SQL. */
const isOrdered = ({ root }: DataType): boolean => ORDERED.has(root);

/** Both hold. */
function within(a: ColumnBounds, b: ColumnBounds): ColumnBounds {
  return bounded(
    pick(a.least, b.least, (order) => order >= 0), pick(a.most, b.most, (order) => order <= 0));
}

/** Either holds. */
function around(a: ColumnBounds, b: ColumnBounds): ColumnBounds | undefined {
  const least = a.least === undefined || b.least === undefined ? undefined
    : pick(a.least, b.least, (order) => order <= 0);
  const most = a.most === undefined || b.most === undefined ? undefined
    : pick(a.most, b.most, (order) => order >= 0);
  return least === undefined && most === undefined ? undefined : bounded(least, most);
}

function bounded(least: Bound | undefined, most: Bound | undefined): ColumnBounds {
  return {
    ...(least === undefined ? {} : { least }), ...(most === undefined ? {} : { most }),
  };
}

function pick(
  a: Bound | undefined, b: Bound | undefined, isFirst: (order: number) => boolean,
): Bound | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return isFirst(compareBounds(a, b)) ? a : b;
}

/** Numbers by value, texts by their UTF-8 bytes. */
export function compareBounds(a: Bound, b: Bound): number {
  if (typeof a === 'string' && typeof b === 'string') {
    return Buffer.compare(Buffer.from(a), Buffer.from(b));
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether a value can be one that is asked for; NULL is none. */
export function isWithinBounds(
  value: LiteralValue, { least, most }: ColumnBounds,
): boolean {
  return value !== null && (least === undefined || compareBounds(value, least) >= 0) &&
    (most === undefined || compareBounds(value, most) <= 0);
}

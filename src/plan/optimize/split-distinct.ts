/**
 * Aggregations of DISTINCT values in two steps (table.optimizer.distinct-agg.split.enabled), as
 * Flink's SplitAggregateRule makes them: a partial one by a bucket of the values' hash codes too,
 * so that a key with very many values is the work of several subtasks, and a final one over it.
 * Calls over different columns are split by different buckets: each row then stands once for each.
 *
 *     GROUP BY a: COUNT(DISTINCT b)    GROUP BY a: $SUM0(n)
 *                                        GROUP BY a, bucket: COUNT(DISTINCT b) AS n
 *                                          a, b, MOD(HASH_CODE(b), 1024) AS bucket
 */
import { BIGINT, INT, notNull, withNullable, type DataType } from
  '../../types/data-type.js';
import { resolveAggregate } from '../bind/aggregates.js';
import { applyFunction, castUnlessSame } from '../bind/apply.js';
import {
  aggregate, allColumns, expand, project, withPhase, withStateTtl,
} from '../logical/build.js';
import { column, constant, type Expression } from '../logical/expression.js';
import { transform, type Aggregate, type LogicalAggregateCall, type LogicalNode } from
  '../logical/node.js';
import { windowColumnsOf } from '../logical/window-columns.js';
import type { RuleContext } from './rules.js';

/** Functions that can be put together from parts, and from what; AVG is told apart. */
const FINAL: Readonly<Record<string, string>> = {
  COUNT: '$SUM0', SUM: 'SUM', $SUM0: '$SUM0', MIN: 'MIN', MAX: 'MAX', LISTAGG: 'LISTAGG',
  FIRST_VALUE: 'FIRST_VALUE', LAST_VALUE: 'LAST_VALUE', SINGLE_VALUE: 'SINGLE_VALUE',
};

const HASHED = new Set(['MIN', 'MAX', 'FIRST_VALUE', 'LAST_VALUE']);

/** Types of which there is a hash code. */
const HAS_CODE: ReadonlySet<string> = new Set([
  'BOOLEAN', 'TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'FLOAT', 'DOUBLE', 'DECIMAL', 'CHAR',
  'VARCHAR', 'TIMESTAMP', 'TIME', 'DATE',
]);

export function splitDistinct(node: LogicalNode, context: RuleContext): LogicalNode {
  const buckets = context.phases?.buckets ?? null;
  if (buckets === null) return node;
  return transform(node, (one) =>
    (one.kind === 'aggregate' && canSplit(one) ? new Split(one, buckets, context.zone).result()
      : one));
}

function canSplit({ calls, phase, input, grouping }: Aggregate): boolean {
  const window = windowColumnsOf(input);
  if (window?.start != null && grouping.includes(window.start)) return false;
  return phase === undefined && calls.some(({ distinct }) => distinct) && calls.every((one) =>
    (one.function === 'AVG' || FINAL[one.function] !== undefined) && one.arguments.length < 2 &&
    (!isHashed(one) || one.arguments.every((i) => HAS_CODE.has(input.schema[i]!.type.root))));
}

/** Whether the values of a call decide about its bucket. */
const isHashed = (one: LogicalAggregateCall): boolean => one.distinct || HASHED.has(one.function);

class Split {
  /** Columns that buckets are made of, by their numbers. */
  private readonly hashed: readonly number[];
  /** Of each call the columns of its buckets, as text; several where rows are repeated. */
  private readonly sets: readonly string[];

  constructor(
    private readonly node: Aggregate, private readonly buckets: number,
    private readonly zone: string,
  ) {
    const own = node.calls.filter(isHashed).flatMap((one) => one.arguments)
      .filter((column) => !node.grouping.includes(column));
    this.hashed = [...new Set(own)].sort((a, b) => a - b);
    this.sets = [...new Set(node.calls.filter(isHashed).map((one) => this.setOf(one)))];
    if (this.sets.length > 1) {
      this.sets = [...new Set([...this.sets, ...node.calls.map((one) => this.setOf(one))])];
    }
  }

  result(): LogicalNode {
    const { node } = this;
    const partial = this.partial();
    const keys = node.grouping.map((_, i) => i);
    const first = keys.length + this.hashed.length;
    let next = first;
    const finals = node.calls.flatMap((one): readonly LogicalAggregateCall[] =>
      partsOf(one, node).map((part) => this.final(part, next++, keys.length + next - first - 1)));
    const final = withStateTtl(
      withPhase(aggregate(partial, keys, finals), 'FINAL'), node);
    const columns = finals.map((one, i) => column(keys.length + i, one.type)).values();
    const takeNext = (): Expression => columns.next().value!;
    const results = node.calls.map((one): Expression => {
      const value = takeNext();
      return this.cast(one.function === 'AVG' ? this.quotient(value, takeNext()) : value, one.type);
    });
    const names = node.schema.map(({ name }) => name);
    return project(final, [...keys.map((key) => column(key, node.schema[key]!.type)), ...results],
      names);
  }

  /** `GROUP BY keys, buckets` over the rows with their buckets, each once a set of buckets. */
  private partial(): Aggregate {
    const { node, hashed } = this;
    const width = node.input.schema.length;
    const { input, filters } = this.repeated();
    const grouping = [...node.grouping, ...hashed.map((_, i) => width + i)];
    const calls = node.calls.flatMap((one) => partsOf(one, node).map((part) =>
      ({ ...part, filter: filters.get(filterKey(this.setOf(one), one.filter)) ?? one.filter })));
    const named = calls.map((one, i) => ({ ...one, name: `$f${grouping.length + i}` }));
    return withStateTtl(withPhase(aggregate(input, grouping, named), 'PARTIAL'), node);
  }

  /** The input with its buckets; where sets differ once for each, and a filter that tells which. */
  private repeated(): {
    readonly input: LogicalNode; readonly filters: ReadonlyMap<string, number>;
  } {
    const { node, hashed, sets } = this;
    const names = node.input.schema.map(({ name }) => name);
    const hashes = hashed.map((i) => this.bucket(column(i, node.input.schema[i]!.type)));
    const wide = project(node.input, [...allColumns(node.input), ...hashes],
      [...names, ...hashes.map((_, i) => `$f${names.length + i}`)]);
    if (sets.length < 2) return { input: wide, filters: new Map() };
    const numbered = sets.map((set) => ({ set, number: this.numberOf(set) }))
      .sort((a, b) => a.number - b.number);
    const schema = [
      ...wide.schema.map((field, i) => (i < names.length ? field
        : { ...field, type: withNullable(field.type, true) })),
      { name: '$e', type: notNull(BIGINT) },
    ];
    const rows = expand(wide, numbered.map(({ set, number }) => [
      ...schema.slice(0, -1).map((field, i) => (i < names.length || this.has(set, i - names.length)
        ? column(i, wide.schema[i]!.type) : constant(null, field.type))),
      constant(BigInt(number), notNull(BIGINT)),
    ]), schema);
    return this.filtered(rows);
  }

  /** Filters of calls behind the columns: which set a row stands for, and what the call says. */
  private filtered(rows: LogicalNode): {
    readonly input: LogicalNode; readonly filters: ReadonlyMap<string, number>;
  } {
    const last = rows.schema.length - 1;
    const filters = new Map<string, number>();
    const conditions: Expression[] = [];
    const names: string[] = [];
    for (const one of this.node.calls) {
      const set = this.setOf(one);
      const key = filterKey(set, one.filter);
      if (filters.has(key)) continue;
      const number = this.numberOf(set);
      const isSet = this.apply('=', column(last, notNull(BIGINT)),
        constant(BigInt(number), notNull(BIGINT)));
      filters.set(key, last + conditions.length);
      names.push(one.filter === null ? `$g_${number}` : `$g_${number}_${one.filter}`);
      conditions.push(one.filter === null ? isSet
        : this.apply('AND', isSet, column(one.filter, rows.schema[one.filter]!.type)));
    }
    const columns = allColumns(rows).slice(0, last);
    return {
      input: project(rows, [...columns, ...conditions],
        [...rows.schema.slice(0, last).map(({ name }) => name), ...names]),
      filters,
    };
  }

  /** Of one part of a call, over the column of the partial aggregation. */
  private final(part: LogicalAggregateCall, argument: number, place: number): LogicalAggregateCall {
    return {
      function: FINAL[part.function]!, name: `$f${place}`, arguments: [argument], filter: null,
      distinct: false, type: part.type,
      ...(part.options === undefined ? {} : { options: part.options }),
    };
  }

  /** The columns whose buckets a call is split by. */
  private setOf(one: LogicalAggregateCall): string {
    if (!isHashed(one)) return this.sets?.length === 1 ? this.sets[0]! : '';
    return one.arguments.filter((i) => this.hashed.includes(i)).join();
  }

  private has(set: string, place: number): boolean {
    return set === String(this.hashed[place]);
  }

  /** As GROUPING_ID: a bit for each bucket that a set leaves out. */
  private numberOf(set: string): number {
    return this.hashed.reduce((number, _, i) => number * 2 + (this.has(set, i) ? 0 : 1), 0);
  }

  private bucket(value: Expression): Expression {
    return this.apply('MOD', this.apply('HASH_CODE', value), constant(this.buckets, notNull(INT)));
  }

  /** NULL where nothing counts. */
  private quotient(sum: Expression, count: Expression): Expression {
    const isNone = this.apply('=', count, constant(0n, notNull(BIGINT)));
    const quotient = this.apply('/', sum, count);
    const nullable = withNullable(quotient.type, true);
    return this.apply('CASE', isNone, constant(null, nullable), quotient);
  }

  private apply(name: string, ...args: readonly Expression[]): Expression {
    return applyFunction(this.zone, name, ...args);
  }

  private cast(value: Expression, type: DataType): Expression {
    return castUnlessSame(value, type, this.zone);
  }
}

const filterKey = (set: string, filter: number | null): string => `${set} ${filter ?? ''}`;

/** AVG is a sum and a count. */
function partsOf(
  one: LogicalAggregateCall, { input }: Aggregate,
): readonly LogicalAggregateCall[] {
  if (one.function !== 'AVG') return [one];
  const type = input.schema[one.arguments[0]!]!.type;
  const part = (name: string): LogicalAggregateCall =>
    ({ ...one, function: name, type: resolveAggregate(name, [{ type }], {}).resultType });
  return [part(type.root === 'DECIMAL' ? 'SUM' : '$SUM0'), part('COUNT')];
}

/**
 * Makers of logical nodes: each derives the schema and freezes the node.
 */
import type { DataType, RowField } from '../../types/data-type.js';
import { BIGINT, INT, notNull, timestamp, withNullable, withTimeAttribute }
  from '../../types/data-type.js';
import type { SortKey } from '../physical/plan.js';
import { column, type Expression } from './expression.js';
import { uniqueNames } from './unique-names.js';
import type {
  Aggregate, AsOf, Correlate, Expand, Filter, Join, JoinType, LogicalAggregateCall, LogicalNode,
  Over, OverAggregate, Project, Rank, Sort, Union, Values, Watermark, WindowAggregate,
  SplitPhase, StateTtl, WindowFunction, WindowShape,
} from './node.js';

export function project(
  input: LogicalNode, expressions: readonly Expression[], names: readonly string[],
): Project {
  const schema = expressions.map((expression, i): RowField =>
    ({ name: names[i] ?? `EXPR$${i}`, type: expression.type }));
  return Object.freeze({ kind: 'project', input, expressions, schema });
}

/** What a SELECT without FROM reads. */
export function oneRow(): Values {
  const schema = [{ name: 'ZERO', type: notNull(INT) }];
  return Object.freeze({ kind: 'values', rows: [[0]], schema });
}

export function filter(input: LogicalNode, condition: Expression): Filter {
  return Object.freeze({ kind: 'filter', input, condition, schema: input.schema });
}

export function watermark(
  input: LogicalNode, rowtime: number, expression: Expression,
): Watermark {
  const schema = input.schema.map((field, i) => i === rowtime
    ? { name: field.name, type: withTimeAttribute(field.type, 'rowtime') } : field);
  return Object.freeze({ kind: 'watermark', input, rowtime, expression, schema });
}

/** window_time is a time attribute like the column that the windows stand on (E-009). */
export function windowFunction(
  input: LogicalNode, window: WindowShape, timeColumn: number,
  partition: readonly number[] = [],
): WindowFunction {
  const timeType = input.schema[timeColumn]?.type ?? timestamp(3);
  const bound = notNull(timestamp(3));
  const schema = [
    ...input.schema,
    { name: 'window_start', type: bound },
    { name: 'window_end', type: bound },
    { name: 'window_time', type: withNullable(timeType, false) },
  ];
  return Object.freeze({ kind: 'window-function', input, window, timeColumn, partition, schema });
}

export function aggregate(
  input: LogicalNode, grouping: readonly number[], calls: readonly LogicalAggregateCall[],
): Aggregate {
  const schema = [
    ...grouping.map((index) => fieldAt(input, index)),
    ...calls.map((call) => ({ name: call.name, type: call.type })),
  ];
  return Object.freeze({ kind: 'aggregate', input, grouping, calls, schema });
}

type WindowAggregateParts = Omit<WindowAggregate, 'kind' | 'schema' | 'input'>;

const PROPERTY_NAMES = {
  start: 'window_start', end: 'window_end', rowtime: 'window_time', proctime: 'window_time',
};

export function windowAggregate(
  input: LogicalNode, parts: WindowAggregateParts,
): WindowAggregate {
  const properties = parts.properties.map((property): RowField => ({
    name: PROPERTY_NAMES[property],
    type: notNull(property === 'start' || property === 'end' ? timestamp(3) : parts.timeType),
  }));
  const schema = [
    ...parts.grouping.map((index) => fieldAt(input, index)),
    ...parts.calls.map((call) => ({ name: call.name, type: call.type })),
    ...properties,
  ];
  return Object.freeze({ kind: 'window-aggregate', input, ...parts, schema });
}

export const ROW_NUMBER_TYPE: DataType = notNull(BIGINT);

export function over(
  input: LogicalNode, partition: readonly number[], orderBy: readonly SortKey[],
): Over {
  const schema = [...input.schema, { name: 'w0$o0', type: ROW_NUMBER_TYPE }];
  return Object.freeze({ kind: 'over', input, partition, orderBy, schema });
}

type OverParts = Pick<OverAggregate, 'partition' | 'orderBy' | 'frame' | 'calls'>;

export function overAggregate(input: LogicalNode, parts: OverParts): OverAggregate {
  const calls = parts.calls.map((call) => ({ name: call.name, type: call.type }));
  return Object.freeze({
    kind: 'over-aggregate', input, ...parts, schema: [...input.schema, ...calls],
  });
}

export function expand(
  input: LogicalNode, projects: readonly (readonly Expression[])[], schema: readonly RowField[],
): Expand {
  return Object.freeze({ kind: 'expand', input, projects, schema });
}

type CorrelateParts = Pick<Correlate, 'joinType' | 'call' | 'condition' | 'conditionSeesInput'>;

export function correlate(
  input: LogicalNode, { joinType, call, condition, conditionSeesInput }: CorrelateParts,
): Correlate {
  const made = padded(call.fields, joinType === 'left');
  const names = uniqueNames([...input.schema, ...made].map((field) => field.name));
  const schema = [...input.schema, ...made].map((field, i): RowField =>
    ({ name: names[i] ?? field.name, type: field.type }));
  return Object.freeze({
    kind: 'correlate', input, joinType, call, condition, schema,
    ...(conditionSeesInput === true ? { conditionSeesInput } : {}),
  });
}

type RankParts = Pick<Rank, 'partition' | 'orderBy' | 'start' | 'end' | 'outputRankNumber'>;

export function rank(input: LogicalNode, parts: RankParts): Rank {
  const schema = parts.outputRankNumber
    ? [...input.schema, { name: 'w0$o0', type: ROW_NUMBER_TYPE }] : input.schema;
  return Object.freeze({ kind: 'rank', input, ...parts, schema });
}

type SortParts = Pick<Sort, 'orderBy' | 'offset' | 'count'>;

export function sort(input: LogicalNode, parts: SortParts): Sort {
  const { orderBy, offset, count } = parts;
  return Object.freeze({ kind: 'sort', input, orderBy, offset, count, schema: input.schema });
}

/** The inputs must have the schema's types already. */
export function union(inputs: readonly LogicalNode[], schema: readonly RowField[]): Union {
  return Object.freeze({ kind: 'union', inputs, schema });
}

/** Columns of the side that may be padded with NULL are nullable; repeated names are numbered. */
export function join(
  left: LogicalNode, right: LogicalNode, joinType: JoinType, condition: Expression, asOf?: AsOf,
): Join {
  const schema = joinSchema(left, right, joinType);
  return Object.freeze({
    kind: 'join', left, right, joinType, condition, schema,
    ...(asOf === undefined ? {} : { asOf }),
  });
}

/** The node with the hints on state of another, which it stands for. */
export function withStateTtl<Node extends Join | Aggregate>(
  node: Node, { stateTtl }: { readonly stateTtl?: StateTtl },
): Node {
  return stateTtl === undefined ? node : Object.freeze<Node>({ ...node, stateTtl });
}

export function withPhase(node: Aggregate, phase: SplitPhase | undefined): Aggregate {
  return phase === undefined ? node : Object.freeze({ ...node, phase });
}

function joinSchema(
  left: LogicalNode, right: LogicalNode, joinType: JoinType,
): readonly RowField[] {
  if (joinType === 'semi' || joinType === 'anti') return left.schema;
  const fields = [
    ...padded(left.schema, joinType === 'right' || joinType === 'full'),
    ...padded(right.schema, joinType === 'left' || joinType === 'full'),
  ];
  const names = uniqueNames(fields.map((field) => field.name));
  return fields.map((field, i) => ({ name: names[i] ?? field.name, type: field.type }));
}

/** The fields as they are beside rows without a partner. */
export function padded(fields: readonly RowField[], isPadded: boolean): readonly RowField[] {
  return !isPadded ? fields
    : fields.map((field) => ({ name: field.name, type: withNullable(field.type, true) }));
}

function fieldAt(node: LogicalNode, index: number): RowField {
  const field = node.schema[index];
  if (field === undefined) throw new Error(`no column ${index} in ${node.kind}`);
  return field;
}

/** References to all columns of a node, in order. */
export function allColumns(node: LogicalNode): readonly Expression[] {
  return node.schema.map((field, i) => column(i, field.type));
}

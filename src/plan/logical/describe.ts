/**
 * One-line texts of logical nodes as Calcite prints them: columns are `$0`, `$1`.
 */
import { pathText } from '../../catalog/table.js';
import type { DataType, RowField } from '../../types/data-type.js';
import { expressionText, literalText, recordTypeText } from '../physical/expression-text.js';
import { columnsIn, type Expression } from './expression.js';
import type {
  Aggregate, Correlate, LogicalNode, Sink, Sort, WindowAggregate, WindowFunction,
} from './node.js';

export function logicalText(node: LogicalNode): string {
  switch (node.kind) {
    case 'scan': {
      const { catalog, database, name } = node.table.path;
      return `LogicalTableScan(table=[[${catalog}, ${database}, ${name}]])`;
    }
    case 'values': {
      const rows = node.rows.map((row) => `{ ${row.map((value, i) =>
        literalText(value, plainString(node.schema[i]?.type), 'prefix')).join(', ')} }`);
      return `LogicalValues(tuples=[[${rows.join(', ')}]])`;
    }
    case 'project': {
      const fields = node.expressions.map((one, i) => `${nameAt(node.schema, i)}=[${text(one)}]`);
      return `LogicalProject(${fields.join(', ')})`;
    }
    case 'filter':
      return `LogicalFilter(condition=[${text(node.condition)}])`;
    case 'watermark':
      return `LogicalWatermarkAssigner(rowtime=[${nameAt(node.schema, node.rowtime)}], ` +
        `watermark=[${text(node.expression)}])`;
    case 'window-function':
      return windowFunctionText(node);
    case 'changelog-function':
      return `LogicalTableFunctionScan(invocation=[${node.invocation}], ` +
        `rowType=[${recordTypeText(node.schema)}])`;
    case 'aggregate':
    case 'window-aggregate':
      return aggregateText(node);
    case 'match':
      return node.shown.logical;
    case 'expand':
      return `LogicalExpand(sets=[${node.projects.length}])`;
    case 'correlate':
      return correlateText(node);
    case 'over-aggregate':
    case 'over':
    case 'rank':
      return `Logical${node.kind === 'rank' ? 'Rank' : 'Window'}(partition=[{${
        node.partition.join(', ')}}])`;
    case 'sort':
      return sortText(node);
    case 'join':
      return `LogicalJoin(condition=[${text(node.condition)}], joinType=[${node.joinType}]` +
        `${node.asOf === undefined ? '' : `, period=[$${node.asOf.left}]`})`;
    case 'union':
      return 'LogicalUnion(all=[true])';
    case 'sink':
      return sinkText(node);
  }
}

/** A function over nothing but a row of constants stands alone. */
function correlateText({ joinType, input, call }: Correlate): string {
  if (call.function === 'lookup') return `LogicalCorrelate(lookup, joinType=[${joinType}])`;
  const name = call.function === 'unnest' ? 'Uncollect'
    : call.function === 'replicate-rows' ? 'LogicalTableFunctionScan'
      : 'Uncollect(withOrdinality=[true])';
  if (input.kind === 'values') return name;
  const used = call.arguments.flatMap((one) => [...columnsIn(one)]);
  const columns = [...new Set(used)].sort((a, b) => a - b).join(', ');
  return `LogicalCorrelate(correlation=[$cor0], joinType=[${joinType}], ` +
    `requiredColumns=[{${columns}}])`;
}

function sinkText({ table, input }: Sink): string {
  const fields = input.schema.map((field) => field.name).join(', ');
  return `LogicalSink(table=[${table === null ? '*collect*' : pathText(table.path)}], ` +
    `fields=[${fields}])`;
}

const nameAt = (fields: readonly RowField[], index: number): string =>
  fields[index]?.name ?? `$f${index}`;

const text = (expression: Expression): string => expressionText(expression, [], 'prefix');

/** Strings of VALUES are shown without their type. */
function plainString(type: DataType | undefined): DataType | undefined {
  return type?.root === 'VARCHAR' ? { ...type, root: 'CHAR' } : type;
}

function aggregateText(node: Aggregate | WindowAggregate): string {
  if (node.input.kind === 'union' && node.calls.length === 0) return 'LogicalUnion(all=[false])';
  const calls = node.calls.map((call, i) => {
    const args = call.arguments.map((index) => `$${index}`).join(', ');
    const distinct = call.distinct ? 'DISTINCT ' : '';
    const filter = call.filter === null ? '' : ` FILTER $${call.filter}`;
    const name = call.name.startsWith('$f') ? `agg#${i}` : call.name;
    return `, ${name}=[${call.function}(${distinct}${args})${filter}]`;
  });
  return `LogicalAggregate(group=[{${node.grouping.join(', ')}}]${calls.join('')})`;
}

function sortText({ orderBy, offset, count }: Sort): string {
  const keys = orderBy.map((key, i) => `sort${i}=[$${key.column}]`);
  const directions = orderBy.map((key, i) => `dir${i}=[${key.descending ? 'DESC' : 'ASC'}-nulls-${
    key.nullsFirst ? 'first' : 'last'}]`);
  const limits = [
    ...(offset > 0 ? [`offset=[${offset}]`] : []),
    ...(count === null ? [] : [`fetch=[${count}]`]),
  ];
  return `LogicalSort(${[...keys, ...directions, ...limits].join(', ')})`;
}

function windowFunctionText(node: WindowFunction): string {
  const { kind, sizeMs, slideMs, offsetMs } = node.window;
  const sizes = kind === 'tumble' ? [sizeMs] : [slideMs, sizeMs];
  if (offsetMs !== 0) sizes.push(offsetMs);
  const column = nameAt(node.input.schema, node.timeColumn);
  const spans = sizes.map((size) => `${size}:INTERVAL SECOND`).join(', ');
  return `LogicalTableFunctionScan(invocation=[${kind.toUpperCase()}(TABLE(#0), ` +
    `DESCRIPTOR(_UTF-16LE'${column}'), ${spans})], ` +
    `rowType=[${recordTypeText(node.schema)}])`;
}

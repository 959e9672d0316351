/**
 * Flink's one-line texts of physical operators: `Calc(select=[a, (b + 1) AS c], where=[(a > 1)])`.
 */
import type { RowField } from '../../types/data-type.js';
import type { JoinType } from '../logical/node.js';
import { uniqueNames } from '../logical/unique-names.js';
import { correlateText } from './describe-correlate.js';
import {
  expressionText, literalText, projectionText, recordTypeText, sqlTypeText, type TextStyle,
} from './expression-text.js';
import { matchText } from './match-text.js';
import type { AggregateCall, LiteralValue, SortKey, WindowSpec } from './plan.js';
import type {
  CalcOp, DeduplicateOp, ExpandOp, GroupAggregateOp, IntervalJoinOp, JoinOp, MatchOp,
  OverAggregateOp, RankOp, Rel, ShownCall, SinkOp, SourceOp, TemporalJoinOp, UniqueSpec, ValuesOp,
  WindowAggregateOp, WindowDeduplicateOp, WindowJoinOp, WindowRankOp,
} from './rel.js';

type Fields = readonly RowField[];

/** `style`: prefix for the Optimized Physical Plan, infix for the Execution Plan. */
export function describe(rel: Rel, style: TextStyle): string {
  const input = rel.inputs[0]?.schema ?? [];
  const { op } = rel;
  switch (op.kind) {
    case 'source':
      return sourceText(op, rel.schema);
    case 'values':
      return valuesText(op, rel.schema, style);
    case 'calc':
      return calcText(op, input, rel.schema, style);
    case 'expand':
      return expandText(op, rel, input);
    case 'correlate':
    case 'lookup-join':
      return correlateText(op, rel, style);
    case 'changelog-normalize': {
      const where = op.condition === null ? ''
        : `, condition=[${expressionText(op.condition, nameList(input), style)}]`;
      return `ChangelogNormalize(key=[${namesAt(input, op.keys)}]${where})`;
    }
    case 'drop-update-before': return 'DropUpdateBefore';
    case 'to-changelog': case 'from-changelog':
      return processFunctionText(op.shownAs, rel.schema);
    case 'watermark-assigner':
      return `WatermarkAssigner(rowtime=[${nameAt(input, op.rowtime)}], ` +
        `watermark=[${expressionText(op.watermark, nameList(input), style)}])`;
    case 'union':
      return `Union(all=[true], union=[${nameList(rel.schema).join(', ')}])`;
    case 'exchange':
      return `Exchange(distribution=[${op.distribution}${op.distribution === 'hash'
        ? `[${namesAt(input, op.keys)}]` : ''}])`;
    case 'group-aggregate':
      return groupAggregateText(op, rel, input);
    case 'window-aggregate':
      return windowAggregateText(op, rel, input);
    case 'window-table-function':
      return `WindowTableFunction(window=[${windowText(op.window, input)}])`;
    case 'session-window':
      return `WindowTableFunction(window=[${windowText(op.window, input, op.partition)}])`;
    case 'temporal-sort':
      return `TemporalSort(orderBy=[${orderText([timeKey(op.rowtime), ...op.orderBy], input)}])`;
    case 'rank':
      return rankText(op, rel, input, style);
    case 'window-rank':
      return windowRankText(op, rel, input);
    case 'window-deduplicate':
      return windowDeduplicateText(op, input);
    case 'deduplicate':
      return deduplicateText(op, rel, input, style);
    case 'join':
      return joinText(op, rel, style);
    case 'window-join':
      return windowJoinText(op, rel, style);
    case 'temporal-join':
      return temporalJoinText(op, rel, style);
    case 'interval-join':
      return intervalJoinText(op, rel, style);
    case 'over-aggregate':
      return overAggregateText(op, rel, input);
    case 'match':
      return matchText(op, rel, orderText([risingTime(op), ...op.orderBy], input), style);
    case 'limit':
      return `Limit(offset=[${op.offset}], fetch=[${op.count}])`;
    case 'sink-upsert-materialize': case 'sink-conflict':
      return `SinkUpsertMaterialize(key=[${namesAt(input, op.primaryKey)}])`;
    case 'sink':
      return sinkText(op, input);
  }
}

const nameList = (fields: Fields): readonly string[] => fields.map((field) => field.name);
const nameAt = (fields: Fields, index: number): string => fields[index]?.name ?? `$${index}`;
const namesAt = (fields: Fields, indexes: readonly number[]): string =>
  indexes.map((index) => nameAt(fields, index)).join(', ');

function sourceText(op: SourceOp, schema: Fields): string {
  const { catalog, database, name } = op.table.path;
  return `TableSourceScan(table=[[${catalog}, ${database}, ${name}]], ` +
    `fields=[${nameList(schema).join(', ')}])`;
}

/** Strings are shown without their type. */
function valuesText(op: ValuesOp, schema: Fields, style: TextStyle): string {
  const shown = schema.map(({ type }) =>
    (type.root === 'VARCHAR' ? { ...type, root: 'CHAR' as const } : type));
  const rows = op.rows.map((row) => `{ ${row.map((value, i) =>
    literalText(value, shown[i], 'prefix')).join(', ')} }`);
  const fields = schema.map((field) => `${sqlTypeText(field.type, false)} ${field.name}`);
  const type = style === 'prefix' ? `type=[RecordType(${fields.join(', ')})], ` : '';
  return `Values(${type}tuples=[[${rows.join(', ')}]])`;
}

function expandText(op: ExpandOp, rel: Rel, input: Fields): string {
  const sets = op.projects.map((one) => calcText({
    kind: 'calc', projections: one, condition: null,
  }, input, rel.schema, 'infix').slice('Calc(select=['.length, -2));
  const shown = sets.map((set) => `{${set.replaceAll(/null:[A-Z_]+(?:\([^)]*\))?/g, 'null')}}`);
  return `Expand(projects=[${shown.join(', ')}])`;
}

function calcText(op: CalcOp, input: Fields, output: Fields, style: TextStyle): string {
  const names = nameList(input);
  const select = op.projections.map((expression, i) => {
    const text = projectionText(expression, names, style);
    const name = nameAt(output, i);
    return text === name ? text : `${text} AS ${name}`;
  });
  const where = op.condition === null
    ? '' : `, where=[${expressionText(op.condition, names, style)}]`;
  return `Calc(select=[${select.join(', ')}]${where})`;
}

function groupAggregateText(op: GroupAggregateOp, rel: Rel, input: Fields): string {
  const keys = op.grouping.length === 0 ? '' : `groupBy=[${namesAt(input, op.grouping)}], `;
  const calls = op.aggregates.map((call, i) => aggregateText(call, input,
    nameAt(rel.schema, op.grouping.length + i)));
  const select = [...op.grouping.map((key) => nameAt(input, key)), ...calls];
  return `GroupAggregate(${keys}select=[${select.join(', ')}])`;
}

/** Flink names the functions that can take rows back. */
const RETRACTING = new Set([
  'COUNT', 'SUM', 'AVG', 'MIN', 'MAX', '$SUM0', 'FIRST_VALUE', 'LAST_VALUE',
]);

function aggregateText(call: AggregateCall, input: Fields, name: string): string {
  const suffix = call.retract && RETRACTING.has(call.function) ? '_RETRACT' : '';
  const args = call.arguments.length === 0 ? '*' : namesAt(input, call.arguments);
  const distinct = call.distinct ? 'DISTINCT ' : '';
  const filter = call.filter === null ? '' : ` FILTER ${nameAt(input, call.filter)}`;
  return `${call.function}${suffix}(${distinct}${args})${filter} AS ${name}`;
}

function processFunctionText({ invocation, uid }: ShownCall, schema: Fields): string {
  return `ProcessTableFunction(invocation=[${invocation}], uid=[${uid}], ` +
    `select=[${nameList(schema).join(',')}], rowType=[${recordTypeText(schema)}])`;
}

function windowAggregateText(op: WindowAggregateOp, rel: Rel, input: Fields): string {
  const keys = op.grouping.length === 0 ? '' : `groupBy=[${namesAt(input, op.grouping)}], `;
  const calls = op.aggregates.map((call, i) => aggregateText(call, input,
    nameAt(rel.schema, op.grouping.length + i)));
  const first = op.grouping.length + calls.length;
  const properties = op.properties.map((property, i) =>
    `${property}('w$) AS ${nameAt(rel.schema, first + i)}`);
  const select = [...op.grouping.map((key) => nameAt(input, key)), ...calls, ...properties];
  const window = windowText(op.window, input);
  return `WindowAggregate(${keys}window=[${window}], select=[${select.join(', ')}])`;
}

function windowText(
  window: WindowSpec, input: Fields, partition: readonly number[] = [],
): string {
  const parts: string[] = [];
  if (window.rowtime !== null) parts.push(`time_col=[${nameAt(input, window.rowtime)}]`);
  if (window.windowStart !== null) parts.push(`win_start=[${nameAt(input, window.windowStart)}]`);
  if (window.windowEnd !== null) parts.push(`win_end=[${nameAt(input, window.windowEnd)}]`);
  const size = window.kind === 'session' ? 'gap'
    : window.kind === 'cumulate' ? 'max_size' : 'size';
  parts.push(`${size}=[${spanText(window.sizeMs)}]`);
  if (window.kind === 'hop') parts.push(`slide=[${spanText(window.slideMs)}]`);
  if (window.kind === 'cumulate') parts.push(`step=[${spanText(window.slideMs)}]`);
  if (partition.length > 0) parts.push(`partition keys=[${namesAt(input, partition)}]`);
  if (window.offsetMs !== 0) parts.push(`offset=[${spanText(window.offsetMs)}]`);
  return `${window.kind.toUpperCase()}(${parts.join(', ')})`;
}

const SPANS = [[86_400_000, 'd'], [3_600_000, 'h'], [60_000, 'min'], [1000, 's']] as const;

/** Flink's text of a duration: in the largest unit that divides it. */
function spanText(ms: number): string {
  for (const [size, unit] of SPANS) {
    if (ms % size === 0) return `${ms / size} ${unit}`;
  }
  return `${ms} ms`;
}

const risingTime = (op: MatchOp): SortKey =>
  ({ column: op.timeColumn, descending: false, nullsFirst: true });

const timeKey = (column: number): SortKey => ({ column, descending: false, nullsFirst: true });

/** Where NULL stands is not shown. */
function orderText(keys: readonly SortKey[], input: Fields, markTime = false): string {
  return keys.map((key) => {
    const time = input[key.column]?.type.timeAttribute;
    const mark = markTime && time !== undefined ? `${time.toUpperCase()} ` : '';
    return `${mark}${nameAt(input, key.column)} ${key.descending ? 'DESC' : 'ASC'}`;
  }).join(', ');
}

function strategyText(op: RankOp): string {
  if (op.strategy === 'append') return 'AppendFastStrategy';
  if (op.strategy === 'retract') return 'RetractStrategy';
  return `UpdateFastStrategy[${op.primaryKey.join(',')}]`;
}

function rankText(op: RankOp, rel: Rel, input: Fields, style: TextStyle): string {
  const strategy = strategyText(op);
  const order = orderText(op.orderBy, input, style === 'prefix');
  const fetch = op.rankEnd - op.rankStart + 1;
  if (op.shownAs === 'limit') return `Limit(offset=[${op.rankStart - 1}], fetch=[${fetch}])`;
  if (op.shownAs === 'sort-limit') {
    return `SortLimit(orderBy=[${order}], offset=[${op.rankStart - 1}], fetch=[${fetch}], ` +
      `strategy=[${strategy}])`;
  }
  return `Rank(strategy=[${strategy}], ${rangeText(op)}, ` +
    `partitionBy=[${namesAt(input, op.partition)}], orderBy=[${order}], ` +
    `select=[${nameList(rel.schema).join(', ')}])`;
}

function rangeText(op: Pick<RankOp, 'rankStart' | 'rankEnd'>): string {
  return `rankType=[ROW_NUMBER], ` +
    `rankRange=[rankStart=${op.rankStart}, rankEnd=${op.rankEnd}]`;
}

function windowRankText(op: WindowRankOp, rel: Rel, input: Fields): string {
  const window = windowText(op.window, input);
  return `WindowRank(window=[${window}], ${rangeText(op)}, ` +
    `partitionBy=[${namesAt(input, op.partition)}], orderBy=[${orderText(op.orderBy, input)}], ` +
    `select=[${nameList(rel.schema).join(', ')}])`;
}

function windowDeduplicateText(op: WindowDeduplicateOp, input: Fields): string {
  const keep = op.keepLast ? 'LastRow' : 'FirstRow';
  return `WindowDeduplicate(window=[${windowText(op.window, input)}], keep=[${keep}], ` +
    `partitionKeys=[${namesAt(input, op.partition)}], ` +
    `orderKey=[${nameAt(input, op.rowtime)}], order=[ROWTIME])`;
}

/** Before translation it is still a Rank, in Flink too. */
function deduplicateText(
  op: DeduplicateOp, rel: Rel, input: Fields, style: TextStyle,
): string {
  if (style === 'prefix') {
    const key: SortKey = {
      column: op.timeColumn, descending: op.keepLast, nullsFirst: !op.keepLast,
    };
    return `Rank(strategy=[AppendFastStrategy], ${rangeText({ rankStart: 1, rankEnd: 1 })}, ` +
      `partitionBy=[${namesAt(input, op.keys)}], orderBy=[${orderText([key], input, true)}], ` +
      `select=[${nameList(rel.schema).join(', ')}])`;
  }
  const keep = op.keepLast ? 'LastRow' : 'FirstRow';
  const order = op.rowtime === null ? 'PROCTIME' : 'ROWTIME';
  return `Deduplicate(keep=[${keep}], key=[${namesAt(input, op.keys)}], order=[${order}], ` +
    `outputInsertOnly=[${!rel.traits.updates}])`;
}

const JOIN_NAMES: Readonly<Record<JoinType, string>> = {
  inner: 'InnerJoin', left: 'LeftOuterJoin', right: 'RightOuterJoin', full: 'FullOuterJoin',
  semi: 'LeftSemiJoin', anti: 'LeftAntiJoin',
};

const STATE_NAMES: Readonly<Record<UniqueSpec['kind'], string>> = {
  'join-key': 'JoinKeyContainsUniqueKey', 'unique-key': 'HasUniqueKey', none: 'NoUniqueKey',
};

function joinText(op: JoinOp, rel: Rel, style: TextStyle): string {
  const names = uniqueNames(rel.inputs.flatMap((input) => nameList(input.schema)));
  return `Join(joinType=[${JOIN_NAMES[op.joinType]}], ` +
    `where=[${expressionText(op.where, names, style)}], ` +
    `select=[${nameList(rel.schema).join(', ')}], ` +
    `leftInputSpec=[${STATE_NAMES[op.leftState.kind]}], ` +
    `rightInputSpec=[${STATE_NAMES[op.rightState.kind]}])`;
}

function overAggregateText(op: OverAggregateOp, rel: Rel, input: Fields): string {
  const keys = op.partition.length === 0 ? '' : `partitionBy=[${namesAt(input, op.partition)}], `;
  const calls = op.calls.map((call, i) =>
    `${overCallText(call, input)} AS ${nameAt(rel.schema, input.length + i)}`);
  const start = op.preceding === null ? 'UNBOUNDED PRECEDING'
    : op.preceding === 0 && op.unit === 'rows' ? 'CURRENT ROW' : `${op.preceding} PRECEDING`;
  return `OverAggregate(${keys}orderBy=[${orderText([op.orderBy], input)}], ` +
    `window=[ ${op.unit.toUpperCase()} BETWEEN ${start} AND CURRENT ROW], ` +
    `select=[${[...nameList(input), ...calls].join(', ')}])`;
}

function overCallText(call: OverAggregateOp['calls'][number], input: Fields): string {
  const parts = call.arguments.length === 0 ? ['*'] : [namesAt(input, call.arguments)];
  const { options } = call;
  if (options?.['isOffsetGiven'] === true) parts.push(String(options['offset']));
  if (options?.['hasDefault'] === true) {
    parts.push(literalText((options['default'] ?? null) as LiteralValue, call.type, 'prefix'));
  }
  return `${call.function}(${call.distinct ? 'DISTINCT ' : ''}${parts.join(', ')})`;
}

function windowJoinText(op: WindowJoinOp, rel: Rel, style: TextStyle): string {
  const [left, right] = rel.inputs.map((input) => input.schema);
  const names = uniqueNames(rel.inputs.flatMap((input) => nameList(input.schema)));
  return `WindowJoin(leftWindow=[${windowText(op.leftWindow, left ?? [])}], ` +
    `rightWindow=[${windowText(op.rightWindow, right ?? [])}], ` +
    `joinType=[${JOIN_NAMES[op.joinType]}], ` +
    `where=[${expressionText(op.where, names, style)}], ` +
    `select=[${nameList(rel.schema).join(', ')}])`;
}

function temporalJoinText(op: TemporalJoinOp, rel: Rel, style: TextStyle): string {
  const names = uniqueNames(rel.inputs.flatMap((input) => nameList(input.schema)));
  return `TemporalJoin(joinType=[${JOIN_NAMES[op.joinType]}], ` +
    `where=[${expressionText(op.where, names, style)}], ` +
    `select=[${nameList(rel.schema).join(', ')}])`;
}

function intervalJoinText(op: IntervalJoinOp, rel: Rel, style: TextStyle): string {
  const { isRowTime, lowerMs, upperMs, leftTime, rightTime } = op.bounds;
  const names = uniqueNames(rel.inputs.flatMap((input) => nameList(input.schema)));
  return `IntervalJoin(joinType=[${JOIN_NAMES[op.joinType]}], ` +
    `windowBounds=[isRowTime=${isRowTime}, leftLowerBound=${lowerMs}, ` +
    `leftUpperBound=${upperMs}, leftTimeIndex=${leftTime}, rightTimeIndex=${rightTime}], ` +
    `where=[${expressionText(op.where, names, style)}], ` +
    `select=[${nameList(rel.schema).join(', ')}])`;
}

function sinkText(op: SinkOp, input: Fields): string {
  const { isMaterialized, onConflict } = op.shownAs;
  const materialized = isMaterialized ? ', upsertMaterialize=[true]' : '';
  const conflict = onConflict === null ? ''
    : `, conflictStrategy=[${onConflict.toUpperCase()}]`;
  return `Sink(table=[${op.table}], fields=[${nameList(input).join(', ')}]${materialized}` +
    `${conflict})`;
}

/**
 * The texts of aggregations in two phases. Between them Flink names what each function keeps
 * (`sum$0`), then the values of DISTINCT calls; its columns are not ours, its text is shown.
 */
import { fail } from '../../../errors/index.js';
import { BIGINT } from '../../../types/data-type.js';
import { plainType } from '../../logical/plan-expression.js';
import { stateTtlMs, type ConvertContext } from '../context.js';
import type { AggregateCall, MiniBatch } from '../plan.js';
import type {
  GlobalGroupAggregateOp, LocalGroupAggregateOp, Rel, WindowAggregateOp,
} from '../rel.js';
import { always, isUpdating, never, type RowsOf } from './row.js';
import {
  type Fields, inputOf, keysText, nameAt, namesAt, nameList, phaseText, windowText,
} from './text.js';

/** What Flink calls that which a function keeps; of one that it counts by values, its name. */
const KEPT: Readonly<Record<string, readonly string[]>> = {
  COUNT: ['count'], SUM: ['sum'], $SUM0: ['sum'], AVG: ['sum', 'count'],
};

function keptOf({ function: name, arguments: columns, retract }: AggregateCall): readonly string[] {
  if (name === 'COUNT' && columns.length === 0) return ['count1'];
  if (name === 'SUM' && retract) return ['sum', 'count'];
  if (name === 'LISTAGG' && !retract) return ['accDelimiter', 'concatAcc'];
  return KEPT[name] ?? [name.toLowerCase()];
}

/** With a COUNT(*) that the operator needs for itself, unless there is one. */
function withCount(calls: readonly AggregateCall[], retract: boolean): readonly AggregateCall[] {
  const isThere = calls.some((call) =>
    call.function === 'COUNT' && call.arguments.length === 0 && call.filter === null);
  return isThere ? calls : [...calls, {
    function: 'COUNT', arguments: [], filter: null, distinct: false, retract, type: BIGINT,
  }];
}

/** One text a call: `sum$0`, or `(sum$0, count$1)`. */
function keptTexts(calls: readonly AggregateCall[]): readonly string[] {
  let next = 0;
  return calls.map((call) => {
    const names = keptOf(call).map((name) => `${name}$${next++}`);
    return names.length === 1 ? names[0]! : `(${names.join(', ')})`;
  });
}

/** Arguments whose values are counted once for all calls over them. */
function distinctArguments(calls: readonly AggregateCall[]): readonly number[] {
  const columns = calls.flatMap((call) => (call.distinct ? call.arguments.slice(0, 1) : []));
  return [...new Set(columns)];
}

function callText(call: AggregateCall, calls: readonly AggregateCall[], over: string): string {
  const name = call.retract ? `${call.function}_RETRACT` : call.function;
  const place = distinctArguments(calls).indexOf(call.arguments[0]!);
  return `${name}(${call.distinct ? `distinct$${place} ` : ''}${over})`;
}

const named = (text: string, name: string | undefined): string =>
  (name === undefined || text === name ? text : `${text} AS ${name}`);

/** What a local phase puts out: keys, what the calls keep, the values of DISTINCT calls. */
function localTexts(
  grouping: readonly number[], calls: readonly AggregateCall[], input: Fields,
): readonly string[] {
  const kept = keptTexts(calls);
  return [
    ...grouping.map((key) => nameAt(input, key)),
    ...calls.map((call, i) => {
      const args = call.arguments.length === 0 ? '*' : namesAt(input, call.arguments);
      const filter = call.filter === null ? '' : ` FILTER ${nameAt(input, call.filter)}`;
      return named(`${callText(call, calls, args)}${filter}`, kept[i]);
    }),
    ...distinctArguments(calls).map((column, i) =>
      `DISTINCT(${nameAt(input, column)}) AS distinct$${i}`),
  ];
}

/** The calls of a global phase over what the local one kept. */
function globalTexts(calls: readonly AggregateCall[]): readonly string[] {
  const kept = keptTexts(calls);
  return calls.map((call, i) => callText(call, calls, kept[i]!));
}

function localText(op: LocalGroupAggregateOp, rel: Rel): string {
  const input = inputOf(rel);
  const below = rel.inputs[0]?.op;
  if (op.isIncremental === true && below?.kind === 'global-group-aggregate') {
    return incrementalText(op, below, input);
  }
  const calls = countedCalls(op);
  return `LocalGroupAggregate(${keysText('groupBy', op.grouping, input)}` +
    `${phaseText(op.phase)}select=[${localTexts(op.grouping, calls, input).join(', ')}])`;
}

/** What is partial is merged and passed on under its own names. */
function incrementalText(
  op: LocalGroupAggregateOp, partial: GlobalGroupAggregateOp, input: Fields,
): string {
  const calls = countedCalls(partial);
  const kept = keptTexts(calls);
  const texts = globalTexts(calls).map((text, i) => `${text} AS ${kept[i]}`);
  const keys = op.grouping.map((key) => nameAt(input, key));
  return `IncrementalGroupAggregate(partialAggGrouping=[${namesAt(input, partial.grouping)}], ` +
    `finalAggGrouping=[${keys.join(', ')}], select=[${[...keys, ...texts].join(', ')}])`;
}

type Counted = Pick<LocalGroupAggregateOp, 'aggregates' | 'needRetraction'>;

const countedCalls = ({ aggregates, needRetraction }: Counted): readonly AggregateCall[] =>
  (needRetraction ? withCount(aggregates, true) : aggregates);

/** The final calls over what the partial ones kept. */
function finalTexts(calls: readonly AggregateCall[], partial: Counted): readonly string[] {
  const kept = keptTexts(countedCalls(partial));
  return calls.map((call, i) =>
    callText({ ...call, retract: partial.aggregates[i]!.retract }, calls, kept[i]!));
}

/** Flink tells where the count of rows is if a call has it. */
function countStarText(partial: Counted | undefined): string {
  const index = partial?.aggregates.findIndex((call) => call.arguments.length === 0) ?? -1;
  return partial?.needRetraction === true && index >= 0 ? `, indexOfCountStar=[${index}]` : '';
}

function globalText(op: GlobalGroupAggregateOp, rel: Rel): string {
  const over = op.shownOver;
  const calls = over === undefined ? globalTexts(countedCalls(op))
    : finalTexts(op.aggregates, over);
  const keys = op.grouping.map((key) => nameAt(inputOf(rel), key));
  const names = nameList(rel.schema).slice(keys.length);
  const texts = calls.slice(0, names.length).map((text, i) => named(text, names[i]));
  return `GlobalGroupAggregate(${keysText('groupBy', op.grouping, inputOf(rel))}` +
    `${phaseText(op.phase)}select=[${[...keys, ...texts].join(', ')}]${countStarText(over)})`;
}

/** A hop window is told by a count when it is empty. */
function windowCalls(op: WindowAggregateOp, input: Rel | undefined): readonly AggregateCall[] {
  const retract = isUpdating(input);
  return retract || op.window.kind === 'hop' ? withCount(op.aggregates, retract) : op.aggregates;
}

/** `input`: what the rows come from. */
export function localWindowText(op: WindowAggregateOp, input: Rel): string {
  const end = op.window.windowEnd === null ? '$slice_end' : `$${nameAt(input.schema,
    op.window.windowEnd)}`;
  const texts = localTexts(op.grouping, windowCalls(op, input), input.schema);
  return `LocalWindowAggregate(${keysText('groupBy', op.grouping, input.schema)}` +
    `window=[${windowText(op.window, input.schema)}], ` +
    `select=[${[...texts, `slice_end('w$) AS ${end}`].join(', ')}])`;
}

/** Flink's list of texts may be longer than that of the names: they are put together one by one. */
export function globalWindowText(op: WindowAggregateOp, rel: Rel): string {
  const input = inputOf(rel);
  const end = op.window.windowEnd === null ? 'slice_end=[$slice_end]'
    : `win_end=[$${nameAt(input, op.window.windowEnd)}]`;
  const keys = op.grouping.map((key) => nameAt(input, key));
  const names = nameList(rel.schema).slice(keys.length);
  const texts = [
    ...globalTexts(windowCalls(op, rel.inputs[0])),
    ...op.properties.map((property) => `${property}('w$)`),
  ].slice(0, names.length).map((text, i) => named(text, names[i]));
  return `GlobalWindowAggregate(${keysText('groupBy', op.grouping, input)}` +
    `window=[${windowText(op.window, input, [], end)}], ` +
    `select=[${[...keys, ...texts].join(', ')}])`;
}

/** Of a bundle that another operator ends. */
const MOST_ROWS = 2 ** 31 - 1;

function bundlesOf({ miniBatch }: ConvertContext): MiniBatch {
  return miniBatch ?? fail('MR9001', { detail: 'two phases without mini-batch' });
}

export const PHASES: RowsOf<'local-group-aggregate' | 'global-group-aggregate'> = {
  'local-group-aggregate': {
    describe: localText,
    payload: ({ phase: _phase, isIncremental, ...rest }, { context }) => ({
      ...rest,
      miniBatch: isIncremental !== true ? bundlesOf(context)
        : { ...bundlesOf(context), size: MOST_ROWS, endsWithBatch: true },
    }),
    signature: (op) => [op.kind, op.grouping, op.aggregates],
    takesOldRow: always,
  },
  'global-group-aggregate': {
    describe: globalText,
    payload: (
      { phase: _phase, shownOver: _shown, stateTtl, rows, ...rest }, { oldRow, context },
    ) => ({
      ...rest, rows: rows.map(({ name, type }) => ({ name, type: plainType(type) })),
      generateUpdateBefore: oldRow, miniBatch: bundlesOf(context),
      stateTtlMs: stateTtlMs(stateTtl?.[0], context),
    }),
    signature: (op) => [op.kind, op.grouping, op.aggregates],
    takesOldRow: never,
  },
};

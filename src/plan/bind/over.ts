/**
 * OVER: ROW_NUMBER(), which a filter on it turns into a Top-N or a deduplication, aggregates over
 * the rows before, RANK, DENSE_RANK and LAG. As in Flink frames end at the current row.
 */
import { fail, type Position } from '../../errors/index.js';
import type { FunctionCall } from '../../sql/ast/call.js';
import type {
  FrameBound, OrderItem, WindowFrame, WindowSpecification,
} from '../../sql/ast/query.js';
import { ROW_NUMBER_TYPE } from '../logical/build.js';
import {
  constant, type Expression, type OrderKey, type OverExpression, type OverFrame,
} from '../logical/expression.js';
import { INT, notNull, withNullable, withTimeAttribute } from '../../types/data-type.js';
import { isAggregate, resolveAggregate } from './aggregates.js';
import { aggregateOptions } from './call.js';
import { coerce } from './cast.js';
import { constantValue } from './constant-value.js';
import { argumentOf, type ExpressionBinder } from './expression-binder.js';
import { percentileParts } from './percentile.js';
import { placeIn } from './session.js';

export function bindOver(
  binder: ExpressionBinder, syntax: FunctionCall, over: WindowSpecification, name: string,
): Expression {
  const { position } = syntax;
  if (!binder.rules.over) {
    fail('MR2022', { detail: `OVER in ${binder.rules.clause}: ${name}` }, { position });
  }
  const window = completeWindow(binder, over);
  const inner = binder.within({
    clause: 'OVER', aggregates: binder.rules.aggregates, over: false,
    grouped: binder.rules.grouped ?? true,
  });
  const parts = callOf(inner, syntax, name, window);
  const place = placeIn(binder.session, position);
  return Object.freeze({
    kind: 'over', ...parts, partition: inner.bindAll(window.partitionBy),
    orderBy: window.orderBy.map((item) => bindOrderItem(inner, item)),
    ...(place === undefined ? {} : { position: place }),
  });
}

type OverCall = Pick<
  OverExpression, 'function' | 'arguments' | 'distinct' | 'frame' | 'type' | 'options'>;

function callOf(
  binder: ExpressionBinder, syntax: FunctionCall, name: string, window: WindowSpecification,
): OverCall {
  const { position } = syntax;
  refuseClauses(binder, syntax, name);
  if (name === 'ROW_NUMBER') {
    if (window.frame !== undefined) return binder.unsupported('a frame of ROW_NUMBER', position);
    const frame: OverFrame = { unit: 'rows', preceding: null };
    return { function: name, arguments: [], distinct: false, frame, type: ROW_NUMBER_TYPE };
  }
  if (name === 'RANK' || name === 'DENSE_RANK') return rankOf(binder, name, window, position);
  if (name === 'LEAD') return binder.unsupported('LEAD over an endless stream', position);
  if (name === 'LAG') return lagOf(binder, syntax, window);
  return isAggregate(name) ? aggregateOf(binder, syntax, name, window)
    : binder.unsupported(`${name}() OVER`, position);
}

/** As in Flink both count the rows up to the last equal one: its streams know no other rank. */
function rankOf(
  binder: ExpressionBinder, name: string, window: WindowSpecification, position: Position,
): OverCall {
  if (window.frame !== undefined) return binder.unsupported(`a frame of ${name}`, position);
  if (window.orderBy.length === 0) {
    return fail('MR2007', { detail: `${name} needs an ORDER BY in its window` }, { position });
  }
  const frame: OverFrame = { unit: 'range', preceding: null };
  return { function: name, arguments: [], distinct: false, frame, type: ROW_NUMBER_TYPE };
}

function refuseClauses(binder: ExpressionBinder, syntax: FunctionCall, name: string): void {
  const refuse = (clause: string, present: unknown): void => {
    if (present !== undefined) binder.unsupported(`${clause} of ${name}() OVER`, syntax.position);
  };
  refuse('FILTER', syntax.filter);
  refuse('WITHIN GROUP', syntax.withinGroup);
  refuse('ORDER BY', syntax.orderBy);
  const isNullsFree = name === 'ARRAY_AGG' || name === 'LAG';
  if (!isNullsFree) refuse('IGNORE NULLS and RESPECT NULLS', syntax.nullTreatment);
}

/** LAG(value [, offset [, default]]): what stood so many rows before. */
function lagOf(
  binder: ExpressionBinder, syntax: FunctionCall, window: WindowSpecification,
): OverCall {
  const { position } = syntax;
  if (window.frame !== undefined) return binder.unsupported('a frame of LAG', position);
  const [value, offset, absent] = binder.bindAll(syntax.arguments);
  if (value === undefined || syntax.arguments.length > 3) {
    return fail('MR2006', { call: 'LAG', signatures: 'LAG(value [, offset [, default]])' },
      { position });
  }
  const distance = offset === undefined ? 1 : constantValue(offset, binder.zone)?.value;
  if (distance === undefined || distance === null || !(Number(distance) >= 0) ||
    (offset !== undefined && !/INT(EGER)?$/.test(offset.type.root))) {
    return binder.unsupported('LAG whose offset is no whole literal from 0', position);
  }
  const shown = offset === undefined ? [] : [constant(Number(distance), notNull(INT))];
  const given = absent === undefined ? [] : [coerce(absent, value.type, binder.zone)];
  const nullable = value.type.nullable || given[0] === undefined || given[0].type.nullable;
  return {
    function: 'LAG', arguments: [value, ...shown, ...given], distinct: false,
    frame: { unit: 'range', preceding: null },
    type: withTimeAttribute(withNullable(value.type, nullable)),
  };
}

/** NULL over rows of which none counts: a frame of rows has at least the current one. */
function aggregateOf(
  binder: ExpressionBinder, syntax: FunctionCall, name: string, window: WindowSpecification,
): OverCall {
  const isStar = syntax.arguments[0]?.kind === 'star';
  const written = isStar ? [] : binder.bindAll(syntax.arguments);
  const percentile = name === 'PERCENTILE'
    ? percentileParts(binder, written, syntax.position) : null;
  const args = percentile?.arguments ?? written;
  const distinct = syntax.quantifier === 'distinct';
  const resolved = resolveAggregate(name, args.map(argumentOf), { distinct, grouped: true },
    { position: syntax.position });
  return {
    function: resolved.function, distinct, frame: frameOf(binder, window.frame),
    arguments: args.map((arg, i) => coerce(arg, resolved.parameterTypes[i] ?? arg.type,
      binder.zone)),
    type: percentile?.type ?? resolved.resultType,
    ...(percentile === null ? aggregateOptions(resolved, syntax) : { options: percentile.options }),
  };
}

/** Without a frame: everything up to the current row and its equals. */
function frameOf(binder: ExpressionBinder, frame: WindowFrame | undefined): OverFrame {
  if (frame === undefined) return { unit: 'range', preceding: null };
  const { start, end, unit, position } = frame;
  if (end !== undefined && end.bound !== 'current-row') {
    return binder.unsupported('OVER frames that do not end at the current row', position);
  }
  switch (start.bound) {
    case 'unbounded-preceding':
      return { unit, preceding: null };
    case 'current-row':
      return { unit, preceding: 0 };
    case 'preceding':
      return { unit, preceding: distanceOf(binder, start, unit, position) };
    default:
      return binder.unsupported('OVER frames that begin behind the current row', position);
  }
}

/** Rows, or milliseconds. */
function distanceOf(
  binder: ExpressionBinder, bound: FrameBound, unit: 'rows' | 'range', position: Position,
): number {
  const value = bound.value === undefined ? undefined : binder.bind(bound.value);
  const distance = value === undefined ? undefined : constantValue(value, binder.zone)?.value;
  const isInterval = value?.type.root === 'INTERVAL_DAY_TIME';
  if (distance === undefined || distance === null || isInterval !== (unit === 'range') ||
    Number(distance) < 0) {
    const expected = unit === 'rows' ? 'a number of rows' : 'an interval of days to seconds';
    return fail('MR2007', { detail: `an OVER frame of ${unit.toUpperCase()} takes ${expected}` },
      { position });
  }
  return Number(distance);
}

/** A window that names a base takes from it what it does not say itself. */
function completeWindow(
  binder: ExpressionBinder, window: WindowSpecification,
): WindowSpecification {
  if (window.base === undefined) return window;
  const base = binder.rules.windows?.get(window.base.name);
  if (base === undefined) {
    return fail('MR2014', { object: 'window', name: window.base.name },
      { position: window.base.position });
  }
  const outer = completeWindow(binder, base);
  const frame = window.frame ?? outer.frame;
  return {
    ...window,
    partitionBy: window.partitionBy.length > 0 ? window.partitionBy : outer.partitionBy,
    orderBy: window.orderBy.length > 0 ? window.orderBy : outer.orderBy,
    ...(frame === undefined ? {} : { frame }),
  };
}

/** NULL is the smallest value: first where ascending, last where descending. */
function bindOrderItem(binder: ExpressionBinder, item: OrderItem): OrderKey {
  return {
    expression: binder.bind(item.expression),
    descending: item.descending,
    nullsFirst: item.nulls === undefined ? !item.descending : item.nulls === 'first',
  };
}

/**
 * The older windows: TUMBLE, HOP and SESSION as keys of GROUP BY, with functions that tell the
 * bounds of the group's window. They are bound to the window table functions: the key becomes the
 * bounds of the window, and its functions name them.
 */
import { fail, type Position } from '../../errors/index.js';
import type { FunctionCall } from '../../sql/ast/call.js';
import type { Expression as Syntax } from '../../sql/ast/expression.js';
import { notNull, timestamp, withNullable, type DataType, type TimeAttribute }
  from '../../types/data-type.js';
import { allColumns, project, windowFunction } from '../logical/build.js';
import { call, column, type Call, type Expression } from '../logical/expression.js';
import type { LogicalNode, WindowShape } from '../logical/node.js';
import { timeAttributeOf } from '../logical/time-attribute.js';
import type { ExpressionBinder } from './expression-binder.js';
import { onTime, windowShape } from './window-function.js';

const GROUP_WINDOW = /^(TUMBLE|HOP|SESSION)(?:_(START|END|ROWTIME|PROCTIME))?$/;
const KERNEL = 'group_window';
const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  TUMBLE: ['SIZE', 'OFFSET'], HOP: ['SLIDE', 'SIZE', 'OFFSET'], SESSION: ['GAP'],
};
/** What a window key stands for, in the order of the window function's columns. */
const PROPERTIES = ['START', 'END', 'ROWTIME'] as const;

export const isGroupWindow = (name: string): boolean => GROUP_WINDOW.test(name);

/** A stand-in until the grouping is known: kernel `group_window`, options shape and property. */
export function bindGroupWindow(
  binder: ExpressionBinder, syntax: FunctionCall, name: string,
): Expression {
  const { position } = syntax;
  const [, family = '', property = 'WINDOW'] = GROUP_WINDOW.exec(name) ?? [];
  const [time, ...intervals] = syntax.arguments;
  const parameters = PARAMETERS[family] ?? [];
  if (time === undefined || intervals.length > parameters.length) {
    return fail('MR2006', { call: name, signatures: `${name}(time, ${parameters.join(', ')})` },
      { position });
  }
  if (property === 'WINDOW' && binder.rules.clause !== 'GROUP BY') {
    return fail('MR2007', { detail: `${name} stands in GROUP BY only` }, { position });
  }
  if (property === 'PROCTIME') return processingTime(binder, position);
  if (property !== 'WINDOW' && binder.rules.grouped !== true) {
    fail('MR2007', { detail: `${name} without GROUP BY ${family}(...)` }, { position });
  }
  if (binder.session.config.durationMs('table.exec.emit.allow-lateness') > 0) {
    fail('MR2100', { feature: 'table.exec.emit.allow-lateness' }, { position });
  }
  const args = new Map<string, Syntax>(intervals.map((one, i) => [parameters[i] ?? '', one]));
  const bound = binder.bind(time);
  if (property === 'ROWTIME' && bound.type.timeAttribute === 'proctime') {
    fail('MR2007', { detail: `${name} of a window on processing time` }, { position });
  }
  return call({
    kernel: KERNEL, name, arguments: [bound], type: typeOf(property, bound.type),
    options: { ...windowShape(binder.session, family, args), property },
  });
}

/** The row time of a window may be NULL where that of its rows may, although it never is. */
function typeOf(property: string, time: DataType): DataType {
  return property === 'ROWTIME' ? time : notNull(timestamp(3));
}

function processingTime(binder: ExpressionBinder, position: Position): Expression {
  const bound = binder.call('PROCTIME', [], position);
  return bound.kind === 'call'
    ? { ...bound, type: { ...bound.type, timeAttribute: 'proctime' } } : bound;
}

const isWindowKey = (key: Expression): key is Call =>
  key.kind === 'call' && key.kernel === KERNEL && key.options?.['property'] === 'WINDOW';

export interface WindowedKeys {
  readonly input: LogicalNode;
  /** As they are written in the select list. */
  readonly keys: readonly Expression[];
  /** The same over the columns of the input. */
  readonly sources: readonly Expression[];
}

/** The input with its windows; without a window among the keys it stays as it is. */
export function windowedKeys(input: LogicalNode, keys: readonly Expression[]): WindowedKeys {
  const [window, second] = keys.filter(isWindowKey);
  if (window === undefined) return { input, keys, sources: keys };
  if (second !== undefined) fail('MR2100', { feature: 'GROUP BY several windows' });
  const others = keys.filter((key) => key !== window);
  const time = timeOf(window, input);
  const extended = withColumns(input, [...others, time.value]);
  const places = extended.places.slice(0, -1);
  const shape = onTime(shapeOf(window), time.attribute);
  const partition = shape.kind === 'session' ? places : [];
  const windowed = windowFunction(
    extended.input, shape, extended.places.at(-1) ?? 0, partition);
  const first = extended.input.schema.length;
  const fields = extended.input.schema;
  const properties = PROPERTIES.map((property) => propertyOf(window, property));
  return {
    input: windowed,
    keys: [...others, ...properties],
    sources: [
      ...places.map((place) => column(place, fields[place]!.type)),
      ...properties.map(({ type: { nullable } }, i) =>
        column(first + i, withNullable(windowed.schema[first + i]!.type, nullable))),
    ],
  };
}

function propertyOf(window: Call, property: string): Expression {
  const type = typeOf(property, window.arguments[0]?.type ?? window.type);
  return call({ ...window, type, options: { ...window.options, property } });
}

function shapeOf({ options }: Call): WindowShape {
  return {
    kind: options?.['kind'] as WindowShape['kind'], sizeMs: Number(options?.['sizeMs']),
    slideMs: Number(options?.['slideMs']), offsetMs: Number(options?.['offsetMs']),
  };
}

interface WindowTime {
  readonly value: Expression;
  readonly attribute: TimeAttribute;
}

/** A time attribute, or PROCTIME() itself. */
function timeOf(window: Call, input: LogicalNode): WindowTime {
  const [time] = window.arguments;
  const attribute = time?.kind === 'column' ? timeAttributeOf(input, time.index)
    : time?.type.timeAttribute === 'proctime' ? 'proctime' : undefined;
  if (time !== undefined && attribute !== undefined) return { value: time, attribute };
  return fail('MR2007', { detail: `${window.name} needs a time attribute column` },
    { hint: 'give the table a WATERMARK on this column' });
}

/** Keys that are no columns become columns behind the input's. */
function withColumns(
  input: LogicalNode, keys: readonly Expression[],
): { readonly input: LogicalNode; readonly places: readonly number[] } {
  const all = [...allColumns(input)];
  const places = keys.map((key) => (key.kind === 'column' ? key.index : all.push(key) - 1));
  if (all.length === input.schema.length) return { input, places };
  const names = all.map((_, i) => input.schema[i]?.name ?? `$f${i}`);
  return { input: project(input, all, names), places };
}

/**
 * TUMBLE, HOP, CUMULATE and SESSION over a table, arguments by position or by name.
 */
import { fail, suggest, type Position } from '../../errors/index.js';
import type { FunctionCall } from '../../sql/ast/call.js';
import type { Expression as Syntax } from '../../sql/ast/expression.js';
import { windowFunction } from '../logical/build.js';
import type { WindowShape } from '../logical/node.js';
import { timeAttributeOf } from '../logical/time-attribute.js';
import type { TimeAttribute } from '../../types/data-type.js';
import { constantValue } from './constant-value.js';
import { ExpressionBinder } from './expression-binder.js';
import { relation, type Relation, writtenFields } from './relation.js';
import { EMPTY_SCOPE, resolveName } from './scope.js';
import type { BindSession } from './session.js';
import { bindTableArgument } from './table-function.js';

interface Signature {
  readonly parameters: readonly string[];
  /** How many of the last may be left out. */
  readonly optional: number;
}

const SIGNATURES: Readonly<Record<string, Signature>> = {
  TUMBLE: { parameters: ['DATA', 'TIMECOL', 'SIZE', 'OFFSET'], optional: 1 },
  HOP: { parameters: ['DATA', 'TIMECOL', 'SLIDE', 'SIZE', 'OFFSET'], optional: 1 },
  CUMULATE: { parameters: ['DATA', 'TIMECOL', 'STEP', 'SIZE', 'OFFSET'], optional: 1 },
  SESSION: { parameters: ['DATA', 'TIMECOL', 'GAP'], optional: 0 },
};

type Arguments = ReadonlyMap<string, Syntax>;

export function bindWindowFunction(
  session: BindSession, call: FunctionCall, name: string,
): Relation {
  const signature = SIGNATURES[name];
  if (signature === undefined) {
    const suggestion = suggest(name, Object.keys(SIGNATURES));
    return fail('MR2003', { name, suggestion }, { position: call.position });
  }
  const args = assignArguments(name, signature, call);
  const input = bindData(session, args, name, call.position);
  const time = bindTimeColumn(input, args, name, call.position);
  const partition = name === 'SESSION' ? partitionOf(args, input) : [];
  const shape = onTime(windowShape(session, name, args), time.attribute);
  const node = windowFunction(input.node, shape, time.column, partition);
  return relation(node, [], writtenFields(input));
}

function assignArguments(name: string, signature: Signature, call: FunctionCall): Arguments {
  const { parameters, optional } = signature;
  const args = new Map<string, Syntax>();
  call.arguments.forEach((arg, i) => {
    const parameter = arg.kind === 'named-argument' ? arg.name.name.toUpperCase() : parameters[i];
    if (parameter === undefined || !parameters.includes(parameter) || args.has(parameter)) {
      failArguments(name, parameters, arg.position);
    }
    args.set(parameter, arg.kind === 'named-argument' ? arg.value : arg);
  });
  const required = parameters.slice(0, parameters.length - optional);
  if (!required.every((parameter) => args.has(parameter))) {
    failArguments(name, parameters, call.position);
  }
  return args;
}

function failArguments(name: string, parameters: readonly string[], position: Position): never {
  const signatures = `${name}(${parameters.join(', ')})`;
  return fail('MR2006', { call: name, signatures }, { position });
}

/** PARTITION BY of the table: columns. */
function partitionOf(args: Arguments, input: Relation): readonly number[] {
  const data = args.get('DATA');
  if (data?.kind !== 'table-argument') return [];
  return data.partitionBy.map((key) => {
    const bound = key.kind === 'name-reference'
      ? resolveName(input.scope, key.parts, key.position) : undefined;
    if (bound?.kind === 'column') return bound.index;
    return fail('MR2100', { feature: 'PARTITION BY of a window by other than columns' },
      { position: key.position });
  });
}

function bindData(
  session: BindSession, args: Arguments, name: string, position: Position,
): Relation {
  const data = args.get('DATA');
  if (data?.kind !== 'table-argument') {
    return fail('MR2006', { call: 'window function without TABLE', signatures: 'TABLE t' },
      { position: data?.position ?? position });
  }
  const isPartitioned = data.partitionBy.length > 0 && name !== 'SESSION';
  if (isPartitioned || data.orderBy.length > 0) {
    fail('MR2100', { feature: 'PARTITION BY and ORDER BY of a table argument' },
      { position: data.position });
  }
  return bindTableArgument(session, data);
}

interface TimeColumn {
  readonly column: number;
  readonly attribute: TimeAttribute;
}

function bindTimeColumn(
  input: Relation, args: Arguments, name: string, position: Position,
): TimeColumn {
  const descriptor = args.get('TIMECOL');
  const column = descriptor?.kind === 'descriptor' ? descriptor.columns[0] : undefined;
  if (descriptor?.kind !== 'descriptor' || column === undefined ||
    descriptor.columns.length !== 1) {
    return fail('MR2006', { call: `${name} without DESCRIPTOR`, signatures: 'DESCRIPTOR(column)' },
      { position: descriptor?.position ?? position });
  }
  const bound = resolveName(input.scope, column.parts, column.position);
  const attribute = bound.kind === 'column' ? timeAttributeOf(input.node, bound.index) : undefined;
  if (bound.kind !== 'column' || attribute === undefined) {
    const shown = column.parts.map((part) => part.name).join('.');
    fail('MR2007', { detail: `window function needs a time attribute column: ${shown}` },
      { position: column.position, hint: 'give the table a WATERMARK on this column' });
  }
  return { column: bound.index, attribute };
}

/** The same windows on a time attribute. */
export function onTime(shape: WindowShape, attribute: TimeAttribute): WindowShape {
  return attribute === 'proctime' ? { ...shape, isProctime: true } : shape;
}

/** MR2100 where windows should be shown before their end or again behind it. */
function refuseFiring({ config }: BindSession): void {
  const keys = ['table.exec.emit.early-fire.enabled', 'table.exec.emit.late-fire.enabled'] as const;
  const key = keys.find((one) => config.boolean(one));
  if (key !== undefined) fail('MR2100', { feature: key });
}

/** The shape that the intervals among the arguments say. */
export function windowShape(session: BindSession, name: string, args: Arguments): WindowShape {
  refuseFiring(session);
  const size = name === 'SESSION' ? 'GAP' : 'SIZE';
  const sizeMs = interval(session, args.get(size)) ?? 0;
  const offsetMs = interval(session, args.get('OFFSET')) ?? 0;
  const slideMs = name === 'TUMBLE' || name === 'SESSION' ? sizeMs
    : interval(session, args.get(name === 'HOP' ? 'SLIDE' : 'STEP')) ?? 0;
  const position = args.get(size)?.position;
  for (const size of [sizeMs, slideMs]) {
    if (size <= 0) fail('MR2103', { size: `${size} ms` }, { position });
  }
  checkSlide(name, sizeMs, slideMs, position);
  return { kind: KINDS[name] ?? 'tumble', sizeMs, slideMs, offsetMs };
}

const KINDS: Readonly<Record<string, WindowShape['kind']>> = {
  TUMBLE: 'tumble', HOP: 'hop', CUMULATE: 'cumulate', SESSION: 'session',
};

/** Flink refuses windows that are no whole number of slides or steps. */
function checkSlide(
  name: string, sizeMs: number, slideMs: number, position: Position | undefined,
): void {
  if (sizeMs % slideMs === 0) return;
  const step = name === 'HOP' ? 'slide' : 'step';
  const detail = `${name} size must be a multiple of its ${step}: ${sizeMs} ms, ${slideMs} ms`;
  fail('MR2007', { detail }, { position });
}

/** A constant day-time interval in ms; undefined if it is not there. */
function interval(session: BindSession, syntax: Syntax | undefined): number | undefined {
  if (syntax === undefined) return undefined;
  const binder = new ExpressionBinder(session, EMPTY_SCOPE,
    { clause: 'a window function', aggregates: false, over: false });
  const bound = binder.bind(syntax);
  const value = constantValue(bound, binder.zone)?.value;
  if (bound.type.root === 'INTERVAL_DAY_TIME' && typeof value === 'bigint') return Number(value);
  return fail('MR2007', { detail: 'window sizes must be constant intervals of days to seconds' },
    { position: syntax.position });
}

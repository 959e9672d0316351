/**
 * Windows of OVER and of the WINDOW clause.
 */
import type {
  FrameBound, NamedWindow, WindowFrame, WindowSpecification,
} from '../ast/index.js';
import type { Cursor } from './cursor.js';
import { expressionWithoutQuery } from './expressions.js';
import { atIdentifier, identifier } from './names.js';
import { orderBy } from './queries.js';

/** w, or (specification), behind OVER. */
export function windowReference(cursor: Cursor): WindowSpecification {
  const start = cursor.index;
  if (cursor.at('(')) return windowSpecification(cursor);
  const base = identifier(cursor);
  return { kind: 'window', base, partitionBy: [], orderBy: [], position: cursor.from(start) };
}

/** w AS (specification). */
export function namedWindow(cursor: Cursor): NamedWindow {
  const start = cursor.index;
  const name = identifier(cursor);
  cursor.expect('AS');
  const window = windowSpecification(cursor);
  return { kind: 'named-window', name, window, position: cursor.from(start) };
}

function windowSpecification(cursor: Cursor): WindowSpecification {
  const start = cursor.index;
  cursor.expect('(');
  const named = atIdentifier(cursor) && !isFrameOption(cursor);
  const base = named ? identifier(cursor) : undefined;
  const partitionBy = cursor.acceptAll('PARTITION', 'BY')
    ? cursor.list(expressionWithoutQuery) : [];
  const order = cursor.at('ORDER') ? orderBy(cursor) : [];
  const frame = windowFrame(cursor);
  const partial = cursor.acceptOneOf('ALLOW', 'DISALLOW');
  if (partial !== undefined) cursor.expect('PARTIAL');
  cursor.expect(')');
  return {
    kind: 'window', partitionBy, orderBy: order, position: cursor.from(start),
    ...(base === undefined ? {} : { base }),
    ...(frame === undefined ? {} : { frame }),
    ...(partial === undefined ? {} : { allowPartial: partial === 'ALLOW' }),
  };
}

function isFrameOption(cursor: Cursor): boolean {
  return ['ALLOW', 'DISALLOW'].includes(cursor.word());
}

function windowFrame(cursor: Cursor): WindowFrame | undefined {
  const first = cursor.index;
  const unit = cursor.acceptOneOf('ROWS', 'RANGE');
  if (unit === undefined) return undefined;
  const between = cursor.accept('BETWEEN');
  const start = frameBound(cursor);
  if (between) cursor.expect('AND');
  const end = between ? frameBound(cursor) : undefined;
  return {
    kind: 'window-frame', unit: unit === 'ROWS' ? 'rows' : 'range', start,
    ...(end === undefined ? {} : { end }), position: cursor.from(first),
  };
}

function frameBound(cursor: Cursor): FrameBound {
  const start = cursor.index;
  if (cursor.acceptAll('CURRENT', 'ROW')) {
    return { kind: 'frame-bound', bound: 'current-row', position: cursor.from(start) };
  }
  if (cursor.at('UNBOUNDED') && ['PRECEDING', 'FOLLOWING'].includes(cursor.word(1))) {
    cursor.index++;
    const side = cursor.expectOneOf('PRECEDING', 'FOLLOWING');
    const bound = side === 'PRECEDING' ? 'unbounded-preceding' : 'unbounded-following';
    return { kind: 'frame-bound', bound, position: cursor.from(start) };
  }
  const value = expressionWithoutQuery(cursor);
  const side = cursor.expectOneOf('PRECEDING', 'FOLLOWING');
  const bound = side === 'PRECEDING' ? 'preceding' : 'following';
  return { kind: 'frame-bound', bound, value, position: cursor.from(start) };
}

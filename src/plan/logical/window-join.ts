/**
 * Window joins: both inputs carry windows of one shape, and the condition says that they are the
 * same. Rows then meet once, when the window closes (Flink's WindowJoinUtil).
 */
import { conjuncts, type Expression } from './expression.js';
import type { Join } from './node.js';
import { windowColumnsOf, type WindowColumns } from './window-columns.js';

export interface JoinedWindows {
  readonly left: WindowColumns & { readonly start: number; readonly end: number };
  readonly right: WindowColumns & { readonly start: number; readonly end: number };
  /** The condition without the equality of the windows. */
  readonly rest: readonly Expression[];
}

export function joinedWindows(node: Join): JoinedWindows | null {
  if (node.asOf !== undefined) return null;
  const left = boundsOf(windowColumnsOf(node.left));
  const right = boundsOf(windowColumnsOf(node.right));
  if (left === null || right === null || !sameShape(left, right)) return null;
  const width = node.left.schema.length;
  const starts = (part: Expression): boolean => equates(part, left.start, width + right.start);
  const ends = (part: Expression): boolean => equates(part, left.end, width + right.end);
  const parts = conjuncts(node.condition);
  if (!parts.some(starts) || !parts.some(ends)) return null;
  return { left, right, rest: parts.filter((part) => !starts(part) && !ends(part)) };
}

function boundsOf(columns: WindowColumns | null): JoinedWindows['left'] | null {
  if (columns === null || columns.start === null || columns.end === null) return null;
  return { ...columns, start: columns.start, end: columns.end };
}

function sameShape(a: WindowColumns, b: WindowColumns): boolean {
  return a.shape.kind === b.shape.kind && a.shape.sizeMs === b.shape.sizeMs &&
    a.shape.slideMs === b.shape.slideMs && a.shape.offsetMs === b.shape.offsetMs &&
    a.shape.isProctime === b.shape.isProctime && a.timeType.root === b.timeType.root;
}

function equates(part: Expression, a: number, b: number): boolean {
  if (part.kind !== 'call' || part.name !== '=') return false;
  const [first, second] = part.arguments;
  if (first?.kind !== 'column' || second?.kind !== 'column') return false;
  return (first.index === a && second.index === b) || (first.index === b && second.index === a);
}

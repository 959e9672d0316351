/**
 * Which columns of a node say which window a row belongs to. Windows come from a window function
 * or a window aggregation and last as long as their columns are passed on untouched.
 */
import type { DataType } from '../../types/data-type.js';
import type { Expression } from './expression.js';
import type { LogicalNode, WindowProperty, WindowShape } from './node.js';
import { joinedWindows } from './window-join.js';

export interface WindowColumns {
  readonly shape: WindowShape;
  /** Of the row time that the windows stand on. */
  readonly timeType: DataType;
  readonly start: number | null;
  readonly end: number | null;
  readonly time: number | null;
  /** What sessions are partitioned by; null where a column of it is gone. */
  readonly partition: readonly number[] | null;
}

const KNOWN = new WeakMap<LogicalNode, WindowColumns | null>();

export function windowColumnsOf(node: LogicalNode): WindowColumns | null {
  const known = KNOWN.get(node);
  if (known !== undefined) return known;
  const found = find(node);
  KNOWN.set(node, found);
  return found;
}

function find(node: LogicalNode): WindowColumns | null {
  switch (node.kind) {
    case 'window-function': {
      const start = node.input.schema.length;
      const timeType = node.schema[start + 2]?.type;
      return timeType === undefined ? null
        : {
            shape: node.window, timeType, start, end: start + 1, time: start + 2,
            partition: node.partition,
          };
    }
    case 'window-aggregate': {
      const first = node.grouping.length + node.calls.length;
      const at = (property: WindowProperty): number | null => {
        const index = node.properties.indexOf(property);
        return index < 0 ? null : first + index;
      };
      return {
        shape: node.window, timeType: node.timeType,
        start: at('start'), end: at('end'), time: at('rowtime') ?? at('proctime'), partition: null,
      };
    }
    case 'project':
      return moved(node.input, (index) =>
        node.expressions.findIndex((one) => isColumn(one, index)));
    case 'expand':
      return moved(node.input, (index) => node.schema.findIndex((_, i) =>
        node.projects.every((project) => isColumn(project[i], index))));
    case 'join': {
      const windows = joinedWindows(node);
      const isPadded = node.joinType === 'right' || node.joinType === 'full';
      return windows === null || isPadded ? null : { ...windows.left, time: null };
    }
    case 'filter':
    case 'rank':
    case 'over':
    case 'over-aggregate':
      return windowColumnsOf(node.input);
    default:
      return null;
  }
}

const isColumn = (one: Expression | undefined, index: number): boolean =>
  one?.kind === 'column' && one.index === index;

/** The columns of the input where they are passed on; `placeOf`: -1 where one is not. */
function moved(input: LogicalNode, placeOf: (index: number) => number): WindowColumns | null {
  const below = windowColumnsOf(input);
  if (below === null) return null;
  const place = (index: number | null): number | null => {
    const found = index === null ? -1 : placeOf(index);
    return found < 0 ? null : found;
  };
  const [start, end, time] = [place(below.start), place(below.end), place(below.time)];
  return start === null && end === null && time === null ? null
    : { ...below, start, end, time, partition: keysOf(below.partition, place) };
}

function keysOf(
  keys: readonly number[] | null, place: (index: number | null) => number | null,
): readonly number[] | null {
  const places = keys?.map(place) ?? [null];
  return places.some((one) => one === null) ? null : places.flatMap((one) => one ?? []);
}

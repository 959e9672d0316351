/**
 * Whether a column is a time attribute in truth: types keep the mark wherever Flink prints it, but
 * only a column forwarded untouched still keeps step with the watermarks (E-085).
 */
import type { TimeAttribute } from '../../types/data-type.js';
import { intervalBounds } from './interval-join.js';
import type { Aggregate, Join, LogicalNode } from './node.js';
import { windowColumnsOf } from './window-columns.js';
import { joinedWindows } from './window-join.js';

export function timeAttributeOf(node: LogicalNode, index: number): TimeAttribute | undefined {
  switch (node.kind) {
    case 'watermark':
      return index === node.rowtime ? 'rowtime' : timeAttributeOf(node.input, index);
    case 'project': {
      const source = node.expressions[index];
      if (source?.kind === 'column') return timeAttributeOf(node.input, source.index);
      return source?.type.timeAttribute === 'proctime' ? 'proctime' : undefined;
    }
    case 'filter':
    case 'sort':
      return timeAttributeOf(node.input, index);
    case 'over':
    case 'over-aggregate':
    case 'correlate':
    case 'rank':
      return index < node.input.schema.length ? timeAttributeOf(node.input, index) : undefined;
    case 'changelog-function': {
      const { direction, opColumn } = node;
      const below = direction === 'to' ? index - 1 : index < opColumn ? index : index + 1;
      return below < 0 ? undefined : timeAttributeOf(node.input, below);
    }
    case 'window-function': {
      const width = node.input.schema.length;
      if (index < width) return timeAttributeOf(node.input, index);
      if (index !== width + 2) return undefined;
      return node.window.isProctime === true ? 'proctime' : 'rowtime';
    }
    case 'window-aggregate': {
      const first = node.grouping.length + node.calls.length;
      const property = node.properties[index - first];
      return property === 'rowtime' || property === 'proctime' ? property : undefined;
    }
    case 'aggregate':
      return isWindowTime(node, index) ? windowTimeOf(node) : undefined;
    case 'union': {
      const [first, ...others] = node.inputs.map((input) => timeAttributeOf(input, index));
      return others.every((other) => other === first) ? first : undefined;
    }
    case 'join':
      return timeOfJoin(node, index);
    case 'match': {
      const mark = node.measures[index - node.partition.length];
      return mark?.kind === 'call' && mark.kernel === 'match_time' ? 'rowtime'
        : mark?.type.timeAttribute === 'proctime' && mark.kind === 'call' ? 'proctime' : undefined;
    }
    case 'expand':
    case 'scan':
    case 'values':
    case 'sink':
      return undefined;
  }
}

/**
 * Rows of interval and window joins keep step with the watermarks, so does the left time of a
 * temporal join; those of others do not.
 */
function timeOfJoin(node: Join, index: number): TimeAttribute | undefined {
  const width = node.left.schema.length;
  if (node.asOf !== undefined) {
    return index < width ? timeAttributeOf(node.left, index) : undefined;
  }
  if (joinedWindows(node) === null && intervalBounds(node) === null) return undefined;
  return index < width ? timeAttributeOf(node.left, index)
    : timeAttributeOf(node.right, index - width);
}

const windowTimeOf = (node: Aggregate): TimeAttribute =>
  (windowColumnsOf(node.input)?.shape.isProctime === true ? 'proctime' : 'rowtime');

/** The window_time key of an aggregation over windows. */
function isWindowTime(node: Aggregate, index: number): boolean {
  const window = windowColumnsOf(node.input);
  if (window === null || window.start === null || window.end === null) return false;
  const { grouping } = node;
  return grouping.includes(window.start) && grouping.includes(window.end) &&
    window.time !== null && grouping[index] === window.time;
}

/** Windows as the plan states them. */
import type { DataType, RowField } from '../../types/data-type.js';
import { zoneOption } from '../../types/zone.js';
import type { WindowShape } from '../logical/node.js';
import type { WindowSpec } from './plan.js';

/** Windows on a time attribute; on TIMESTAMP_LTZ they are cut in the session zone (E-008). */
export function timeWindow(
  { isProctime, ...shape }: WindowShape, time: number, schema: readonly RowField[], zone: string,
): WindowSpec {
  const type = schema[time]?.type;
  return {
    ...shape, windowStart: null, windowEnd: null, ...zoneParts(type, zone),
    ...(isProctime === true ? { rowtime: null, proctime: time } : { rowtime: time }),
  };
}

/** Rows that carry their window as columns; what is on the clock is gone by then, as in Flink. */
export function attachedWindow(
  shape: WindowShape, start: number | null, end: number | null, timeType: DataType, zone: string,
): WindowSpec {
  return {
    ...shape, rowtime: null, windowStart: start, windowEnd: end, ...zoneParts(timeType, zone),
  };
}

function zoneParts(
  type: DataType | undefined, zone: string,
): Pick<WindowSpec, 'zone' | 'zoneTable'> {
  const name = zoneOf(type, zone);
  if (name === null) return { zone: null };
  const table = zoneOption(name);
  return typeof table === 'string' ? { zone: name } : { zone: name, zoneTable: { ...table } };
}

export function zoneOf(type: DataType | undefined, zone: string): string | null {
  return type?.root === 'TIMESTAMP_LTZ' ? zone : null;
}

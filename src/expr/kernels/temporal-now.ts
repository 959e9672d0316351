/** The current time: from the task clock, sampled once a batch. */
import { type Column, writeI64 } from '../../batch/column.js';
import { MS_PER_DAY } from '../../types/calendar.js';
import { zoneOfOption } from '../../types/zone.js';
import {
  type CallSite, type EvaluationContext, type Kernel, type KernelFamily,
} from '../kernel.js';

type Now = (localMs: number, utcMs: number) => number;

/** A value from the clock; the same for every row. */
function clock(now: Now): Kernel {
  return {
    nulls: 'own',
    compile: (site: CallSite) => {
      const zone = zoneOfOption(site.options['zone'] ?? 'UTC');
      const isWide = site.resultType.root.startsWith('TIMESTAMP')
        || site.resultType.root === 'BIGINT';
      return (_columns: readonly Column[], selection: Int32Array | null, count: number,
        out: Column, context: EvaluationContext) => {
        const value = now(zone.toLocal(context.nowMs), context.nowMs);
        for (let i = 0; i < count; i++) {
          const row = selection === null ? i : selection[i]!;
          if (isWide) writeI64(out.values as Int32Array, row, value);
          else out.values[row] = value;
        }
      };
    },
  };
}

const timeOfDay = (localMs: number): number => {
  const second = Math.floor(localMs / 1000) * 1000;
  return second - Math.floor(second / MS_PER_DAY) * MS_PER_DAY;
};

export const temporalNowKernels: KernelFamily = {
  current_timestamp: clock((_local, utc) => utc),
  local_timestamp: clock((local) => local),
  current_date: clock((local) => Math.floor(local / MS_PER_DAY)),
  local_time: clock(timeOfDay),
  current_unix_timestamp: clock((_local, utc) => Math.floor(utc / 1000)),
};

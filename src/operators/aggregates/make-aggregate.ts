/** From an aggregate call of the plan to the object that computes it. */
import { fail } from '../../errors/fail.js';
import type { AggregateCall } from '../../plan/physical/plan.js';
import { type DataType, typeToString } from '../../types/data-type.js';
import type { Aggregate } from './aggregate.js';
import { makeAverage } from './average.js';
import { makeCellAggregate } from './cell-aggregate.js';
import { Count } from './count.js';
import { makeCountedExtreme } from './counted-extreme.js';
import { makePick } from './pick.js';
import { makeSum } from './sum.js';
import { Welford } from './welford.js';

/** `argument` is the type of the call's argument column; null for COUNT(*). */
export function makeAggregate(call: AggregateCall, argument: DataType | null): Aggregate {
  if (call.function === 'COUNT') return new Count();
  const made = argument === null ? null : makeOf(call, argument);
  if (made === null) {
    const type = argument === null ? '' : typeToString(argument);
    const how = call.retract ? ' with rows taken back' : '';
    return fail('MR2104', { engine: 'fallback', feature: `${call.function}(${type})${how}` });
  }
  return made;
}

function makeOf(call: AggregateCall, argument: DataType): Aggregate | null {
  switch (call.function) {
    case 'SUM':
      return makeSum(call.type, call.retract ? 'retractable' : 'sum');
    case '$SUM0':
      return makeSum(call.type, 'from-zero');
    case 'AVG':
      return makeAverage(argument, call.type);
    case '$WELFORD_M2$1':
      return argument.root === 'DOUBLE' ? new Welford() : null;
    case 'MIN':
      return call.retract ? makeCountedExtreme(argument, true) : makePick(argument, 'min');
    case 'MAX':
      return call.retract ? makeCountedExtreme(argument, false) : makePick(argument, 'max');
    case 'FIRST_VALUE':
    case 'LAST_VALUE': {
      const form = call.function === 'FIRST_VALUE' ? 'first' : 'last';
      const pick = call.retract ? null : makePick(argument, form);
      return pick ?? makeCellAggregate(call, argument);
    }
    default:
      return makeCellAggregate(call, argument);
  }
}

/**
 * Rows beside what a table function makes of them, or a table holds for them: every change is
 * passed on with its kind.
 */
import { fail } from '../../errors/index.js';
import type { Correlate } from '../logical/node.js';
import type { ConvertContext } from './context.js';
import { convertScan } from './convert-source.js';
import { APPEND, isInsertOnly, type Operator, type Rel } from './rel.js';

/** Nothing names the rows: several may come of one. */
export function convertCorrelate(node: Correlate, input: Rel, context: ConvertContext): Rel {
  const { updates, deletes } = input.traits;
  return {
    op: operatorOf(node, context), inputs: [input], schema: node.schema,
    traits: { ...APPEND, updates, deletes },
  };
}

function operatorOf({ joinType, call, condition }: Correlate, context: ConvertContext): Operator {
  if (call.function !== 'lookup') return { kind: 'correlate', joinType, call, condition };
  const { op, traits } = convertScan(call.lookup.table, context);
  if (op.kind !== 'source' || !isInsertOnly(traits)) {
    return fail('MR2100', { feature: 'lookup in a table whose rows change' });
  }
  return {
    kind: 'lookup-join', joinType, condition, source: op, fields: call.fields,
    keys: call.lookup.columns, arguments: call.arguments,
  };
}

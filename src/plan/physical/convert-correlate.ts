/**
 * Rows beside what a table function makes of them, or a table holds for them: every change is
 * passed on with its kind.
 */
import { fail } from '../../errors/index.js';
import { childTypes } from '../../types/data-type.js';
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

function operatorOf(node: Correlate, context: ConvertContext): Operator {
  const { joinType, call, condition } = node;
  if (call.function !== 'lookup') return { kind: 'correlate', joinType, call, condition };
  const { op, traits } = convertScan(call.lookup.table, context);
  if (op.kind !== 'source' || !isInsertOnly(traits)) {
    return fail('MR2100', { feature: 'lookup in a table whose rows change' });
  }
  const nested = call.fields.find(({ type }) => childTypes(type).length > 0);
  if (op.connector === 'values' && nested !== undefined) {
    return fail('MR2100', {
      feature: `lookup of nested column ${nested.name} in a table of the connector values`,
    });
  }
  return {
    kind: 'lookup-join', joinType, condition, source: op, fields: call.fields,
    keys: call.lookup.columns, arguments: call.arguments,
    ...(node.conditionSeesInput === true ? { conditionSeesInput: true } : {}),
  };
}

/** UNNEST: the items of a collection as rows, alone or beside the rows left of it. */
import { fail } from '../../errors/index.js';
import type { UnnestTable } from '../../sql/ast/table.js';
import { INT, notNull, typeToString, withNullable, type DataType, type RowField }
  from '../../types/data-type.js';
import { correlate, oneRow, project } from '../logical/build.js';
import { column } from '../logical/expression.js';
import type { TableFunctionCall } from '../logical/node.js';
import { plainType } from '../logical/plan-expression.js';
import { ExpressionBinder } from './expression-binder.js';
import { relation, type Relation } from './relation.js';
import { EMPTY_SCOPE } from './scope.js';
import type { BindSession } from './session.js';

/** Over one row; beside other rows the collection names columns of the outer query. */
export function bindUnnest(session: BindSession, from: UnnestTable): Relation {
  const binder = new ExpressionBinder(session, EMPTY_SCOPE,
    { clause: 'UNNEST', aggregates: false, over: false });
  const [collection, ...others] = binder.bindAll(from.operands);
  if (collection === undefined || others.length > 0) {
    return binder.unsupported('UNNEST of several collections', from.position);
  }
  const items = itemFields(collection.type);
  if (items === undefined) {
    return fail('MR2006', {
      call: `UNNEST(${typeToString(collection.type)})`,
      signatures: 'UNNEST(ARRAY), UNNEST(MAP), UNNEST(MULTISET)',
    }, { position: from.position });
  }
  const order = from.ordinality ? [{ name: 'ORDINALITY', type: notNull(INT) }] : [];
  const call: TableFunctionCall = {
    function: from.ordinality ? 'unnest-with-ordinality' : 'unnest', arguments: [collection],
    fields: [...items.map(({ name, type }) => ({ name, type })), ...order],
  };
  const made = correlate(oneRow(), { joinType: 'inner', call, condition: null });
  const names = [...items.map((item) => item.shown), ...order.map((field) => field.name)];
  return relation(project(made, call.fields.map((field, i) => column(i + 1, field.type)), names));
}

/** A column of UNNEST: its name in Flink's plans, and what a query calls it. */
interface ItemField extends RowField {
  readonly shown: string;
}

/** Rows are spread into their fields, which are NULL where the row is. */
function itemFields(type: DataType): readonly ItemField[] | undefined {
  const { root, element } = type;
  if (element === undefined) return undefined;
  if (root === 'MAP') {
    const key = plainType(type.key ?? element);
    return [
      { name: 'f0', type: key, shown: 'KEY' },
      { name: 'f1', type: plainType(element), shown: 'VALUE' },
    ];
  }
  if (root !== 'ARRAY' && root !== 'MULTISET') return undefined;
  if (element.root !== 'ROW') {
    return [{ name: 'f0', type: plainType(element), shown: 'EXPR$0' }];
  }
  return (element.fields ?? []).map((field) => ({
    name: field.name, shown: field.name,
    type: withNullable(field.type, field.type.nullable || element.nullable),
  }));
}

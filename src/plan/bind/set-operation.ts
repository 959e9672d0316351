/**
 * UNION, INTERSECT and EXCEPT: both sides cast to their common types; without ALL a grouping
 * by all columns, over a semi or anti join of the sides for the latter two.
 */
import { fail } from '../../errors/index.js';
import type { SetOperation } from '../../sql/ast/query.js';
import { BOOLEAN, notNull, typeToString, typesEqual, type RowField }
  from '../../types/data-type.js';
import { commonType } from '../../types/merging.js';
import { join, project, union } from '../logical/build.js';
import { call, column, conjunction, TRUE } from '../logical/expression.js';
import type { LogicalNode } from '../logical/node.js';
import { castTo } from './cast.js';
import { bindBody } from './query.js';
import { relation, type Relation, writtenFields } from './relation.js';
import { distinct } from './select.js';
import type { BindSession } from './session.js';
import { exceptAll, intersectAll } from './set-operation-all.js';

/** The columns have the names of the left side. */
export function bindSetOperation(session: BindSession, syntax: SetOperation): Relation {
  const bound = [bindBody(session, syntax.left), bindBody(session, syntax.right)] as const;
  const node = setOperation(session, syntax, bound.map((side) => side.node));
  return relation(node, [], writtenFields(bound[0]));
}

function setOperation(
  session: BindSession, syntax: SetOperation, sides: readonly LogicalNode[],
): LogicalNode {
  const schema = commonSchema(sides, syntax);
  const zone = session.config.zone;
  const [left, right] = sides.map((side) => fitTo(side, schema, zone));
  if (left === undefined || right === undefined) return fail('MR9001', { detail: 'no sides' });
  if (syntax.operator !== 'union') {
    // Rows of the left side, of types that hold both, as in Flink.
    if (!syntax.all) return { ...distinct(matched(left, right, syntax)), schema };
    return syntax.operator === 'intersect' ? intersectAll(left, right, schema)
      : exceptAll(left, right, schema);
  }
  const all = union([left, right], schema);
  return syntax.all ? all : distinct(all);
}

/** Rows of the left side that are, or are not, on the right one; two NULLs are the same. */
function matched(left: LogicalNode, right: LogicalNode, syntax: SetOperation): LogicalNode {
  const width = left.schema.length;
  const equalities = left.schema.map((field, i) => {
    const other = right.schema[i]?.type ?? field.type;
    const sides = [column(i, field.type), column(width + i, other)];
    const isPlain = !field.type.nullable && !other.nullable;
    return call({
      kernel: isPlain ? 'equal' : 'is_not_distinct', type: notNull(BOOLEAN),
      name: isPlain ? '=' : 'IS NOT DISTINCT FROM', arguments: sides,
    });
  });
  const type = syntax.operator === 'intersect' ? 'semi' : 'anti';
  return join(left, right, type, conjunction(equalities) ?? TRUE);
}

function commonSchema(sides: readonly LogicalNode[], syntax: SetOperation): readonly RowField[] {
  const [left, right] = sides.map((side) => side.schema);
  if (left === undefined || right === undefined || left.length !== right.length) {
    const operator = syntax.operator.toUpperCase();
    const detail = `${operator} of ${left?.length} and ${right?.length} columns`;
    return fail('MR2013', { detail }, { position: syntax.position });
  }
  return left.map((field, i): RowField => {
    const types = [field.type, right[i]?.type ?? field.type];
    const type = typesEqual(field.type, types[1] ?? field.type) ? field.type : commonType(types);
    if (type !== null) return { name: field.name, type };
    const shown = types.map(typeToString).join(' and ');
    const detail = `${syntax.operator.toUpperCase()} of ${shown} in column ${field.name}`;
    return fail('MR2007', { detail }, { position: syntax.position });
  });
}

/** The node itself if its types are these already, else with casts on top. */
function fitTo(node: LogicalNode, schema: readonly RowField[], zone: string): LogicalNode {
  if (node.schema.every((field, i) => fits(field, schema[i]))) return node;
  const expressions = node.schema.map((field, i) => {
    const wanted = schema[i];
    const value = column(i, field.type);
    return fits(field, wanted) || wanted === undefined
      ? value : castTo(value, wanted.type, { zone });
  });
  return project(node, expressions, schema.map((field) => field.name));
}

/** A NOT NULL column stands where a nullable one is wanted. */
function fits(field: RowField, wanted: RowField | undefined): boolean {
  return wanted === undefined || typesEqual(field.type, wanted.type, true);
}

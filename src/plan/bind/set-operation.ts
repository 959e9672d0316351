/**
 * UNION [ALL]: both sides cast to their common types; without ALL a grouping by all columns.
 */
import { fail } from '../../errors/index.js';
import type { SetOperation } from '../../sql/ast/query.js';
import { typeToString, typesEqual, type RowField } from '../../types/data-type.js';
import { commonType } from '../../types/merging.js';
import { project, union } from '../logical/build.js';
import { column } from '../logical/expression.js';
import type { LogicalNode } from '../logical/node.js';
import { castTo } from './cast.js';
import { bindBody } from './query.js';
import { distinct } from './select.js';
import type { BindSession } from './session.js';

export function bindSetOperation(session: BindSession, syntax: SetOperation): LogicalNode {
  if (syntax.operator !== 'union') {
    const feature = `${syntax.operator.toUpperCase()}${syntax.all ? ' ALL' : ''}`;
    fail('MR2100', { feature }, { position: syntax.position });
  }
  const sides = [bindBody(session, syntax.left).node, bindBody(session, syntax.right).node];
  const schema = commonSchema(sides, syntax);
  const zone = session.config.zone;
  const all = union(sides.map((side) => fitTo(side, schema, zone)), schema);
  return syntax.all ? all : distinct(all);
}

function commonSchema(sides: readonly LogicalNode[], syntax: SetOperation): readonly RowField[] {
  const [left, right] = sides.map((side) => side.schema);
  if (left === undefined || right === undefined || left.length !== right.length) {
    const detail = `UNION of ${left?.length} and ${right?.length} columns`;
    return fail('MR2013', { detail }, { position: syntax.position });
  }
  return left.map((field, i): RowField => {
    const types = [field.type, right[i]?.type ?? field.type];
    const type = typesEqual(field.type, types[1] ?? field.type) ? field.type : commonType(types);
    if (type !== null) return { name: field.name, type };
    const shown = types.map(typeToString).join(' and ');
    return fail('MR2007', { detail: `UNION of ${shown} in column ${field.name}` },
      { position: syntax.position });
  });
}

/** The node itself if its types are these already, else with casts on top. */
export function fitTo(node: LogicalNode, schema: readonly RowField[], zone: string): LogicalNode {
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

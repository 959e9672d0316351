/** Operators that look at one row at a time, and those that only say where rows go. */
import { toPlanExpression } from '../../logical/plan-expression.js';
import { expressionText, projectionText, type TextStyle } from '../expression-text.js';
import type { CalcOp, ExpandOp, Rel } from '../rel.js';
import {
  always, asBelow, asItIs, looksAtKeyOnly, orNull, passesFullDelete, passesOldRow, type RowsOf,
} from './row.js';
import { type Fields, inputOf, nameAt, nameList, namesAt } from './text.js';

function calcText(
  op: Omit<CalcOp, 'kind'>, input: Fields, output: Fields, style: TextStyle,
): string {
  const names = nameList(input);
  const select = op.projections.map((expression, i) => {
    const text = projectionText(expression, names, style);
    const name = nameAt(output, i);
    return text === name ? text : `${text} AS ${name}`;
  });
  const where = op.condition === null
    ? '' : `, where=[${expressionText(op.condition, names, style)}]`;
  return `Calc(select=[${select.join(', ')}]${where})`;
}

/** A filter may pass one row of an update and hold the other back. */
const splitsPairs = ({ condition }: CalcOp, input: Rel | undefined): boolean =>
  condition !== null && !looksAtKeyOnly(condition, input);

function expandText(op: ExpandOp, rel: Rel): string {
  const sets = op.projects.map((one) => calcText({ projections: one, condition: null },
    inputOf(rel), rel.schema, 'infix').slice('Calc(select=['.length, -2));
  const shown = sets.map((set) => `{${set.replaceAll(/null:[A-Z_]+(?:\([^)]*\))?/g, 'null')}}`);
  return `Expand(projects=[${shown.join(', ')}])`;
}

export const CALCS: RowsOf<'calc' | 'expand' | 'union' | 'exchange'> = {
  calc: {
    describe: (op, rel, style) => calcText(op, inputOf(rel), rel.schema, style),
    payload: (op) => ({
      kind: op.kind, projections: op.projections.map(toPlanExpression),
      condition: orNull(op.condition),
    }),
    signature: (op) => [op.kind, op.projections.map(toPlanExpression), orNull(op.condition)],
    takesOldRow: passesOldRow, canDropOldRows: asBelow,
    needsOldRow: (op, rel) => splitsPairs(op, rel.inputs[0]),
    takesFullDelete: (op, { rel, input, fullDelete }) =>
      fullDelete || !looksAtKeyOnly(op.condition, input) || rel.traits.upsertKeys.length === 0,
    expressions: (node) =>
      (node.condition === null ? node.projections : [...node.projections, node.condition]),
  },
  expand: {
    describe: expandText,
    payload: (op) =>
      ({ kind: op.kind, projects: op.projects.map((one) => one.map(toPlanExpression)) }),
    signature: (op) => [op.kind, op.projects.map((one) => one.map(toPlanExpression))],
    takesOldRow: always,
    expressions: (node) => node.projects.flat(),
  },
  union: {
    describe: (_op, rel) => `Union(all=[true], union=[${nameList(rel.schema).join(', ')}])`,
    payload: asItIs, takesOldRow: passesOldRow, canDropOldRows: asBelow,
  },
  exchange: {
    describe: (op, rel) => `Exchange(distribution=[${op.distribution}${
      op.distribution === 'hash' ? `[${namesAt(inputOf(rel), op.keys)}]` : ''}])`,
    payload: asItIs, takesOldRow: passesOldRow, canDropOldRows: asBelow,
    takesFullDelete: passesFullDelete,
  },
};

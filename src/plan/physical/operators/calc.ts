/** Operators that look at one row at a time, and those that only say where rows go. */
import {
  column, contains, CURRENT_WATERMARK, rewrite, type Expression,
} from '../../logical/expression.js';
import { fail } from '../../../errors/index.js';
import type { DataType } from '../../../types/data-type.js';
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

const isWatermark = (one: Expression): boolean =>
  one.kind === 'call' && one.kernel === CURRENT_WATERMARK;

const readsWatermark = ({ projections, condition }: CalcOp): boolean =>
  [...projections, ...(condition === null ? [] : [condition])]
    .some((one) => contains(one, isWatermark));

function watermarkTypeOf(op: CalcOp): { readonly watermarkType?: DataType } {
  const types: DataType[] = [];
  const note = (one: Expression): boolean => {
    if (isWatermark(one)) types.push(one.type);
    return false;
  };
  [...op.projections, ...(op.condition === null ? [] : [op.condition])]
    .forEach((one) => contains(one, note));
  const [type, ...others] = types;
  if (type === undefined) return {};
  if (others.some(({ root }) => root !== type.root)) {
    fail('MR2100', { feature: 'CURRENT_WATERMARK of TIMESTAMP and TIMESTAMP_LTZ at once' });
  }
  return { watermarkType: type };
}

/** CURRENT_WATERMARK as the column `at`. */
function withWatermark(op: CalcOp, at: number): CalcOp {
  if (!readsWatermark(op)) return op;
  const over = (one: Expression): Expression =>
    rewrite(one, (part) => (isWatermark(part) ? column(at, part.type) : undefined));
  return {
    ...op, projections: op.projections.map(over),
    condition: op.condition === null ? null : over(op.condition),
  };
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

export const CALCS: RowsOf<'calc' | 'expand' | 'union' | 'shown' | 'exchange'> = {
  calc: {
    describe: (op, rel, style) => calcText(op, inputOf(rel), rel.schema, style),
    payload: (op, { rel }) => {
      const { projections, condition } = withWatermark(op, inputOf(rel).length);
      return {
        kind: op.kind, projections: projections.map(toPlanExpression),
        condition: orNull(condition), ...watermarkTypeOf(op),
      };
    },
    signature: (op) => {
      const { projections, condition } = withWatermark(op, -1);
      return [op.kind, projections.map(toPlanExpression), orNull(condition)];
    },
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
  shown: {
    describe: (op) => op.text,
    // It is in no plan that runs; whatever passes rows on will do.
    payload: () => ({ kind: 'union' }) as never,
    takesOldRow: passesOldRow, canDropOldRows: asBelow, takesFullDelete: passesFullDelete,
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

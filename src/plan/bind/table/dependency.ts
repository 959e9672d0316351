/** What stands on a column: it can be neither dropped nor renamed before that is gone. */
import { fail, type Position } from '../../../errors/index.js';
import type { Expression } from '../../../sql/ast/expression.js';
import type { TableDraft } from './draft.js';

/** Columns that go together do not hold each other. A key moves along when it is renamed. */
export function refuseUsed(
  draft: TableDraft, names: readonly string[], position: Position,
  change: 'renamed' | 'dropped',
): void {
  const refuse = (name: string, user: string): never =>
    fail('MR2017', { detail: `column ${name} cannot be ${change}: ${user} uses it` },
      { position });
  for (const name of names) {
    const user = draft.columns.find((one) => one.kind === 'computed' &&
      !names.includes(one.name) && mentions(one.expression, name));
    if (user !== undefined) refuse(name, `computed column ${user.name}`);
    const { watermark, primaryKey, distribution } = draft;
    if (watermark !== null &&
      (watermark.column === name || mentions(watermark.expression, name))) {
      refuse(name, 'the watermark');
    }
    if (draft.partitionedBy.some((one) => one.name === name)) refuse(name, 'PARTITIONED BY');
    if (distribution?.columns.some((one) => one.name === name) === true) {
      refuse(name, 'DISTRIBUTED BY');
    }
    if (change === 'dropped' && primaryKey?.columns.some((one) => one.name === name) === true) {
      refuse(name, 'the primary key');
    }
  }
}

/** Whether a name of the expression starts with the column's. */
function mentions(expression: Expression, column: string): boolean {
  if (expression.kind === 'name-reference') return expression.parts[0]?.name === column;
  return Object.values(expression).some((value: unknown) => mentionsValue(value, column));
}

function mentionsValue(value: unknown, column: string): boolean {
  if (Array.isArray(value)) return value.some((one: unknown) => mentionsValue(one, column));
  return typeof value === 'object' && value !== null && 'kind' in value &&
    mentions(value as Expression, column);
}

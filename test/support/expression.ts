/** Expressions of SQL text, bound and evaluated on the TypeScript engine. */
import { Batch } from '../../src/batch/batch.js';
import type { Column } from '../../src/batch/column.js';
import { valueAt, type Value } from '../../src/batch/values.js';
import { Catalog } from '../../src/catalog/catalog.js';
import { compileExpression } from '../../src/expr/evaluate.js';
import { castTo } from '../../src/plan/bind/cast.js';
import { ExpressionBinder } from '../../src/plan/bind/expression-binder.js';
import { EMPTY_SCOPE, scopeOf } from '../../src/plan/bind/scope.js';
import { openSession } from '../../src/plan/bind/session.js';
import { SessionConfig } from '../../src/plan/config.js';
import { toPlanExpression } from '../../src/plan/logical/plan-expression.js';
import type { PlanExpression } from '../../src/plan/physical/plan.js';
import { parseExpression } from '../../src/sql/index.js';
import { STRING, type DataType, type RowField } from '../../src/types/data-type.js';

export interface ExpressionSetting {
  readonly zone?: string;
  readonly fields?: readonly RowField[];
  readonly nowMs?: number;
}

/** An expression as the planner hands it to an engine. */
export function boundExpression(
  sql: string, setting: ExpressionSetting = {}, asText = false,
): PlanExpression {
  const zone = setting.zone ?? 'UTC';
  const session = openSession(new Catalog(), new SessionConfig({ 'table.local-time-zone': zone }));
  const scope = setting.fields === undefined ? EMPTY_SCOPE : scopeOf(['t'], setting.fields);
  const rules = { clause: 'SELECT', aggregates: false, over: false };
  const bound = new ExpressionBinder(session, scope, rules).bind(parseExpression(sql));
  return toPlanExpression(asText ? castTo(bound, STRING, { zone }) : bound);
}

/** The values of an expression over a batch of these columns (one row where there are none). */
export function evaluatedRows(
  expression: PlanExpression, columns: readonly Column[] = [], rowCount = 1,
  setting: ExpressionSetting = {},
): readonly Value[] {
  const context = { nowMs: setting.nowMs ?? 0, zone: setting.zone ?? 'UTC' };
  const batch = new Batch(rowCount, columns);
  const out = compileExpression(expression).evaluate(batch, null, rowCount, context);
  return Array.from({ length: rowCount }, (_, row) => valueAt(out, row));
}

/** Type and text (its CAST to STRING, null for NULL) of an expression without columns. */
export function evaluatedText(
  sql: string, setting: ExpressionSetting = {},
): { readonly type: DataType; readonly text: string | null } {
  const { type } = boundExpression(sql, setting);
  const [text] = evaluatedRows(boundExpression(sql, setting, true), [], 1, setting);
  return { type, text: text as string | null };
}

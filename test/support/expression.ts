/** Expressions of SQL text, bound and evaluated on the TypeScript engine. */
import { Batch } from '../../src/batch/batch.js';
import type { Column } from '../../src/batch/column.js';
import { packBatch, unpackBatch } from '../../src/batch/packed.js';
import { columnOf, valueAt, type Value } from '../../src/batch/values.js';
import { Catalog } from '../../src/catalog/catalog.js';
import { compileExpression } from '../../src/expr/evaluate.js';
import { nativeStatus } from '../../src/native/load.js';
import { castTo } from '../../src/plan/bind/cast.js';
import { bindType } from '../../src/plan/bind/data-type.js';
import { ExpressionBinder } from '../../src/plan/bind/expression-binder.js';
import { EMPTY_SCOPE, scopeOf } from '../../src/plan/bind/scope.js';
import { openSession } from '../../src/plan/bind/session.js';
import { SessionConfig } from '../../src/plan/config.js';
import { toPlanExpression } from '../../src/plan/logical/plan-expression.js';
import { encodeValue } from '../../src/plan/physical/encode.js';
import type { PlanExpression, PlanValue } from '../../src/plan/physical/plan.js';
import { parseDataType, parseExpression } from '../../src/sql/index.js';
import {
  STRING, typeToString, type DataType, type RowField,
} from '../../src/types/data-type.js';
import { decimalText, floatText } from '../../src/types/number-text.js';
import { parseDecimal } from '../../src/types/parse-text.js';
import { parseTemporal } from '../../src/types/temporal-parse.js';
import { isTemporal, temporalText } from '../../src/types/temporal-text.js';

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
function evaluatedRows(
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
  sql: string, setting: ExpressionSetting = {}, engine: Engine = 'fallback',
): { readonly type: DataType; readonly text: string | null } {
  const { type } = boundExpression(sql, setting);
  const [text] = rowsOn(engine)(boundExpression(sql, setting, true), [], 1, setting);
  return { type, text: text as string | null };
}

/** A question to the real Flink and its answer, as a line of test/arbiter/expressions. */
export interface Golden {
  readonly sql: string;
  readonly zone?: string;
  /** Columns of the one input row: name, type, value. */
  readonly input?: readonly (readonly [name: string, type: string, value: unknown])[];
  readonly type?: string;
  /** The value cast to STRING; with an input the value itself. */
  readonly text?: string | null;
  readonly value?: unknown;
  /** When Flink failed: at planning or at run time. */
  readonly error?: 'plan' | 'run';
}

/** The type of the answer in the words of `typeToString`. */
export function goldenType(golden: Golden): string {
  return (golden.type ?? '')
    .replaceAll('VARCHAR(2147483647)', 'STRING').replaceAll('VARBINARY(2147483647)', 'BYTES')
    .replaceAll(/TIMESTAMP\((\d)\) WITH LOCAL TIME ZONE/g, 'TIMESTAMP_LTZ($1)');
}

export type Answer =
  | { readonly error: string }
  | { readonly type: string; readonly text: unknown };

/** What this engine answers: an error by its first line, or type and text (or value). */
export function evaluatedGolden(golden: Golden, engine: Engine = 'fallback'): Answer {
  const setting = golden.zone === undefined ? {} : { zone: golden.zone };
  try {
    if (golden.input !== undefined) return answerOfRow(golden, setting, engine);
    const { type, text } = evaluatedText(golden.sql, setting, engine);
    if (text === null && !type.nullable) return { error: 'MR3004 NULL in a NOT NULL column' };
    return { type: typeToString(type), text };
  } catch (error) {
    return { error: (error as Error).message.split('\n', 1)[0]! };
  }
}

function answerOfRow(golden: Golden, setting: ExpressionSetting, engine: Engine): Answer {
  const fields = golden.input!.map(([name, type]) =>
    ({ name, type: bindType(parseDataType(type)) }));
  const columns = golden.input!.map(([, , value], i) =>
    columnOf(fields[i]!.type, [physicalValue(value, fields[i]!.type)]));
  const bound = boundExpression(golden.sql, { ...setting, fields });
  const [value] = rowsOn(engine)(bound, columns, 1, setting);
  return { type: typeToString(bound.type), text: shownValue(value ?? null, bound.type) };
}

function physicalValue(value: unknown, type: DataType): Value {
  if (value === null) return null;
  if (isTemporal(type)) return parseTemporal(String(value), type);
  switch (type.root) {
    case 'BIGINT':
      return BigInt(value as number | string);
    case 'DECIMAL':
      return parseDecimal(String(value), { precision: 38, scale: type.scale ?? 0 });
    case 'BINARY':
    case 'VARBINARY':
      return new Uint8Array(Buffer.from((value as { readonly hex: string }).hex, 'hex'));
    default:
      return value as Value;
  }
}

/** Values as the arbiter shows them: integers as numbers, times as java.time prints them. */
function shownValue(value: Value, type: DataType): unknown {
  if (value === null) return null;
  if (isTemporal(type)) return temporalText(value as number | bigint, type);
  if (type.root === 'DECIMAL') return decimalText(value as bigint, type.scale ?? 0);
  if (value instanceof Uint8Array) return { hex: Buffer.from(value).toString('hex') };
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (type.root === 'FLOAT') return Number(floatText(value as number, true));
  if (typeof value !== 'bigint') return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}

export type Engine = 'fallback' | 'native';

const rowsOn = (engine: Engine): typeof evaluatedRows =>
  (engine === 'native' ? nativeRows : evaluatedRows);

/** The engines that can evaluate here: the native one only where its addon is built. */
export const ENGINES: readonly Engine[] =
  nativeStatus().binding === null ? ['fallback'] : ['fallback', 'native'];

/** As evaluatedRows, on the native engine. Errors start with their code. */
export function nativeRows(
  expression: PlanExpression, columns: readonly Column[] = [], rowCount = 1,
  setting: ExpressionSetting = {}, selection: Int32Array | null = null,
): readonly Value[] {
  const { binding } = nativeStatus();
  if (binding === null) throw new Error('the native engine is not built');
  const schema = columns.map((column, i) => ({ name: `f${i}`, type: column.type }));
  const batch = new Batch(rowCount, columns, selection);
  const block = runNative(() => binding.evaluateExpression(
    encodeValue(expression as unknown as PlanValue), encodeValue(schema as unknown as PlanValue),
    packBatch(batch), setting.nowMs ?? 0, setting.zone ?? 'UTC'));
  const out = unpackBatch(block, [expression.type]);
  return Array.from({ length: out.rowCount }, (_, row) => valueAt(out.columns[0]!, row));
}

function runNative<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    throw new Error(message.startsWith('MR') ? message : `${code ?? ''} ${message}`, {
      cause: error,
    });
  }
}

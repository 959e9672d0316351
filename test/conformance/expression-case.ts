/** Expressions and functions: one value, its type and text, or when it fails. */
import {
  DataError, MillraceError, TableEnvironment, UnsupportedError, ValidationError, ParseError,
  type EngineChoice, type TableResult,
} from '../../src/index.js';
import { valueAt } from '../../src/batch/values.js';
import type { ExpressionCase, FunctionCase } from './cases.js';
import { isSame, toInputOf, toNotation, type Notation } from './notation.js';
import { failed, firstLine, ofError, PASSED, unsupported, type Outcome } from './outcome.js';

export function environment(
  engine: EngineChoice, config: Readonly<Record<string, string>> = {},
): TableEnvironment {
  return TableEnvironment.create({
    engine, config: { 'table.local-time-zone': 'UTC', ...config },
  });
}

/** The only value of a result. */
async function onlyValue(result: TableResult): Promise<{ value: Notation; same: Same }> {
  let found: { value: Notation; same: Same } | null = null;
  for await (const batch of result.changes()) {
    if (batch.activeCount === 0) continue;
    if (found !== null || batch.activeCount > 1) throw new Error('more than one row');
    const column = batch.columns[0]!;
    const value = toNotation(valueAt(column, batch.selection?.[0] ?? 0), column.type);
    found = { value, same: (expected) => isSame(value, expected, column.type) };
  }
  if (found === null) throw new Error('no row');
  return found;
}

type Same = (expected: unknown) => boolean;

/** A NULL is written `NULL` in the cases. */
export async function runExpression(one: ExpressionCase, engine: EngineChoice): Promise<Outcome> {
  try {
    const env = environment(engine, one.config);
    const result = await env.executeSql(`SELECT CAST((${one.sql}) AS STRING)`);
    const { value } = await onlyValue(result);
    return (value ?? 'NULL') === one.text ? PASSED
      : failed(`text ${JSON.stringify(value)}, expected ${JSON.stringify(one.text)}`);
  } catch (error) {
    return ofError(error);
  }
}

export async function runFunction(one: FunctionCase, engine: EngineChoice): Promise<Outcome> {
  let when: 'plan' | 'run' = 'plan';
  try {
    const env = environment(engine, one.config);
    if (one.input.length > 0) await inputRow(env, one.input);
    const from = one.input.length > 0 ? ' FROM input_row' : '';
    const result = await env.executeSql(`SELECT ${one.sql}${from}`);
    when = 'run';
    const { value, same } = await onlyValue(result);
    return judge(one, result.columns[0]!.type, value, same);
  } catch (error) {
    return one.error === undefined ? ofError(error) : judgeError(error, when, one.error.when);
  }
}

async function inputRow(env: TableEnvironment, input: FunctionCase['input']): Promise<void> {
  const schema = input.map(([name, type]) => `\`${name}\` ${type}`).join(', ');
  const row = input.map(([, type, value]) => toInputOf(value, type));
  await env.createTemporaryView('input_row', [row], { schema });
}

function judge(one: FunctionCase, type: string, value: Notation, same: Same): Outcome {
  if (one.error !== undefined) {
    return failed(`${JSON.stringify(value)}, expected an error at ${one.error.when}`);
  }
  if (type !== one.type) return failed(`type ${type}, expected ${one.type ?? ''}`);
  return same(one.value) ? PASSED
    : failed(`value ${JSON.stringify(value)}, expected ${JSON.stringify(one.value)}`);
}

/** The same kind of error at the same time; what is merely not there yet counts apart. */
function judgeError(error: unknown, when: 'plan' | 'run', expected: 'plan' | 'run'): Outcome {
  if (error instanceof UnsupportedError) return unsupported(firstLine(error));
  const fits = when === 'plan'
    ? error instanceof ValidationError || error instanceof ParseError
    : error instanceof DataError;
  if (fits && when === expected) return PASSED;
  const what = error instanceof MillraceError ? `error at ${when}` : 'crash';
  return failed(`${what}, expected at ${expected}: ${firstLine(error)}`);
}

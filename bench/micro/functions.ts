/**
 * Every scalar function of the coverage table on both engines: nanoseconds of CPU a row over a
 * batch in memory, less what a bare column costs on that engine. `npm run bench -- functions`.
 */
import { FUNCTION_ROWS } from '../../spec/coverage/functions.js';
import { Batch } from '../../src/batch/batch.js';
import { packBatch } from '../../src/batch/packed.js';
import { columnOf, type Value } from '../../src/batch/values.js';
import { parseSchema } from '../../src/api/schema.js';
import { Catalog } from '../../src/catalog/catalog.js';
import { MillraceError } from '../../src/errors/index.js';
import { compileExpression } from '../../src/expr/evaluate.js';
import { loadNative } from '../../src/native/load.js';
import { ExpressionBinder } from '../../src/plan/bind/expression-binder.js';
import { scopeOf } from '../../src/plan/bind/scope.js';
import { openSession } from '../../src/plan/bind/session.js';
import { SessionConfig } from '../../src/plan/config.js';
import { toPlanExpression } from '../../src/plan/logical/plan-expression.js';
import { encodeValue } from '../../src/plan/physical/encode.js';
import type { PlanExpression, PlanValue } from '../../src/plan/physical/plan.js';
import { parseExpression } from '../../src/sql/index.js';

const ROWS = 1 << 15;
const CONTEXT = { nowMs: 1_600_000_000_000, zone: 'UTC' };
const FIELDS = parseSchema(`b BOOLEAN, i INT, n BIGINT, x DOUBLE, d DECIMAL(10, 2), s STRING,
  y BYTES, dt DATE, t TIME, ts TIMESTAMP(3), a ARRAY<INT>, m MAP<STRING, INT>,
  r ROW<p INT, q STRING>`);

/** What the text of a row looks like, by the functions that read it. */
const TEXTS: readonly (readonly [RegExp, (row: number) => string])[] = [
  [/JSON/, (row) => `{"a": ${row}, "b": [1, "x${row % 97}"], "c": {"d": null}}`],
  [/CAST\(s AS INT|UNHEX/, (row) => String(row % 10_000).padStart(4, '0')],
  [/CONVERT_TZ|UNIX_TIMESTAMP\(s\)|TO_TIMESTAMP\(s\)/, (row) =>
    `2021-0${(row % 9) + 1}-11 12:${(row % 50) + 10}:01`],
  [/TO_DATE\(s\)/, (row) => `2021-0${(row % 9) + 1}-11`],
  [/'yyyy'/, (row) => String(1970 + (row % 60))],
  [/PARSE_URL/, (row) => `https://example.com/path/${row}?q=${row % 7}#ref`],
  [/INET_ATON/, (row) => `10.${row % 250}.3.4`],
  [/BASE64/, () => 'aXRlbSBvZiB0aGUgbGlzdA=='],
  [/SPLIT|STR_TO_MAP/, (row) => `k1=a${row},k2=b,k3=${row % 13}`],
  [/./, (row) => `item ${row % 97} of the list`],
];

function values(sql: string): readonly (readonly Value[])[] {
  const text = TEXTS.find(([pattern]) => pattern.test(sql))![1];
  return Array.from({ length: ROWS }, (_, row) => [
    row % 3 === 0, row % 1000, BigInt(row) * 7919n, row * 0.37 + 0.1, BigInt(row * 17), text(row),
    new TextEncoder().encode(`bytes ${row % 31}`), row % 20_000, (row * 1000) % 86_400_000,
    BigInt(row) * 61_000n, [row % 5, row % 7, 3], [['a', row % 9], ['b', 2]],
    [row % 11, `q${row % 5}`],
  ] as unknown as Value[]);
}

function batchFor(sql: string): Batch {
  const rows = values(sql);
  return new Batch(ROWS, FIELDS.map(({ type }, at) =>
    columnOf(type, rows.map((row) => row[at] ?? null))));
}

/** Binds against the table's own columns; columns that the text does not name are left out. */
function bind(sql: string, fields: typeof FIELDS): PlanExpression {
  const session = openSession(new Catalog(), new SessionConfig({ 'table.local-time-zone': 'UTC' }));
  const rules = { clause: 'SELECT', aggregates: false, over: false };
  const binder = new ExpressionBinder(session, scopeOf(['f'], fields), rules);
  return toPlanExpression(binder.bind(parseExpression(sql)));
}

/** Least nanoseconds of CPU a row in so many rounds. */
function cost(run: () => unknown, rounds: number): number {
  let best = Infinity;
  for (let round = 0; round < rounds; round++) {
    const start = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, ((user + system) * 1000) / ROWS);
  }
  return best;
}

export interface FunctionCost {
  readonly sql: string;
  readonly nativeNs: number;
  readonly fallbackNs: number;
}

/** What is asked has the same small result for all: whether the value is there. */
function asked(sql: string): string {
  return `(${sql}) IS NULL`;
}

/** Costs of one expression; null where it reads no column. */
function measure(sql: string, rounds: number): FunctionCost | null {
  const native = loadNative();
  if (native === null) throw new Error('the native engine is not built');
  const fields = FIELDS.filter(({ name }) => new RegExp(`\\b${name}\\b`).test(sql));
  if (fields.length === 0) return null;
  const whole = batchFor(sql);
  const batch = new Batch(ROWS, fields.map((field) => whole.columns[FIELDS.indexOf(field)]!));
  const packed = packBatch(batch);
  const schema = encodeValue(fields as unknown as PlanValue);
  const costs = (expression: PlanExpression): readonly [number, number] => {
    const plan = encodeValue(expression as unknown as PlanValue);
    const compiled = compileExpression(expression);
    return [
      cost(() => native.evaluateExpression(plan, schema, packed, CONTEXT.nowMs, 'UTC'), rounds),
      cost(() => compiled.evaluate(batch, null, ROWS, CONTEXT), rounds),
    ];
  };
  const [native0, fallback0] = costs(bind(asked(fields[0]!.name), fields));
  const [native1, fallback1] = costs(bind(asked(sql), fields));
  return { sql, nativeNs: native1 - native0, fallbackNs: fallback1 - fallback0 };
}

/** Costs of all functions, the slowest beside the fallback first. */
export function measureFunctions(rounds: number, like: RegExp): readonly FunctionCost[] {
  const found: FunctionCost[] = [];
  for (const { feature } of FUNCTION_ROWS) {
    const sql = feature.slice(1, -1);
    if (!like.test(sql)) continue;
    try {
      const one = measure(sql, rounds);
      if (one !== null) found.push(one);
    } catch (error) {
      if (!(error instanceof MillraceError) && !('code' in (error as object))) throw error;
    }
  }
  return found.sort((a, b) => a.fallbackNs / a.nativeNs - b.fallbackNs / b.nativeNs);
}

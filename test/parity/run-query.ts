/** Runs a query over rows on an engine, cut into batches and subtasks as told. */
import { jsonRow } from '../../src/batch/format.js';
import { ROW_KIND_TEXT, type Batch } from '../../src/batch/batch.js';
import { MillraceError, TableEnvironment, type InputRow } from '../../src/index.js';

export interface Variant {
  readonly engine: 'auto' | 'native' | 'fallback';
  /** Under auto: numbers of nodes that run on the fallback. */
  readonly fallbackOperators?: readonly number[];
  /** Whether the fallback's subtasks run in workers. */
  readonly workerThreads?: boolean;
  readonly batchRows: number;
  readonly parallelism: number;
}

export interface Answer {
  /** `+I [1,"a"]`, in order of arrival. */
  readonly changes: readonly string[];
  /** The error's code; its changes are those before it. */
  readonly error: string | null;
  readonly engines: readonly string[];
}

/** `ddl` without its WITH clause. */
export async function runQuery(
  ddl: string, rows: readonly InputRow[], sql: string, variant: Variant,
): Promise<Answer> {
  const changes: string[] = [];
  let engines: readonly string[] = [];
  try {
    const env = TableEnvironment.create({
      engine: variant.engine,
      config: {
        'table.local-time-zone': 'UTC', 'millrace.batch-rows': String(variant.batchRows),
        'parallelism.default': String(variant.parallelism),
        'millrace.fallback.worker-threads': String(variant.workerThreads ?? false),
        'millrace.engine.fallback-operators': (variant.fallbackOperators ?? []).join(','),
      },
    });
    const id = env.registerData(rows);
    await env.executeSql(`${ddl} WITH ('connector' = 'values', 'data-id' = '${id}')`);
    const result = await env.executeSql(sql);
    engines = result.job?.engines ?? [];
    for await (const batch of result.changes()) changes.push(...lines(batch));
    return { changes, error: null, engines };
  } catch (error) {
    if (error instanceof MillraceError) return { changes, error: error.code, engines };
    throw error;
  }
}

function* lines(batch: Batch): Generator<string> {
  for (let i = 0; i < batch.activeCount; i++) {
    const row = batch.selection === null ? i : batch.selection[i]!;
    yield `${ROW_KIND_TEXT[(batch.rowKinds?.[row] ?? 0) as 0]} ${jsonRow(batch, row)}`;
  }
}

/** The rows that the changes leave behind, sorted; throws where one is taken back too often. */
export function folded(changes: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const change of changes) {
    const row = change.slice(3);
    const sign = change.startsWith('+') ? 1 : -1;
    const count = (counts.get(row) ?? 0) + sign;
    if (count < 0) throw new Error(`${row} is taken back, but was never there`);
    counts.set(row, count);
  }
  return [...counts].flatMap(([row, count]) => Array<string>(count).fill(row)).sort();
}

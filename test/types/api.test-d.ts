/** Declarations of the public door, checked by the compiler: `npm run typecheck`. */
import type { RecordBatch } from 'apache-arrow';
import {
  MillraceError, TableEnvironment, type Row, type RowKindText, type RowValue, type TableResult,
} from '../../src/index.js';

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false;
type Expect<T extends true> = T;

export type Checks = [
  Expect<Equal<Awaited<ReturnType<TableEnvironment['executeSql']>>, TableResult>>,
  Expect<Equal<Row['kind'], RowKindText>>,
  Expect<Equal<RowKindText, '+I' | '-U' | '+U' | '-D'>>,
  Expect<Equal<Row['values'], readonly RowValue[]>>,
];

export async function positive(): Promise<void> {
  const env = TableEnvironment.create({ engine: 'fallback', config: { 'pipeline.name': 'x' } });
  await env.createTemporaryView('t', [[1, 'a'], { id: 2n }], { schema: 'id BIGINT, name STRING' });
  const result = await env.executeSql('SELECT * FROM t', { signal: AbortSignal.timeout(1000) });
  for await (const row of result.collect()) row.fields['id'] satisfies RowValue | undefined;
  for await (const batch of result.batches()) batch satisfies RecordBatch;
  env.registerData([{ kind: '-D', row: [1] }]) satisfies string;
  new Error('x') instanceof MillraceError satisfies boolean;
}

export async function negative(): Promise<void> {
  // @ts-expect-error there is no such engine
  TableEnvironment.create({ engine: 'gpu' });
  // @ts-expect-error the environment is made by create
  new TableEnvironment({});
  const env = TableEnvironment.create();
  // @ts-expect-error options are texts
  TableEnvironment.create({ config: { 'parallelism.default': 2 } });
  // @ts-expect-error rows are arrays or objects
  await env.createTemporaryView('t', [1, 2], { schema: 'id INT' });
  const result = await env.executeSql('SELECT 1');
  // @ts-expect-error a result is not iterable by itself: collect() or batches()
  for await (const row of result) void row;
}

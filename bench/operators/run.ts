/** One bench of an operator on both engines: equal hashes first, then CPU of interleaved runs. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ResultHash } from '../../src/api/result-hash.js';
import { TableEnvironment } from '../../src/index.js';
import { CACHE, sideInputPath } from '../nexmark/side-input.js';
import { measure } from '../participants/child.js';
import { type Inputs, nameOf, type OperatorBench, tables } from './row.js';

const ENGINES = ['native', 'fallback'] as const;
type Engine = (typeof ENGINES)[number];

export interface OperatorReport {
  readonly name: string;
  readonly kind: string;
  readonly events: number;
  /** Rows of the folded result; a sink by key writes some rows over. */
  readonly rows: number;
  readonly hashes: Readonly<Record<Engine, string>>;
  /** Least CPU of a run. */
  readonly cpuMs: Readonly<Record<Engine, number>>;
}

/** Every fourth change is an update, every eighth takes the row away that it would update. */
export function inputsOf(events: number): Inputs {
  mkdirSync(CACHE, { recursive: true });
  const changes = join(CACHE, `operator-changes-${events}.json`);
  const lines: string[] = [];
  for (let n = 0; n < events; n++) {
    const row = (id: number): string =>
      `{"id":${id},"auction":${(id * 7919) % 1000},"price":${(id * 104729) % 999983}}`;
    const later = `{"id":${n - 3},"auction":${n % 1000},"price":${n}}`;
    if (n % 4 !== 3) lines.push(`{"before":null,"after":${row(n)},"op":"c"}\n`);
    else if (n % 8 === 3) lines.push(`{"before":${row(n - 3)},"after":${later},"op":"u"}\n`);
    else lines.push(`{"before":${row(n - 3)},"after":null,"op":"d"}\n`);
  }
  writeFileSync(changes, lines.join(''));
  return { events, sideInput: sideInputPath(), changes };
}

const COLUMNS = 'a BIGINT, b BIGINT, c BIGINT';

/** The environment with all tables and the sink. */
async function environment(
  engine: Engine, bench: OperatorBench, inputs: Inputs, sink: string,
): Promise<TableEnvironment> {
  const env = TableEnvironment.create({ engine });
  for (const [name, value] of Object.entries(bench.settings ?? {})) {
    await env.executeSql(`SET '${name}' = '${value}'`);
  }
  const table = `CREATE TABLE a_sink (${bench.sink ?? COLUMNS}) WITH (${sink})`;
  for (const statement of [...tables(inputs), table]) await env.executeSql(statement);
  return env;
}

function insertOf({ query, sink, conflict }: OperatorBench): string {
  const names = (sink ?? COLUMNS).split(', PRIMARY')[0]!.split(', ')
    .map((column) => column.split(' ')[0]);
  return `INSERT INTO a_sink SELECT * FROM (${query}) AS q (${names.join(', ')}) ${conflict ?? ''}`;
}

/** What EXPLAIN shows of the statement that is timed. */
export async function explained(bench: OperatorBench, inputs: Inputs): Promise<string> {
  const env = await environment('native', bench, inputs, "'connector' = 'blackhole'");
  return env.explainSql(insertOf(bench));
}

/** The result of all changes that come to the sink. */
async function resultOf(engine: Engine, bench: OperatorBench, inputs: Inputs) {
  const env = await environment(engine, bench, inputs, "'connector' = 'values'");
  await (await env.executeSql(insertOf(bench))).await();
  const hash = new ResultHash();
  for (const batch of (await env.session()).collectedBatches('a_sink')) hash.add(batch);
  return hash.finish();
}

async function cpuOf(engine: Engine, bench: OperatorBench, inputs: Inputs): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-operator-'));
  const sink = (bench.into ?? "'connector' = 'blackhole'").replace('<folder>', folder);
  const env = await environment(engine, bench, inputs, sink);
  const { cpuMs } = await measure(async () => {
    await (await env.executeSql(insertOf(bench))).await();
  });
  rmSync(folder, { recursive: true });
  return cpuMs;
}

export async function runOperator(
  bench: OperatorBench, inputs: Inputs, rounds: number,
): Promise<OperatorReport> {
  const native = await resultOf('native', bench, inputs);
  const fallback = await resultOf('fallback', bench, inputs);
  const cpuMs = { native: Infinity, fallback: Infinity };
  for (let round = 0; round < rounds; round++) {
    for (const engine of ENGINES) {
      cpuMs[engine] = Math.min(cpuMs[engine], await cpuOf(engine, bench, inputs));
    }
  }
  return {
    name: nameOf(bench), kind: bench.kind, events: inputs.events, rows: native.rows,
    hashes: { native: native.hash, fallback: fallback.hash }, cpuMs,
  };
}

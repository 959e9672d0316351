/** Whole processes, from start to exit: the bare runtime, the import, SELECT 1. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { median } from './run-query.js';

const DIST = join(import.meta.dirname, '..', 'dist', 'src');

/** A hundred lines, as a job has them: tables, views, an INSERT of joins and windows. */
export const SCRIPT_OF_100_LINES = [
  "SET 'table.exec.state.ttl' = '1 h'; -- kept for an hour",
  'CREATE TABLE orders (',
  ...Array.from({ length: 30 }, (_, i) => `  c${i} DECIMAL(10, ${i % 10}) COMMENT 'column ${i}',`),
  '  ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL \'5\' SECOND',
  ") WITH ('connector' = 'datagen', 'number-of-rows' = '10');",
  ...Array.from({ length: 15 }, (_, i) => [
    `CREATE VIEW v${i} AS SELECT c${i} AS k, COUNT(*) AS n, SUM(c${i} * 1.5 + 2) AS s`,
    `FROM orders WHERE c${i} BETWEEN 1 AND 100 AND c${i} IN (1, 2, 3, ${i}) OR c${i} IS NULL`,
    `GROUP BY c${i} HAVING COUNT(*) > ${i};`,
  ]).flat(),
  'INSERT INTO sink SELECT a.k, b.n, CASE WHEN a.n > 3 THEN UPPER(\'x\') ELSE NULL END,',
  ...Array.from({ length: 15 }, (_, i) => `  CAST(a.s AS DOUBLE) / ${i + 1} AS d${i},`),
  '  ROW_NUMBER() OVER (PARTITION BY a.k ORDER BY b.n DESC) AS rn',
  'FROM v0 AS a',
  'LEFT JOIN v1 AS b ON a.k = b.k AND b.n > 5',
  'JOIN TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL \'1\' MINUTE)) AS w ON w.c0 = a.k',
  'WHERE a.n <> 7;',
].join('\n');

/** Loads the parser, parses once, and prints how long the parsing took. */
const COLD_PARSE = (entry: string): string =>
  `const { parseScript } = await import(${JSON.stringify(entry)});
  await parseScript('');
  const started = performance.now();
  await parseScript(${JSON.stringify(SCRIPT_OF_100_LINES)});
  console.log(performance.now() - started);`;

/** Milliseconds of the first parse of a script of a hundred lines in a process of its own. */
export function coldParseMs(folder = DIST): number {
  const entry = pathToFileURL(join(folder, 'index.js')).href;
  const { status, stdout, stderr } = spawnSync(
    process.execPath, ['--input-type=module', '-e', COLD_PARSE(entry)], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return Number(stdout);
}

/** Milliseconds of a bare process, the measure of how fast the machine is just now. */
export const bareNodeMs = (): number => time(['-e', '0']);

export interface StartupReport {
  readonly nodeMs: number;
  readonly importMs: number;
  readonly selectMs: number;
  /** The first parse of a hundred lines, inside its process. */
  readonly parseMs: number;
}

function time(args: readonly string[]): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${args.join(' ')}: ${stderr}`);
  return performance.now() - started;
}

/** Medians of `rounds` interleaved runs. */
export function measureStartup(rounds: number): StartupReport {
  const script = join(mkdtempSync(join(tmpdir(), 'millrace-')), 'select.sql');
  writeFileSync(script, 'SELECT 1;\n');
  const entry = pathToFileURL(join(DIST, 'index.js')).href;
  const participants = {
    nodeMs: ['-e', '0'],
    importMs: ['--input-type=module', '-e', `await import(${JSON.stringify(entry)})`],
    selectMs: [join(DIST, 'cli', 'main.js'), 'run', script],
  };
  const times = {
    nodeMs: [] as number[], importMs: [] as number[], selectMs: [] as number[],
    parseMs: [] as number[],
  };
  for (let round = 0; round < rounds; round++) {
    times.nodeMs.push(time(participants.nodeMs));
    times.importMs.push(time(participants.importMs));
    times.selectMs.push(time(participants.selectMs));
    times.parseMs.push(coldParseMs());
  }
  return {
    nodeMs: median(times.nodeMs), importMs: median(times.importMs),
    selectMs: median(times.selectMs), parseMs: median(times.parseMs),
  };
}

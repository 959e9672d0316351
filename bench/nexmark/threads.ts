/** One worker thread against two: each in a process of its own, whose pool has as many. */
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { askChild } from '../participants/child.js';
import { prepareInput } from './input.js';
import type { ScaleRow } from './scale.js';
import type { NexmarkInput } from './tables.js';

export type ThreadRequest = {
  readonly query: string;
  readonly input: NexmarkInput;
  readonly events: number;
  readonly parallelism: number;
};

const CHILD = join(import.meta.dirname, 'threads-child.ts');

/** The least wall time of the rounds of each, after one to warm up; parallelism is the threads. */
export async function measureThreads(
  queries: readonly string[], events: number, seed: number, rounds: number,
  progress: (line: string) => void,
): Promise<readonly ScaleRow[]> {
  const { table: input } = await prepareInput('json', events, seed);
  const children = [1, 2].map((parallelism) => ({ parallelism, child: start(parallelism) }));
  const rows: ScaleRow[] = [];
  for (const query of queries) {
    const best = new Map<number, ScaleRow>();
    for (let round = 0; round <= rounds; round++) {
      for (const { parallelism, child } of children) {
        const request: ThreadRequest = { query, input, events, parallelism };
        const row = await askChild<ScaleRow>(child, query, request);
        const least = best.get(parallelism)?.ms ?? Infinity;
        if (round > 0 && row.ms < least) best.set(parallelism, row);
      }
    }
    rows.push(...best.values());
    progress(query);
  }
  for (const { child } of children) child.disconnect();
  return rows;
}

const start = (threads: number): ChildProcess =>
  fork(CHILD, {
    execArgv: process.execArgv, env: { ...process.env, MILLRACE_THREADS: String(threads) },
  });

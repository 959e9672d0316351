/**
 * The longest block of the event loop while a native job runs flat out, beside that of an idle
 * control run of the same length: a timer that should fire each millisecond says when it could not.
 */
import { TableEnvironment } from '../src/index.js';
import { nexmarkQuery } from './nexmark/queries.js';
import { timedStatements } from './participants/participant.js';

export interface EventLoopReport {
  /** Longest time between two turns, ms. */
  readonly idleMs: number;
  readonly busyMs: number;
  /** Length of the job, ms. */
  readonly jobMs: number;
}

/** The longest gap between two turns of the event loop while `work` is under way. */
async function longestGap(work: Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }, 1);
  await work;
  clearInterval(timer);
  return longest;
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function job(events: number): Promise<() => Promise<void>> {
  const query = nexmarkQuery('q17', { kind: 'generator', events, seed: 1 });
  const statements = timedStatements(query);
  const env = TableEnvironment.create({ engine: 'native' });
  for (const statement of statements.slice(0, -1)) await env.executeSql(statement);
  return async () => (await env.executeSql(statements.at(-1) ?? '')).await();
}

export async function measureEventLoop(events: number): Promise<EventLoopReport> {
  await (await job(100_000))();
  const run = await job(events);
  const started = performance.now();
  const busyMs = await longestGap(run());
  const jobMs = performance.now() - started;
  const idleMs = await longestGap(sleep(jobMs));
  return { idleMs, busyMs, jobMs };
}

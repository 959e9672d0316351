/**
 * The longest block of the event loop while a native job runs flat out, beside that of an idle
 * control run of the same length: a timer that should fire each millisecond says when it could not.
 * On a machine that others use too the time that the thread itself worked says more (Linux).
 */
import { existsSync, readFileSync } from 'node:fs';
import { TableEnvironment } from '../src/index.js';
import { nexmarkQuery } from './nexmark/queries.js';
import { timedStatements } from './participants/participant.js';

export interface EventLoopReport {
  /** Longest time between two turns, ms. */
  readonly idleMs: number;
  readonly busyMs: number;
  /** Longest work of the thread between two turns, ms of processor time; null: not known. */
  readonly busyCpuMs: number | null;
  /** Length of the job, ms. */
  readonly jobMs: number;
}

/** The first number is the processor time of the calling thread, ns. */
const THREAD_TIME = '/proc/thread-self/schedstat';

const cpuMs = (): number => (existsSync(THREAD_TIME)
  ? Number(readFileSync(THREAD_TIME, 'utf8').split(' ', 1)[0]) / 1e6 : NaN);

/** The longest gap between two turns of the event loop while `work` is under way. */
async function longestGap(
  work: () => Promise<unknown>,
): Promise<{ readonly ms: number; readonly cpu: number }> {
  let ms = 0;
  let cpu = 0;
  let last = performance.now();
  let lastCpu = cpuMs();
  const timer = setInterval(() => {
    const now = performance.now();
    const nowCpu = cpuMs();
    ms = Math.max(ms, now - last);
    cpu = Math.max(cpu, nowCpu - lastCpu);
    last = now;
    lastCpu = nowCpu;
  }, 1);
  await work();
  clearInterval(timer);
  return { ms, cpu };
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
  const busy = await longestGap(run);
  const jobMs = performance.now() - started;
  const idle = await longestGap(() => sleep(jobMs));
  const busyCpuMs = Number.isNaN(busy.cpu) ? null : busy.cpu;
  return { idleMs: idle.ms, busyMs: busy.ms, busyCpuMs, jobMs };
}

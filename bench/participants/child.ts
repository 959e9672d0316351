/** A Node child process that measures in its own process and answers JSON lines. */
import { fork, type ChildProcess, type Serializable } from 'node:child_process';
import type { BenchQuery, Measurement, Outcome, Participant } from './participant.js';

export type ChildRequest = {
  readonly task: 'verify' | 'time';
  readonly engine: string;
  readonly query: BenchQuery;
};

export type ChildAnswer =
  | { readonly error: string }
  | { readonly outcome: Outcome }
  | { readonly measurement: Measurement };

/** `module` answers each ChildRequest with one ChildAnswer. */
export class ChildParticipant implements Participant {
  private readonly child: ChildProcess;

  constructor(readonly name: string, readonly version: string, module: string) {
    this.child = fork(module, { execArgv: process.execArgv });
  }

  async verify(query: BenchQuery): Promise<Outcome> {
    const answer = await this.ask({ task: 'verify', engine: this.name, query });
    if (!('outcome' in answer)) throw new Error(`${this.name}: no outcome`);
    return answer.outcome;
  }

  async time(query: BenchQuery): Promise<Measurement> {
    const answer = await this.ask({ task: 'time', engine: this.name, query });
    if (!('measurement' in answer)) throw new Error(`${this.name}: no measurement`);
    return answer.measurement;
  }

  async close(): Promise<void> {
    this.child.disconnect();
    await new Promise((resolve) => this.child.once('exit', resolve));
  }

  private async ask(request: ChildRequest): Promise<ChildAnswer> {
    const answer = await askChild<ChildAnswer>(this.child, this.name, request);
    if ('error' in answer) throw new Error(`${this.name}: ${answer.error}`);
    return answer;
  }
}

/** The next message of the child, which `name` names where it ends instead. */
export async function askChild<Answer>(
  child: ChildProcess, name: string, request: Serializable,
): Promise<Answer> {
  return new Promise<Answer>((resolve, reject) => {
    const onExit = (code: number | null): void =>
      reject(new Error(`${name} ended with ${code}`));
    child.once('exit', onExit);
    child.once('message', (message) => {
      child.off('exit', onExit);
      resolve(message as Answer);
    });
    child.send(request);
  });
}

/** Wall clock, CPU of the process and its peak memory around `work`. */
export async function measure(work: () => Promise<void>): Promise<Measurement> {
  const cpuBefore = process.cpuUsage();
  const before = performance.now();
  await work();
  const ms = performance.now() - before;
  const cpu = process.cpuUsage(cpuBefore);
  return {
    ms: Math.round(ms * 10) / 10,
    cpuMs: Math.round((cpu.user + cpu.system) / 100) / 10,
    rssMb: Math.round(process.resourceUsage().maxRSS / 1024),
  };
}

/** Runs in the child: answers requests until the parent disconnects. */
export function answerRequests(answer: (request: ChildRequest) => Promise<ChildAnswer>): void {
  process.on('message', (request) => {
    answer(request as ChildRequest)
      .catch((error: unknown) => ({ error: String((error as Error).stack ?? error) }))
      .then((result) => process.send?.(result));
  });
}

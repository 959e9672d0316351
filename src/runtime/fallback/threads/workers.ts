/**
 * The workers of this thread's pipelines: started when needed, kept for the next pipeline. They
 * never hold the process back from its end while no pipeline uses them.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Command, Report } from './messages.js';

/** A worker that one pipeline uses. */
export interface HiredWorker {
  post(command: Command, buffers: readonly (ArrayBuffer | object)[]): void;
  /** Gives it back. */
  release(): void;
}

/** Workers that are kept for later, and subtasks that have a worker each. */
const MOST_IDLE = 8;
export const MOST_WORKERS = 16;

interface Member {
  readonly file: string;
  readonly worker: Worker;
  onReport: ((report: Report) => void) | null;
  onDeath: ((error: Error) => void) | null;
}

const idle: Member[] = [];

/** Where the worker's code lies: a file of the build, or what MILLRACE_FALLBACK_WORKER names. */
export function workerFile(): string | null {
  const told = process.env['MILLRACE_FALLBACK_WORKER'];
  if (told !== undefined && told !== '') return existsSync(told) ? told : null;
  let folder = dirname(fileURLToPath(import.meta.url));
  for (let level = 0; level < 4; level++) {
    const file = join(folder, 'fallback-worker.js');
    if (existsSync(file)) return file;
    folder = dirname(folder);
  }
  return null;
}

/** `onDeath` tells of a worker that ended by itself: out of memory, or by our own fault. */
export function hireWorker(
  file: string, onReport: (report: Report) => void, onDeath: (error: Error) => void,
): HiredWorker {
  const at = idle.findIndex((one) => one.file === file);
  const member = idle.splice(at, at < 0 ? 0 : 1)[0] ?? start(file);
  member.onReport = onReport;
  member.onDeath = onDeath;
  member.worker.ref();
  return {
    post: (command, buffers) => member.worker.postMessage(command, buffers as ArrayBuffer[]),
    release: () => {
      if (member.onDeath === null) return;
      member.onReport = null;
      member.onDeath = null;
      member.worker.unref();
      if (idle.length < MOST_IDLE) idle.push(member);
      else void member.worker.terminate();
    },
  };
}

function start(file: string): Member {
  const worker = new Worker(file, { name: 'millrace fallback' });
  const member: Member = { file, worker, onReport: null, onDeath: null };
  worker.on('message', (report: Report) => member.onReport?.(report));
  worker.on('error', (error: Error) => died(member, error));
  worker.on('exit', () => died(member, new Error('worker has ended')));
  return member;
}

function died(member: Member, error: Error): void {
  const at = idle.indexOf(member);
  if (at >= 0) idle.splice(at, 1);
  const { onDeath } = member;
  member.onReport = null;
  member.onDeath = null;
  onDeath?.(error);
}

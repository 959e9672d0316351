/**
 * The real Flink as a child process that answers requests (JSON lines in, JSON lines out). Kept
 * open beside the tests: a process costs seconds, a question a tenth of one.
 */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = join(import.meta.dirname, '..', '..');

/** Path of the flink-sql command: MILLRACE_FLINK_SQL, or beside the project; null = none. */
export function findFlink(): string | null {
  const path = process.env['MILLRACE_FLINK_SQL'] ??
    join(ROOT, '..', 'shared', 'flink', 'flink-sql');
  return existsSync(path) ? path : null;
}

export type FlinkLine = Readonly<Record<string, unknown>>;

export class Flink {
  private readonly waiting: FlinkLine[] = [];
  /** Of `waiting`; what stands before it has been taken. */
  private head = 0;
  private wake: (() => void) | null = null;
  private nextId = 0;
  private ended = false;

  private constructor(private readonly child: ChildProcessWithoutNullStreams) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('{')) this.waiting.push(JSON.parse(line) as FlinkLine);
      this.wake?.();
    });
    child.stderr.resume();
    child.on('exit', () => {
      this.ended = true;
      this.wake?.();
    });
  }

  static start(path: string, options: readonly string[] = []): Flink {
    return Flink.startCommand(path, ['--serve', ...options]);
  }

  /** Any program that answers requests as flink-sql does. */
  static startCommand(program: string, options: readonly string[]): Flink {
    return new Flink(spawn(program, options));
  }

  /** All the lines of one request's answer, without the closing `done` line of a script. */
  async ask(request: Readonly<Record<string, unknown>>): Promise<FlinkLine[]> {
    const id = `r${this.nextId++}`;
    this.child.stdin.write(`${JSON.stringify({ ...request, id })}\n`);
    const lines: FlinkLine[] = [];
    for (;;) {
      const line = await this.next();
      lines.push(line);
      if (line['id'] === id && line['done'] === true) return lines;
    }
  }

  /** Peak resident memory of Flink's own process in MiB; 0 where /proc cannot tell. */
  peakMemoryMb(): number {
    return Math.max(0, ...processTree(this.child.pid ?? 0).map(peakOf));
  }

  async close(): Promise<void> {
    this.child.stdin.end();
    if (this.ended) return;
    await new Promise((resolve) => this.child.once('exit', resolve));
  }

  private async next(): Promise<FlinkLine> {
    for (;;) {
      const line = this.waiting[this.head];
      if (line !== undefined) {
        this.head += 1;
        return line;
      }
      this.waiting.length = 0;
      this.head = 0;
      if (this.ended) throw new Error('flink ended before it answered');
      await new Promise<void>((resolve) => (this.wake = resolve));
      this.wake = null;
    }
  }
}

function processTree(pid: number): number[] {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === pid;
      } catch {
        return false;
      }
    });
  return [pid, ...children.flatMap((name) => processTree(Number(name)))];
}

function peakOf(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

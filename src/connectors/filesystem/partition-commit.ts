/**
 * When partitions of a filesystem sink count as complete, and the file that says so. A partition
 * is looked at when a checkpoint that covers rows of it is complete; at the end of the input all
 * are complete. native/operators/partition-commit.h is the same in C++.
 */
import { writeFileSync } from 'node:fs';
import { fail } from '../../errors/index.js';
import { parseDate, parseTimestamp } from '../../formats/text-parse.js';
import { unescaped } from './file-columns.js';

const MS_A_DAY = 86_400_000;

/** Of a partition: where it is, its values by column, since when it has new rows. */
interface Awaited {
  readonly values: readonly string[];
  readonly sinceMs: number;
}

export class PartitionCommit {
  readonly #name: string;
  readonly #delayMs: number;
  readonly #isByTime: boolean;
  readonly #pattern: string | undefined;
  /** With rows since the last barrier; with rows that a barrier covers. */
  #fresh = new Map<string, Awaited>();
  readonly #awaiting = new Map<string, Awaited>();

  private constructor(
    options: Readonly<Record<string, string>>, private readonly folder: string,
    private readonly columns: readonly string[],
  ) {
    this.#name = options['sink.partition-commit.success-file.name'] ?? '_SUCCESS';
    this.#delayMs = Number(options['sink.partition-commit.delay'] ?? 0);
    this.#isByTime = options['sink.partition-commit.trigger'] === 'partition-time';
    this.#pattern = options['partition.time-extractor.timestamp-pattern'];
  }

  /** Null where nothing marks a partition. MR2100 for other marks and ways to a time. */
  static of(
    options: Readonly<Record<string, string>>, folder: string, columns: readonly string[],
    parallelism: number,
  ): PartitionCommit | null {
    const kinds = (options['sink.partition-commit.policy.kind'] ?? '')
      .split(',').map((kind) => kind.trim()).filter((kind) => kind !== '');
    const refuse = (feature: string): never => fail('MR2100', { feature });
    const other = kinds.find((kind) => kind !== 'success-file');
    if (other !== undefined) refuse(`partition commit policy ${other}`);
    if (kinds.length === 0 || columns.length === 0) return null;
    if (parallelism > 1) refuse('sink.partition-commit.policy.kind at a parallelism above 1');
    const zone = options['sink.partition-commit.watermark-time-zone'] ?? 'UTC';
    if (zone !== 'UTC') refuse(`sink.partition-commit.watermark-time-zone = ${zone}`);
    if (options['partition.time-extractor.timestamp-formatter'] !== undefined) {
      refuse('partition.time-extractor.timestamp-formatter');
    }
    return new PartitionCommit(options, folder, columns);
  }

  /** A row goes to this part: `col=value/`. */
  noticed(part: string, values: () => readonly string[], nowMs: number): void {
    if (this.#fresh.has(part)) return;
    this.#fresh.set(part, { values: values(), sinceMs: nowMs });
  }

  /** A barrier covers what came so far. */
  seal(): void {
    for (const [part, one] of this.#fresh) {
      if (!this.#awaiting.has(part)) this.#awaiting.set(part, one);
    }
    this.#fresh = new Map();
  }

  /** What a snapshot holds of it. */
  awaited(): readonly (readonly [part: string, sinceMs: number])[] {
    return [...this.#awaiting].map(([part, { sinceMs }]) => [part, sinceMs]);
  }

  restore(part: string, sinceMs: number): void {
    const values = part.split('/').slice(0, -1).map((step) =>
      unescaped(step.slice(step.indexOf('=') + 1)));
    this.#awaiting.set(part, { values, sinceMs });
  }

  /** Marks what is complete. Infinity as the watermark: everything is. */
  commit(nowMs: number, watermark: number): void {
    for (const [part, one] of this.#awaiting) {
      if (watermark !== Infinity && !this.#isComplete(one, nowMs, watermark)) continue;
      const path = `${this.folder}${part}${this.#name}`;
      try {
        writeFileSync(path, '');
      } catch (error) {
        fail('MR4003', { path, reason: (error as Error).message }, { cause: error });
      }
      this.#awaiting.delete(part);
    }
  }

  #isComplete(one: Awaited, nowMs: number, watermark: number): boolean {
    if (this.#isByTime) return watermark > this.#timeOf(one.values) + this.#delayMs;
    return this.#delayMs === 0 || nowMs > one.sinceMs + this.#delayMs;
  }

  /** The time of a partition in ms: its first value, or the pattern with $columns filled in. */
  #timeOf(values: readonly string[]): number {
    const text = this.#pattern === undefined ? values[0]!
      : this.columns.reduce((filled, name, i) =>
        filled.replaceAll(`$${name}`, () => values[i]!), this.#pattern);
    const ticks = parseTimestamp(text, false, false, 1000);
    if (ticks !== null) return Number(ticks);
    const days = parseDate(text);
    return days === null ? fail('MR3006', { detail: `no time of a partition: ${text}` })
      : days * MS_A_DAY;
  }
}

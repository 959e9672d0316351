/** A query on the real Flink, change by change. */
import { Flink, findFlink, type FlinkLine } from '../../test/support/flink.js';
import type { BenchQuery } from '../participants/participant.js';
import { ChangeDigest, type Digest } from './change-digest.js';

/** A watermark after each row that raises it: late rows are the same in every run. */
const SETTINGS = ["SET 'pipeline.auto-watermark-interval' = '0'"];

export class FlinkDigests {
  private constructor(private readonly flink: Flink) {}

  /** Null where flink-sql is not found. */
  static start(): FlinkDigests | null {
    const path = findFlink();
    return path === null ? null : new FlinkDigests(Flink.start(path));
  }

  async digestOf(query: BenchQuery): Promise<Digest> {
    const text = query.flinkSql ?? query.checkSql ?? query.sql;
    const script = `${[...SETTINGS, ...query.setup, text].join(';\n')};`;
    const lines = await this.flink.ask({ script });
    const failed = lines.find((line) => 'error' in line);
    if (failed !== undefined) throw new Error(`flink: ${String(failed['error'])}`);
    const changes = lines.flatMap(changeOf);
    const digest = new ChangeDigest();
    for (const { kind, row } of replacedByKey(changes, query.upsertKey)) {
      digest.add(kind, JSON.stringify(row));
    }
    return digest.finish();
  }

  close(): Promise<void> {
    return this.flink.close();
  }
}

interface Change {
  readonly kind: string;
  readonly row: readonly unknown[];
}

function changeOf(line: FlinkLine): Change[] {
  const { op, row } = line;
  return typeof op === 'string' && Array.isArray(row) ? [{ kind: op, row }] : [];
}

/**
 * Changes whose old rows Flink leaves out, with those rows: an update replaces the row of its key
 * (docs/divergences/top-1.md).
 */
function replacedByKey(
  changes: readonly Change[], key: readonly number[] | undefined,
): readonly Change[] {
  if (key === undefined) return changes;
  const current = new Map<string, readonly unknown[]>();
  return changes.flatMap(({ kind, row }): Change[] => {
    const name = JSON.stringify(key.map((column) => row[column]));
    const old = current.get(name);
    if (kind === '-D' || kind === '-U') return [];
    current.set(name, row);
    return old === undefined ? [{ kind: '+I', row }]
      : [{ kind: '-U', row: old }, { kind: '+U', row }];
  });
}

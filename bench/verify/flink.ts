/** A query on the real Flink, change by change. */
import type { FlinkLine } from '../../test/support/flink.js';
import { FlinkSession } from '../participants/flink.js';
import type { BenchQuery } from '../participants/participant.js';
import { ChangeDigest, type Digest } from './change-digest.js';

export class FlinkDigests {
  private constructor(private readonly flink: FlinkSession) {}

  /** Null where Java or Maven is missing. */
  static start(): FlinkDigests | null {
    const session = FlinkSession.start();
    return session === null ? null : new FlinkDigests(session);
  }

  async digestOf(query: BenchQuery): Promise<Digest> {
    const text = query.flinkSql ?? query.checkSql ?? query.sql;
    const lines = await this.flink.run([...query.setup, text], { rows: true });
    const digest = new ChangeDigest();
    for (const { kind, row } of replacedByKey(lines.flatMap(changeOf), query.upsertKey)) {
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

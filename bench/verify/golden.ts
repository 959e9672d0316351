/** What Flink says of every query over a small stream, kept so that it need not be asked. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Digest } from './change-digest.js';
import type { Verification } from './verify.js';

export interface Golden {
  readonly events: number;
  readonly seed: number;
  /** SHA-256 of the JSON lines. */
  readonly input: string;
  /** By query; those that Flink cannot run are not in it. */
  readonly queries: Readonly<Record<string, Digest>>;
}

export function readGolden(path: string): Golden {
  return JSON.parse(readFileSync(path, 'utf8')) as Golden;
}

/** Keeps Flink's answers of the plain variant, one query a line. */
export function writeGolden(
  path: string, stream: Omit<Golden, 'queries'>, { findings }: Verification,
): void {
  const answers = findings.filter((one) => one.engine === 'flink' && one.variant === 'plain');
  if (answers.length === 0) throw new Error('a golden needs the answers of Flink');
  const lines = answers.map(({ query, changes, rows, table, order }) =>
    `    ${JSON.stringify(query)}: ${JSON.stringify({ changes, rows, table, order })}`);
  const { events, seed, input } = stream;
  writeFileSync(path, [
    '{', `  "events": ${events},`, `  "seed": ${seed},`, `  "input": "${input}",`,
    '  "queries": {', lines.join(',\n'), '  }', '}', '',
  ].join('\n'));
}

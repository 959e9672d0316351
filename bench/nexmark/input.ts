/** The input of a Nexmark run: made once, kept under .cache/, its SHA-256 in the report. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { generateNexmark } from '../../src/index.js';
import { writeNexmarkParquet } from './parquet-file.js';
import type { NexmarkInput } from './tables.js';

const CACHE = join(import.meta.dirname, '..', '..', '.cache', 'bench');

export interface PreparedInput {
  readonly table: NexmarkInput;
  readonly description: Readonly<Record<string, string | number>>;
}

export async function prepareInput(
  kind: 'json' | 'parquet' | 'generator', events: number, seed: number,
): Promise<PreparedInput> {
  if (kind === 'generator') {
    return { table: { kind, events, seed }, description: { kind, seed } };
  }
  mkdirSync(CACHE, { recursive: true });
  const path = join(CACHE, `nexmark-${events}-${seed}.${kind}`);
  if (!existsSync(path)) {
    const part = `${path}.part`;
    if (kind === 'json') await generateNexmark({ events, seed, format: 'json', path: part });
    else await writeNexmarkParquet({ kind: 'generator', events, seed }, part);
    renameSync(`${path}.part`, path);
  }
  const bytes = statSync(path).size;
  const description = { kind, seed, bytes, sha256: await sha256(path) };
  return { table: { kind, path }, description };
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

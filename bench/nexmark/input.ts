/** The input of a Nexmark run: made once, kept under .cache/, its SHA-256 in the report. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { generateNexmark } from '../../src/index.js';
import { writeByDuckdb, writeByFlink, type ParquetWriter } from './parquet-file.js';
import { CACHE } from './side-input.js';
import type { NexmarkInput } from './tables.js';


export interface PreparedInput {
  readonly table: NexmarkInput;
  readonly description: Readonly<Record<string, string | number>>;
}

/** `isForFlink`: Flink must be able to read it, so Flink writes it where it is Parquet. */
export async function prepareInput(
  kind: 'json' | 'parquet' | 'generator', events: number, seed: number, isForFlink = false,
): Promise<PreparedInput> {
  if (kind === 'generator') {
    return { table: { kind, events, seed }, description: { kind, seed } };
  }
  const lines = await keptFile(`nexmark-${events}-${seed}.json`, (part) =>
    generateNexmark({ events, seed, format: 'json', path: part }));
  const { path, writer } = kind === 'json' ? { path: lines, writer: 'millrace' }
    : await parquetOf(lines, `nexmark-${events}-${seed}`, isForFlink);
  const bytes = statSync(path).size;
  const description = { kind, seed, writer, bytes, sha256: await sha256(path) };
  return { table: { kind, path }, description };
}

async function parquetOf(
  lines: string, name: string, isForFlink: boolean,
): Promise<{ readonly path: string; readonly writer: ParquetWriter }> {
  const path = join(CACHE, `${name}-flink.parquet`);
  if (isForFlink && (existsSync(path) || await writeByFlink(lines, path))) {
    return { path, writer: 'flink' };
  }
  const kept = await keptFile(`${name}-duckdb.parquet`, (part) => writeByDuckdb(lines, part));
  return { path: kept, writer: 'duckdb' };
}

/** Each thousand events shuffled, as JSON lines. */
export async function prepareDisordered(events: number, seed: number): Promise<NexmarkInput> {
  const options = { 'out-of-order-group-size': '1000' };
  const path = await keptFile(`nexmark-disordered-${events}-${seed}.json`, (part) =>
    generateNexmark({ events, seed, format: 'json', path: part, options }));
  return { kind: 'json', path };
}

async function keptFile(name: string, make: (part: string) => Promise<void>): Promise<string> {
  mkdirSync(CACHE, { recursive: true });
  const path = join(CACHE, name);
  if (!existsSync(path)) {
    await make(`${path}.part`);
    renameSync(`${path}.part`, path);
  }
  return path;
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

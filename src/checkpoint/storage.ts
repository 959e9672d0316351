/**
 * Checkpoints in a folder: `chk-7/` holds one Arrow file a chunk and the manifest. It is written
 * beside, made durable, and renamed in: a checkpoint is there whole or not at all.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { loadArrow } from '../batch/arrow-types.js';
import { errorOf, fail, MillraceError } from '../errors/index.js';
import type { StateChunk } from '../runtime/pipeline.js';
import { chunkFromBytes, chunkToBytes } from './chunk-file.js';
import {
  checksumInTurns, MANIFEST_FILE, MANIFEST_VERSION, type Manifest, type ManifestChunk,
  manifestFromText, manifestToText,
} from './manifest.js';

const PREFIX = 'chk-';

export interface StoredCheckpoint {
  readonly id: number;
  readonly takenMs: number;
  readonly maxParallelism: number;
  readonly chunks: readonly StateChunk[];
}

/** A checkpoint that could not be used, and why. */
export interface SkippedCheckpoint {
  readonly id: number;
  readonly reason: string;
}

export class CheckpointStorage {
  constructor(readonly folder: string) {}

  /** Numbers of the checkpoints that are there, the newest first. */
  async list(): Promise<readonly number[]> {
    const names = await readdir(this.folder).catch(() => [] as string[]);
    return names
      .filter((name) => name.startsWith(PREFIX) && /^\d+$/.test(name.slice(PREFIX.length)))
      .map((name) => Number(name.slice(PREFIX.length)))
      .sort((a, b) => b - a);
  }

  /** Writes a checkpoint; MR4003 where that fails, and then nothing of it stays. */
  async write(checkpoint: StoredCheckpoint): Promise<void> {
    const target = this.pathOf(checkpoint.id);
    const beside = `${target}.tmp`;
    try {
      await rm(beside, { recursive: true, force: true });
      await mkdir(beside, { recursive: true });
      const manifest = await writeChunks(beside, checkpoint);
      await writeDurably(join(beside, MANIFEST_FILE), Buffer.from(manifestToText(manifest)));
      await syncFolder(beside);
      await rename(beside, target);
      await syncFolder(this.folder);
    } catch (error) {
      await rm(beside, { recursive: true, force: true }).catch(() => undefined);
      const reason = error instanceof Error ? error.message : String(error);
      throw errorOf('MR4003', { path: target, reason }, { cause: error });
    }
  }

  /** Reads and checks a checkpoint; MR5001 where a part is missing or damaged. */
  async read(id: number): Promise<StoredCheckpoint> {
    const folder = this.pathOf(id);
    const manifest = manifestFromText(await readText(join(folder, MANIFEST_FILE)));
    const arrow = await loadArrow();
    const chunks: StateChunk[] = [];
    for (const { file, bytes, sha256, rows, ...rest } of manifest.chunks) {
      const content = await readFile(join(folder, file)).catch(() =>
        fail('MR5001', { detail: `file is missing: ${file}` }));
      if (content.length !== bytes || await checksumInTurns(content) !== sha256) {
        fail('MR5001', { detail: `file has another checksum: ${file}` });
      }
      const batches = await chunkFromBytes(arrow, content, rest.fields, rows);
      for (const batch of batches) chunks.push({ ...rest, content: batch });
    }
    const { takenMs, maxParallelism } = manifest;
    return { id, takenMs, maxParallelism, chunks };
  }

  /** The newest checkpoint that is whole; those before it in the list are told. */
  async readLatest(): Promise<{
    readonly checkpoint: StoredCheckpoint | null;
    readonly skipped: readonly SkippedCheckpoint[];
  }> {
    const skipped: SkippedCheckpoint[] = [];
    for (const id of await this.list()) {
      try {
        return { checkpoint: await this.read(id), skipped };
      } catch (error) {
        if (!(error instanceof MillraceError) || error.code !== 'MR5001') throw error;
        skipped.push({ id, reason: error.text });
      }
    }
    return { checkpoint: null, skipped };
  }

  /** Removes all but the newest `count` checkpoints, and what crashed writers left. */
  async keepNewest(count: number): Promise<void> {
    for (const id of (await this.list()).slice(count)) await this.remove(id);
    const names = await readdir(this.folder).catch(() => [] as string[]);
    for (const name of names.filter((one) => one.startsWith(PREFIX) && one.endsWith('.tmp'))) {
      await rm(join(this.folder, name), { recursive: true, force: true });
    }
  }

  private async remove(id: number): Promise<void> {
    // Renamed first: a checkpoint half removed must not be taken for one.
    const doomed = `${this.pathOf(id)}.tmp`;
    await rename(this.pathOf(id), doomed);
    await rm(doomed, { recursive: true, force: true });
  }

  private pathOf(id: number): string {
    return join(this.folder, `${PREFIX}${id}`);
  }
}

async function writeChunks(folder: string, checkpoint: StoredCheckpoint): Promise<Manifest> {
  const arrow = await loadArrow();
  const chunks: ManifestChunk[] = [];
  for (const { content, ...rest } of checkpoint.chunks) {
    const file = `${rest.operator}-${fileName(rest.table)}-${rest.subtask}.arrow`;
    const written = await writePieces(
      join(folder, file), chunkToBytes(arrow, content, rest.fields),
    );
    chunks.push({ ...rest, rows: content.activeCount, file, ...written });
  }
  const { id, takenMs, maxParallelism } = checkpoint;
  return { version: MANIFEST_VERSION, checkpoint: id, takenMs, maxParallelism, chunks };
}

function fileName(table: string): string {
  return table.replace(/[^A-Za-z0-9_-]/g, '_');
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => fail('MR5001', { detail: 'manifest is missing' }));
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Bytes gathered for one write. */
const WRITE_BYTES = 1 << 20;

/** Writes pieces one behind the other; how many bytes they were, and their checksum. */
async function writePieces(
  path: string, pieces: AsyncIterable<Uint8Array>,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const file = await open(path, 'w');
  const hash = createHash('sha256');
  let bytes = 0;
  let gathered: Uint8Array[] = [];
  let gatheredBytes = 0;
  const write = async (): Promise<void> => {
    await file.writeFile(Buffer.concat(gathered));
    bytes += gatheredBytes;
    gathered = [];
    gatheredBytes = 0;
  };
  try {
    for await (const piece of pieces) {
      hash.update(piece);
      gathered.push(piece);
      gatheredBytes += piece.length;
      if (gatheredBytes >= WRITE_BYTES) await write();
    }
    await write();
    await file.sync();
  } finally {
    await file.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** Makes names in a folder durable; where folders cannot be synced the system does it itself. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

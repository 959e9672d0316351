/**
 * The manifest of a checkpoint: which chunk of state lies in which file, and what proves that the
 * file is whole. It is the last file written, and carries a checksum of itself.
 */
import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fail } from '../errors/index.js';
import type { RowField } from '../types/data-type.js';

export const MANIFEST_VERSION = 1;
export const MANIFEST_FILE = 'manifest.json';

/** One state table of one operator and subtask. */
export interface ManifestChunk {
  readonly operator: number;
  readonly semanticId: string;
  readonly table: string;
  readonly subtask: number;
  readonly keyCount: number;
  /** Of the file's columns, `key_group` first. */
  readonly fields: readonly RowField[];
  readonly rows: number;
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface Manifest {
  readonly version: typeof MANIFEST_VERSION;
  readonly checkpoint: number;
  /** When it was taken, ms since the epoch. */
  readonly takenMs: number;
  /** Number of key groups; a job restores only with the same. */
  readonly maxParallelism: number;
  readonly chunks: readonly ManifestChunk[];
}

/** SHA-256 of bytes, in hex. */
function checksumOf(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Bytes hashed in one turn of the event loop: about a millisecond. */
const TURN_BYTES = 1 << 20;

/** The same of many bytes, in turns of the event loop. */
export async function checksumInTurns(bytes: Uint8Array): Promise<string> {
  const hash = createHash('sha256');
  for (let at = 0; at < bytes.length; at += TURN_BYTES) {
    hash.update(bytes.subarray(at, at + TURN_BYTES));
    await nextTurn();
  }
  return hash.digest('hex');
}

/** The text of the manifest's file. */
export function manifestToText(manifest: Manifest): string {
  const body = JSON.stringify(manifest);
  return `${JSON.stringify({ sha256: checksumOf(body) })}\n${body}\n`;
}

/** The inverse; MR5001 where the text is damaged or of another version. */
export function manifestFromText(text: string): Manifest {
  const [head = '', body = ''] = text.split('\n', 2);
  const { sha256 } = parse<{ sha256?: unknown }>(head);
  if (sha256 !== checksumOf(body)) damaged('manifest has another checksum');
  const manifest = parse<Manifest>(body);
  if (manifest.version !== MANIFEST_VERSION) {
    damaged(`manifest version ${String(manifest.version)} is unknown`);
  }
  return manifest;
}

function parse<Value>(text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return damaged('manifest is not JSON');
  }
}

function damaged(detail: string): never {
  return fail('MR5001', { detail });
}

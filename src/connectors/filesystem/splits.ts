/**
 * Which files, and which parts of them, a subtask reads.
 * native/sources/file-splits.cpp is the same in C++.
 */
import { readdirSync, statSync } from 'node:fs';
import { fail } from '../../errors/index.js';
import type { FilePosition, FileRange } from '../../formats/decoder.js';

export interface FileSplit {
  /** Dealt out by sequence modulo parallelism. */
  readonly sequence: number;
  readonly path: string;
  readonly range: FileRange;
  position: FilePosition;
}

/** A file below this size is not cut. */
const MIN_SPLIT_BYTES = 4 * 1024 * 1024;

/**
 * The files of a path: itself, or all below a folder in order of their paths, without those whose
 * name begins with '.' or '_'. MR4001 where there is no such path.
 */
export function listFiles(path: string): readonly string[] {
  const facts = statSync(path, { throwIfNoEntry: false });
  if (facts === undefined) return fail('MR4001', { path });
  const found: string[] = [];
  if (facts.isDirectory()) collectFiles(path, found);
  else found.push(path);
  return found.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

function collectFiles(folder: string, found: string[]): void {
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.name.startsWith('.') || entry.name.startsWith('_')) continue;
      const path = folder.endsWith('/') ? folder + entry.name : `${folder}/${entry.name}`;
      if (statSync(path).isDirectory()) collectFiles(path, found);
      else found.push(path);
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    fail('MR4002', { path: folder, reason }, { cause: error });
  }
}

/** The splits of one subtask, in the order they are read. */
export function makeFileSplits(
  paths: readonly string[], splittable: boolean, subtask: number, parallelism: number,
): FileSplit[] {
  const mine: FileSplit[] = [];
  let sequence = 0;
  const add = (path: string, range: FileRange): void => {
    if (sequence % parallelism === subtask) {
      mine.push({ sequence, path, range, position: { offset: range.begin, row: 0 } });
    }
    sequence++;
  };
  for (const path of paths) {
    const size = splittable && parallelism > 1 ? statSync(path).size : 0;
    if (size < MIN_SPLIT_BYTES) {
      add(path, { begin: 0, end: Infinity });
      continue;
    }
    const share = Math.floor(size / parallelism);
    for (let part = 0; part < parallelism; part++) {
      const end = part + 1 === parallelism ? Infinity : share * (part + 1);
      add(path, { begin: share * part, end });
    }
  }
  return mine;
}

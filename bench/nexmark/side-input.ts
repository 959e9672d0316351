/** The table that q13 looks bids up in: 10,000 keys, made once, kept under .cache/. */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const CACHE = join(import.meta.dirname, '..', '..', '.cache', 'bench');

const KEYS = 10_000;

export function sideInputPath(): string {
  const path = join(CACHE, 'side-input.csv');
  if (existsSync(path)) return path;
  mkdirSync(CACHE, { recursive: true });
  const lines = Array.from({ length: KEYS }, (_, key) => `${key},value of ${key}\n`);
  writeFileSync(`${path}.part`, lines.join(''));
  renameSync(`${path}.part`, path);
  return path;
}

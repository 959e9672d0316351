/** Whole processes, from start to exit: the bare runtime, the import, SELECT 1. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { median } from './run-query.js';

const DIST = join(import.meta.dirname, '..', 'dist', 'src');

export interface StartupReport {
  readonly nodeMs: number;
  readonly importMs: number;
  readonly selectMs: number;
}

function time(args: readonly string[]): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${args.join(' ')}: ${stderr}`);
  return performance.now() - started;
}

/** Medians of `rounds` interleaved runs. */
export function measureStartup(rounds: number): StartupReport {
  const script = join(mkdtempSync(join(tmpdir(), 'millrace-')), 'select.sql');
  writeFileSync(script, 'SELECT 1;\n');
  const entry = pathToFileURL(join(DIST, 'index.js')).href;
  const participants = {
    nodeMs: ['-e', '0'],
    importMs: ['--input-type=module', '-e', `await import(${JSON.stringify(entry)})`],
    selectMs: [join(DIST, 'cli', 'main.js'), 'run', script],
  };
  const times = { nodeMs: [] as number[], importMs: [] as number[], selectMs: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    times.nodeMs.push(time(participants.nodeMs));
    times.importMs.push(time(participants.importMs));
    times.selectMs.push(time(participants.selectMs));
  }
  return {
    nodeMs: median(times.nodeMs), importMs: median(times.importMs),
    selectMs: median(times.selectMs),
  };
}

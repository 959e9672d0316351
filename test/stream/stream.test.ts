/** Every .stream script, on both engines, in every mode. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runScript, STREAM_MODES, type StreamMode, type StreamResult } from
  '../support/stream-run.js';
import { readScript, type StreamScript } from '../support/stream-script.js';

const ROOT = fileURLToPath(new URL('.', import.meta.url));
/** Writes what the fallback answers into the scripts: read the difference before keeping it. */
const COMPLETES = process.env['STREAM_COMPLETE'] === '1';

const paths = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.stream')).sort();

/** Where rows of several keys may mix, their order is free. */
function ordered(lines: readonly string[], isFree: boolean): readonly string[] {
  return isFree ? [...lines].sort() : lines;
}

function check(script: StreamScript, mode: StreamMode, result: StreamResult): void {
  const isFree = mode.parallelism > 1 || mode.recoverAlways;
  // A barrier ends a bundle: what is sent then differs, what it adds up to does not.
  const isBundled = script.settings.some(([key]) => key === 'table.exec.mini-batch.enabled');
  for (const [index, event] of script.events.entries()) {
    if (event.kind === 'emit' && isBundled && mode.recoverAlways) continue;
    if (event.kind === 'emit') {
      const sorted = event.sorted || isFree;
      expect(ordered(result.emitted.get(index)!, sorted), `emit of line ${event.line}`)
        .toEqual(ordered(event.lines, sorted));
    } else if (event.kind === 'view') {
      expect(result.views.get(index), `view of line ${event.line}`).toEqual(event.lines);
    } else if (event.kind === 'stats' && !mode.recoverAlways) {
      expect(result.stats.get(index), `stats ${event.name}`).toBe(event.value);
    }
  }
  if (isBundled && mode.recoverAlways) return;
  expect(result.emitted.get(-1), 'rows that no emit expects').toEqual([]);
}

function complete(path: string, script: StreamScript, result: StreamResult): void {
  const lines = readFileSync(path, 'utf8').split('\n');
  const events = [...script.events.entries()].reverse();
  for (const [index, event] of events) {
    if (event.kind !== 'emit' && event.kind !== 'view') continue;
    const answer = event.kind === 'emit' ? result.emitted.get(index)! : result.views.get(index)!;
    const listed = event.kind === 'emit' && event.sorted ? [...answer].sort() : answer;
    let end = event.line;
    while (end < lines.length && /^\s+\S/.test(lines[end]!)) end++;
    lines.splice(event.line, end - event.line, ...listed.map((line) => `  ${line}`));
  }
  writeFileSync(path, lines.join('\n'));
}

describe.each(paths)('%s', (name) => {
  const path = join(ROOT, name);
  const script = readScript(path);
  const failure = script.events.find((event) => event.kind === 'error');

  if (COMPLETES) {
    it('is completed', async () => {
      const mode = STREAM_MODES.find(({ engines }) => engines[0] === 'fallback')!;
      complete(path, script, await runScript(script, mode));
    });
    return;
  }

  const mayRescale = !script.isSequential;
  const modes = STREAM_MODES.filter(({ parallelism, rescaledTo }) =>
    (rescaledTo === undefined || mayRescale) && (parallelism === 1 || !script.isSequential));
  it.each(modes)(`${script.about}: $name`, async (mode) => {
    if (failure !== undefined) {
      await expect(runScript(script, mode)).rejects
        .toThrow(new RegExp(`${failure.code}.*${failure.text}`));
      return;
    }
    check(script, mode, await runScript(script, mode));
  });
});

it('finds scripts', () => {
  expect(paths.length, relative(process.cwd(), ROOT)).toBeGreaterThan(0);
});

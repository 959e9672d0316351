/**
 * The scripts' expectations against the real Flink: MILLRACE_ARBITER=1. Not part of the ordinary
 * tests: it needs a JVM and seconds a script.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { findFlink, Flink } from '../support/flink.js';
import { flinkProgram, flinkLines } from '../support/stream-flink.js';
import { readScript } from '../support/stream-script.js';

const ROOT = fileURLToPath(new URL('.', import.meta.url));
const flinkPath = process.env['MILLRACE_ARBITER'] === '1' ? findFlink() : null;

/** What Flink does otherwise, and the page that says why. */
const DIFFERENT: ReadonlyMap<string, string> = new Map([
  ['lookup-join/changes.stream', 'docs/divergences/lookup-join.md'],
]);

describe.skipIf(flinkPath === null)('Flink agrees with', () => {
  const flink = flinkPath === null ? null : Flink.start(flinkPath);
  afterAll(async () => { await flink?.close(); });

  // Flink's clock is not ours to move.
  const names = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.stream') && !DIFFERENT.has(path)).sort()
    .filter((path) => !readScript(join(ROOT, path)).events.some(({ kind }) => kind === 'advance'));
  it.each(names)('%s', async (name) => {
    const script = readScript(join(ROOT, name));
    const isFree = script.events.some((event) => event.kind === 'emit' && event.sorted);
    const expected = script.events.flatMap((event) => (event.kind === 'emit' ? event.lines : []));
    const answer = flinkLines(await flink!.ask(flinkProgram(script)));
    // Flink's rows are split at commas, those inside rows and arrays too.
    const order = (lines: readonly string[]): readonly string[] => {
      const plain = lines.map((line) => line.replaceAll(/,(?= )|'/g, ''));
      return isFree ? plain.sort() : plain;
    };
    expect(order(answer)).toEqual(order(expected));
  });
});

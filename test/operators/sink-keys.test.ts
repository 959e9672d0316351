/**
 * Sinks whose primary key is not the key of the query: programs and what Flink 2.3 sent to their
 * sinks (sink-keys/flink.jsonl, in the form of the conformance cases).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ProgramCase } from '../conformance/cases.js';
import { runProgram } from '../conformance/program-case.js';

const FILE = join(import.meta.dirname, 'sink-keys', 'flink.jsonl');
const programs = readFileSync(FILE, 'utf8').trimEnd().split('\n')
  .map((line) => JSON.parse(line) as ProgramCase);

describe.each(['native', 'fallback'] as const)('on the %s engine', (engine) => {
  it.each(programs)('$id', async (program) => {
    expect(await runProgram(program, engine)).toEqual({ status: 'passed' });
  });
});

/**
 * What passes on both engines and must not be lost again: test/conformance/ratchet.json, case
 * ids by set. Ids of cases that the folder does not hold are left alone.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SetName } from './cases.js';
import type { CaseResult } from './outcome.js';

const RATCHET_FILE = join(import.meta.dirname, 'ratchet.json');

export type Ratchet = Readonly<Partial<Record<SetName, readonly string[]>>>;

export function readRatchet(): Ratchet {
  return JSON.parse(readFileSync(RATCHET_FILE, 'utf8')) as Ratchet;
}

export function writeRatchet(ratchet: Ratchet): void {
  writeFileSync(RATCHET_FILE, `${JSON.stringify(ratchet, null, 1)}\n`);
}

/** Ids that pass in every one of the runs. */
export function passingIds(runs: readonly (readonly CaseResult[])[]): readonly string[] {
  const sets = runs.map((cases) =>
    new Set(cases.filter(({ status }) => status === 'passed').map(({ id }) => id)));
  return [...sets[0] ?? []].filter((id) => sets.every((ids) => ids.has(id))).sort();
}

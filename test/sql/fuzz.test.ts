/**
 * Mutated statements: each must give a tree or a ParseError, and each tree must survive unparse.
 * SQL_FUZZ_RUNS and SQL_FUZZ_SEED make longer or other runs.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ParseError } from '../../src/errors/index.js';
import { parseScript, reservedWords, unparse } from '../../src/sql/index.js';
import { withoutPositions } from './comparable.js';

const runs = Number(process.env['SQL_FUZZ_RUNS'] ?? 5000);
const seed = Number(process.env['SQL_FUZZ_SEED'] ?? 20260801);

/** A small generator of reproducible numbers in [0, 1). */
function random(state: { value: number }): number {
  state.value = (state.value + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state.value ^ (state.value >>> 15), 1 | state.value);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
}

function pick<Item>(state: { value: number }, items: readonly Item[]): Item {
  const item = items[Math.floor(random(state) * items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

const pieces = [
  ...reservedWords, 'a', 't', '1', '1.5', "'x'", '`q`', "U&'\\00", "E'\\", "X'A", "'", '`', '"',
  '(', ')', '[', ']', '{', '}', '<', '>', '<>', '=', '=>', '.', ',', ';', '*', '*/', '/*', '/*+',
  '--', '\n', '?', '!', '\\', '\u0000', '\ud800', 'é', '😀', '-', '+', '||', '|',
];

/** Cuts, swaps, repeats and inserts pieces of a statement. */
function mutate(state: { value: number }, sql: string, others: readonly string[]): string {
  let tokens = sql.split(/(\s+|\b)/);
  const changes = 1 + Math.floor(random(state) * 4);
  for (let change = 0; change < changes; change++) {
    const at = Math.floor(random(state) * (tokens.length + 1));
    switch (Math.floor(random(state) * 5)) {
      case 0: tokens.splice(at, 1 + Math.floor(random(state) * 3)); break;
      case 1: tokens.splice(at, 0, ' ', pick(state, pieces), ' '); break;
      case 2: tokens.splice(at, 1, pick(state, pieces)); break;
      case 3: tokens.splice(at, 0, ...tokens.slice(at, at + 5)); break;
      default: tokens = [...tokens.slice(0, at), ' ', ...pick(state, others).split(/(\s+)/)];
    }
  }
  return tokens.join('');
}

/** What is wrong with the outcome of one input; undefined if nothing is. */
function faultOf(sql: string): string | undefined {
  try {
    for (const { statement } of parseScript(sql)) {
      const text = unparse(statement);
      const again = parseScript(text).map((parsed) => parsed.statement);
      expect(again.map(withoutPositions), text).toEqual([withoutPositions(statement)]);
    }
    return undefined;
  } catch (error) {
    if (error instanceof ParseError && error.source === sql) return undefined;
    return `${JSON.stringify(sql)}: ${error instanceof Error ? error.stack : String(error)}`;
  }
}

it(`${runs} mutated statements give a tree or a ParseError (seed ${seed})`, () => {
  const state = { value: seed };
  const statements = ['accepted.txt', 'refused.txt', 'statements.sql'].flatMap((name) =>
    readFileSync(join(import.meta.dirname, name), 'utf8').split('\n')
      .filter((line) => line !== '' && !line.startsWith('--')));
  const faults: string[] = [];
  for (let run = 0; run < runs && faults.length < 5; run++) {
    const fault = faultOf(mutate(state, pick(state, statements), statements));
    if (fault !== undefined) faults.push(fault);
  }
  expect(faults).toEqual([]);
}, 120_000);

/**
 * Writes the expressions that the fuzzer of kernels evaluates: `tsx write-expressions.ts FOLDER`.
 * Every function and every cast, each with columns of hostile values.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Batch } from '../../../src/batch/batch.js';
import { packBatch } from '../../../src/batch/packed.js';
import { encodeValue } from '../../../src/plan/physical/encode.js';
import type { PlanValue } from '../../../src/plan/physical/plan.js';
import { randomOf } from '../../expr/random-expression.js';
import {
  CAST_PAIRS, castCall, HOSTILE_FUNCTIONS, HOSTILE_ROWS, HOSTILE_SQL, hostileCall,
  type HostileCall, sqlCall,
} from '../../support/hostile/calls.js';

const ROUNDS = 6;

function calls(): readonly HostileCall[] {
  const random = randomOf(20);
  return [
    ...HOSTILE_FUNCTIONS.flatMap((row) =>
      Array.from({ length: ROUNDS }, () => hostileCall(random, row) ?? [])).flat(),
    ...CAST_PAIRS.map((pair, i) => castCall(random, pair, i % 2 === 0)),
    ...HOSTILE_SQL.map((sql) => sqlCall(random, sql)),
  ];
}

/** Three lengths, then the expression, its columns' types, and the batch. */
function fileOf({ expression, columns }: HostileCall): Uint8Array {
  const schema = columns.map((column, i) => ({ name: `f${i}`, type: column.type }));
  const parts = [
    encodeValue(expression as unknown as PlanValue), encodeValue(schema as unknown as PlanValue),
    packBatch(new Batch(HOSTILE_ROWS, columns)),
  ];
  return Buffer.concat([new Uint8Array(Uint32Array.from(parts, (part) => part.length).buffer),
    ...parts]);
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new TypeError('usage: write-expressions.ts FOLDER');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const written = calls();
for (const [i, call] of written.entries()) {
  writeFileSync(join(folder, `${String(i).padStart(5, '0')}.expression`), fileOf(call));
}
process.stdout.write(`${written.length} expressions in ${folder}\n`);

/** The tables random plans read: two streams with a watermark, a changelog, a few inline rows. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pick, type Random } from '../../expr/random-expression.js';

export const PLAN_TABLES = ['s1', 's2', 'c1', 'w1'] as const;

const KEYS: readonly (string | null)[] = ['a', 'b', 'c', null, 'a', 'b'];

interface Fields {
  readonly k: string | null;
  readonly n: number | null;
  readonly v: number | null;
  readonly d: number | null;
}

function fieldsOf(random: Random): Fields {
  const whole = (bound: number): number => Math.floor(random() * bound);
  return {
    k: pick(random, KEYS), n: random() < 0.15 ? null : whole(6) - 2,
    v: random() < 0.15 ? null : whole(200) - 50, d: random() < 0.15 ? null : whole(4000) / 100,
  };
}

function streamLines(random: Random): string {
  let second = 0;
  return Array.from({ length: 16 }, () => {
    second += Math.floor(random() * 3);
    const late = random() < 0.2 ? 3 : 0;
    const ts = `2020-01-01 00:00:${String(Math.max(0, second - late)).padStart(2, '0')}`;
    return `${JSON.stringify({ ...fieldsOf(random), ts })}\n`;
  }).join('');
}

/** Inserts, updates and deletes of rows with the keys 0 to 5, in the form of Debezium. */
function changeLines(random: Random): string {
  const now = new Map<number, object>();
  return Array.from({ length: 16 }, () => {
    const id = Math.floor(random() * 6);
    const before = now.get(id) ?? null;
    const after = before !== null && random() < 0.3 ? null : { id, ...fieldsOf(random) };
    if (after === null) now.delete(id);
    else now.set(id, after);
    const op = before === null ? 'c' : after === null ? 'd' : 'u';
    return `${JSON.stringify({ before, after, op })}\n`;
  }).join('');
}

export function writePlanFiles(folder: string, random: Random): void {
  for (const name of ['s1', 's2']) writeFileSync(join(folder, `${name}.json`), streamLines(random));
  writeFileSync(join(folder, 'c1.json'), changeLines(random));
}

const FIELDS = 'k STRING, n INT, v BIGINT, d DECIMAL(8, 2)';

export function planTables(folder: string): readonly string[] {
  const options = (name: string, format: string): string =>
    `WITH ('connector' = 'filesystem', 'path' = '${join(folder, `${name}.json`)}', ` +
    `'format' = '${format}')`;
  const streams = ['s1', 's2'].map((name) => `CREATE TABLE ${name} (${FIELDS}, ts TIMESTAMP(3), ` +
    `WATERMARK FOR ts AS ts - INTERVAL '2' SECOND) ${options(name, 'json')}`);
  return [...streams,
    `CREATE TABLE c1 (id INT, ${FIELDS}) ${options('c1', 'debezium-json')}`,
    'CREATE TEMPORARY VIEW w1 AS SELECT k, n, CAST(v AS BIGINT) AS v, CAST(d AS DECIMAL(8, 2)) AS d ' +
    "FROM (VALUES ('a', 1, 10, 1.50), ('b', 2, 20, 2.25), ('c', CAST(NULL AS INT), 30, 0.00)) " +
    'AS q(k, n, v, d)'];
}

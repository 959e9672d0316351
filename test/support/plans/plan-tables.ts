/** The tables random plans read: two streams with a watermark, a changelog, a few inline rows. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InputChange, RowKindText } from '../../../src/index.js';
import { pick, type Random } from '../../expr/random-expression.js';

export const PLAN_TABLES = ['s1', 's2', 'c1', 'w1'] as const;
/** The streams again, with watermarks behind which no row is late: joins by time wait for them. */
export const PATIENT_TABLES = ['p1', 'p2'] as const;

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

/** How the changelog is read: as Debezium by Flink, as registered changes of this id here. */
export type Changelog = { readonly format: 'debezium-json' } | { readonly dataId: string };

const kindsOf = (op: string): readonly [kind: RowKindText, image: 'before' | 'after'][] =>
  (op === 'u' ? [['-U', 'before'], ['+U', 'after']]
    : op === 'd' ? [['-D', 'before']] : [['+I', 'after']]);

/** The changes of the changelog as TypeScript hands them to a table. */
export function planChanges(folder: string): readonly InputChange[] {
  return readFileSync(join(folder, 'c1.json'), 'utf8').split('\n').filter((line) => line !== '')
    .flatMap((line) => {
      const event = JSON.parse(line) as { op: string } & Record<string, Fields & { id: number }>;
      return kindsOf(event.op).map(([kind, image]) => {
        const { id, k, n, v, d } = event[image]!;
        const big = v === null ? null : BigInt(v);
        return { kind, row: [id, k, n, big, d === null ? null : String(d)] };
      });
    });
}

export function planTables(folder: string, changelog: Changelog): readonly string[] {
  const options = (name: string, format: string): string =>
    `WITH ('connector' = 'filesystem', 'path' = '${join(folder, `${name}.json`)}', ` +
    `'format' = '${format}')`;
  const streams = ['s1', 's2', ...PATIENT_TABLES].map((name) =>
    `CREATE TABLE ${name} (${FIELDS}, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL ` +
    `${name.startsWith('s') ? "'2' SECOND" : "'1' HOUR"}) ` +
    options(name.replace('p', 's'), 'json'));
  return [...streams,
    `CREATE TABLE c1 (id INT, ${FIELDS}) ${'format' in changelog
      ? options('c1', changelog.format) : `WITH ('connector' = 'values', ` +
      `'changelog-mode' = 'I,UA,UB,D', 'data-id' = '${changelog.dataId}')`}`,
    'CREATE TEMPORARY VIEW w1 AS SELECT k, n, CAST(v AS BIGINT) AS v, ' +
    "CAST(d AS DECIMAL(8, 2)) AS d FROM (VALUES ('a', 1, 10, 1.50), ('b', 2, 20, 2.25), " +
    "('c', CAST(NULL AS INT), 30, 0.00)) " +
    'AS q(k, n, v, d)'];
}

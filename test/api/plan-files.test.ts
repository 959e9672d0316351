/**
 * COMPILE PLAN keeps a plan, EXECUTE PLAN runs it without its SQL: when files are replaced, what
 * is refused, and that no damage to a file gives anything but an error by name.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { MillraceError, TableEnvironment } from '../../src/index.js';
import { planText, readPlan } from '../../src/plan/plan-file.js';

const folder = mkdtempSync(join(tmpdir(), 'millrace-plans-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TABLES = [
  "CREATE TABLE t (a INT, b STRING, c DECIMAL(30, 2)) WITH ('connector' = 'values', " +
    "'data-id' = 'rows')",
  "CREATE TABLE kept (b STRING, n BIGINT, s DECIMAL(38, 2)) WITH ('connector' = 'values')",
  "CREATE TABLE other (a INT) WITH ('connector' = 'values')",
];
const ROWS = [[1, 'x', '1.50'], [2, 'y', '2.25'], [3, 'x', '12345678901234567890.00']];
const COUNTS = 'INSERT INTO kept SELECT b, COUNT(*), SUM(c) FROM t ' +
  "WHERE a < 9223372036854775807 AND b <> '' AND X'00FF' IS NOT NULL GROUP BY b";

async function environment(engine: 'native' | 'fallback'): Promise<TableEnvironment> {
  const env = TableEnvironment.create({ engine });
  env.registerData(ROWS, 'rows');
  for (const table of TABLES) await env.executeSql(table);
  return env;
}

/** Each change as Flink prints it. */
async function changes(env: TableEnvironment, table = 'kept'): Promise<readonly string[]> {
  const rows: string[] = [];
  for await (const row of env.collected(table)) rows.push(`${row.kind}${String(row.values)}`);
  return rows;
}

async function run(env: TableEnvironment, sql: string): Promise<void> {
  await (await env.executeSql(sql)).await();
}

const refusal = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof MillraceError) return `${error.code} ${error.position?.column ?? '-'}`;
    throw error;
  }
  return 'no error';
};

let next = 0;
const fresh = (): string => join(folder, `deep/${next++}/plan.json`);

const ENGINES = ['native', 'fallback'] as const;

describe.each(ENGINES)('plans kept in files, on the %s engine', (engine) => {
  it('give the changes of the statement they were made for', async () => {
    const [direct, kept] = [await environment(engine), await environment(engine)];
    const path = fresh();
    await run(direct, COUNTS);
    await run(kept, `COMPILE PLAN '${path}' FOR ${COUNTS}`);
    expect(await changes(kept)).toEqual([]);
    await run(kept, `EXECUTE PLAN 'file://${path}'`);
    expect(await changes(kept)).toEqual(await changes(direct));
    expect(await changes(direct)).toHaveLength(4);
  });

  it('run in a session that knows neither the tables nor the options', async () => {
    const path = fresh();
    const maker = await environment(engine);
    await run(maker, "SET 'table.local-time-zone' = 'Asia/Tokyo'");
    await run(maker, `COMPILE PLAN '${path}' FOR INSERT INTO kept
      SELECT DATE_FORMAT(TO_TIMESTAMP_LTZ(0, 3), 'HH'), 1, 2 FROM t WHERE a = 1`);
    const env = TableEnvironment.create({ engine });
    env.registerData(ROWS, 'rows');
    await run(env, `EXECUTE PLAN '${path}'`);
    const [row] = await changes(env);
    expect(row).toBe('+I09,1,2.00');
  });

  it('hold a statement set in one job', async () => {
    const [env, path] = [await environment(engine), fresh()];
    await run(env, `COMPILE AND EXECUTE PLAN '${path}' FOR STATEMENT SET BEGIN
      INSERT INTO other SELECT a FROM t; ${COUNTS}; END`);
    expect((await changes(env, 'other')).length).toBe(3);
    expect((await changes(env)).length).toBe(4);
    const nodes = (JSON.parse(readFileSync(path, 'utf8')) as { nodes: { kind: string }[] }).nodes;
    expect(nodes.filter((node) => node.kind === 'source')).toHaveLength(1);
  });

  it('call functions written in TypeScript by name', async () => {
    const [env, path] = [await environment('fallback'), fresh()];
    const twice = { parameters: ['INT'], returns: 'INT', evaluate: (a: unknown) => Number(a) * 2 };
    await env.createTemporaryFunction('twice', twice);
    const insert = 'INSERT INTO other SELECT twice(a) FROM t';
    await run(env, `COMPILE PLAN '${path}' FOR ${insert}`);
    const later = await environment('fallback');
    expect(await refusal(run(later, `EXECUTE PLAN '${path}'`))).toBe('MR2003 -');
    await later.createTemporaryFunction('twice', { ...twice, returns: 'BIGINT' });
    expect(await refusal(run(later, `EXECUTE PLAN '${path}'`))).toBe('MR2007 -');
    await later.dropTemporaryFunction('twice');
    await later.createTemporaryFunction('twice', twice);
    await run(later, `EXECUTE PLAN '${path}'`);
    expect(await changes(later, 'other')).toEqual(['+I2', '+I4', '+I6']);
  });
});

describe('files of plans', () => {
  it('are replaced only where that is asked for, as in Flink', async () => {
    const [env, path] = [await environment('fallback'), fresh()];
    const compile = `COMPILE PLAN '${path}'`;
    await run(env, `${compile} FOR ${COUNTS}`);
    const first = readFileSync(path, 'utf8');
    const another = 'FOR INSERT INTO other SELECT a FROM t';
    expect(await refusal(run(env, `${compile} ${another}`))).toBe('MR2024 14');
    await run(env, `${compile} IF NOT EXISTS ${another}`);
    expect(readFileSync(path, 'utf8')).toBe(first);
    await run(env, `COMPILE AND EXECUTE PLAN '${path}' ${another}`);
    expect((await changes(env)).length).toBe(4);
    await run(env, "SET 'table.plan.force-recompile' = 'true'");
    await run(env, `${compile} ${another}`);
    expect(readFileSync(path, 'utf8')).not.toBe(first);
    expect(await refusal(run(env, `EXECUTE PLAN '${path}.not'`))).toBe('MR4001 14');
    expect(await refusal(run(env, `COMPILE PLAN '${path}/x' ${another}`))).toBe('MR4003 14');
  });

  it('are the same for the same statement', async () => {
    const texts = await Promise.all([fresh(), fresh()].map(async (path) => {
      await run(await environment('fallback'), `COMPILE PLAN '${path}' FOR ${COUNTS}`);
      return readFileSync(path, 'utf8');
    }));
    expect(texts[0]).toBe(texts[1]);
  });

  it('that are not ours, damaged or of another version are refused by name', async () => {
    const path = fresh();
    await run(await environment('fallback'), `COMPILE PLAN '${path}' FOR ${COUNTS}`);
    const good = readFileSync(path, 'utf8');
    const codeOf = (text: string): string => codeReading(text);
    expect(codeOf('{"flinkVersion": "2.3", "nodes": [], "edges": []}')).toBe('MR5006');
    expect(codeOf('{}')).toBe('MR5006');
    expect(codeOf('[1]')).toBe('MR5006');
    expect(codeOf('')).toBe('MR5006');
    expect(codeOf(good.slice(0, good.length / 2))).toBe('MR5005');
    expect(codeOf(good.replace('"COUNT"', '"SUM"'))).toBe('MR5005');
    expect(codeOf(good.replace('"version": 1', '"version": 2'))).toBe('MR5007');
    expect(codeOf(JSON.stringify(JSON.parse(good)))).toBe('fine');
  });

  it('give an error by name for any damage', async () => {
    const path = fresh();
    await run(await environment('fallback'), `COMPILE PLAN '${path}' FOR ${COUNTS}`);
    const good = readFileSync(path, 'utf8');
    const random = seeded(7);
    const codes = new Set<string>();
    for (let i = 0; i < 400; i++) codes.add(codeReading(mutated(good, random)));
    for (const code of codes) expect(['MR5005', 'MR5006', 'MR5007', 'fine']).toContain(code);
    expect(codes).toContain('MR5005');
  });

  it('forged with a fitting checksum still end in an error, never in a crash', async () => {
    const path = fresh();
    await run(await environment('fallback'), `COMPILE PLAN '${path}' FOR ${COUNTS}`);
    const good = readFileSync(path, 'utf8');
    const random = seeded(11);
    for (let i = 0; i < 60; i++) {
      const forged = forgedPlan(good, random);
      writeFileSync(`${path}.forged`, forged);
      const env = await environment(i % 2 === 0 ? 'native' : 'fallback');
      expect(await refusal(run(env, `EXECUTE PLAN '${path}.forged'`))).toMatch(/^(MR|no error)/);
    }
  });
});

function codeReading(text: string): string {
  try {
    readPlan({ path: 'p', text, functionOf: () => undefined });
  } catch (error) {
    if (error instanceof MillraceError) return error.code;
    throw error;
  }
  return 'fine';
}

/** A small generator of numbers below `limit`. */
function seeded(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor(state / 65_536) % limit;
  };
}

function mutated(text: string, random: (limit: number) => number): string {
  const at = random(text.length);
  const length = random(12);
  const kinds = [
    text.slice(0, at), text.slice(0, at) + text.slice(at + length),
    text.slice(0, at) + text.slice(at, at + length).repeat(2) + text.slice(at + length),
    text.slice(0, at) + '0{}[]",:-$n'[random(11)]! + text.slice(at + 1),
  ];
  return kinds[random(kinds.length)]!;
}

/** A plan of other content, written with the checksum of that content. */
function forgedPlan(text: string, random: (limit: number) => number): string {
  const plan = structuredClone(readPlan({ path: 'p', text, functionOf: () => undefined }));
  const places: [Record<string, unknown>, string][] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
    for (const [key, part] of Object.entries(value)) {
      places.push([value as Record<string, unknown>, key]);
      visit(part);
    }
  };
  visit(plan.nodes);
  const [holder, key] = places[random(places.length)]!;
  holder[key] = [null, -1, 99, 'x', [], {}, true][random(7)];
  return planText(plan, 'forged');
}

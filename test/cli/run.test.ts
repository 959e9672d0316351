import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../tidy/source-files.js';
import { bundleCommand, millrace } from './run-command.js';

const folder = mkdtempSync(join(tmpdir(), 'millrace-cli-'));

const ADDON = join(ROOT, 'build', 'Release', 'millrace.node');

const ORDERS = `CREATE TABLE orders (id BIGINT, item STRING)
  WITH ('connector' = 'filesystem', 'path' = 'orders.json', 'format' = 'json');
`;
const ENDLESS = `CREATE TABLE ticks (n BIGINT) WITH ('connector' = 'datagen',
  'rows-per-second' = '20', 'fields.n.kind' = 'sequence', 'fields.n.start' = '1',
  'fields.n.end' = '1000000');
SELECT n FROM ticks;
`;

beforeAll(async () => {
  await bundleCommand();
  writeFileSync(join(folder, 'orders.json'), '{"id":1,"item":"tea"}\n{"id":2,"item"\n');
  writeFileSync(join(folder, 'column.sql'), `${ORDERS}\nSELECT id,\n  itm\nFROM orders;\n`);
  writeFileSync(join(folder, 'grammar.sql'), 'SELECT 1;\nSELEC 2;\n');
  writeFileSync(join(folder, 'empty.sql'), '');
  writeFileSync(join(folder, 'broken.cjs'), `module.exports = { ...require('${ADDON}'),
    createPipeline() { throw new Error('no pipeline today'); } };`);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.concurrent('millrace run', () => {
  it('counts the line of an error from the start of the file, and names the file', async () => {
    const { code, stderr } = await millrace(['run', 'column.sql'], { cwd: folder });
    expect(stderr).toBe('column.sql: MR2002 unknown column: itm\n  at line 5, column 3\n' +
      '    itm\n    ^^^\n  hint: did you mean item?\n');
    expect(code).toBe(1);
  });

  it('tells of a fault of grammar before anything runs', async () => {
    const { code, stdout, stderr } = await millrace(['run', 'grammar.sql'], { cwd: folder });
    expect(stdout).toBe('');
    expect(stderr).toContain(
      "grammar.sql: MR1001 unexpected token: 'SELEC'\n  at line 2, column 1");
    expect(code).toBe(1);
  });

  it('answers statement by statement in JSON, whatever one of them says', async () => {
    const { code, stdout } = await millrace(['run', '--format', 'json', '-'],
      { input: "SELECT 1 AS a; SELEC 2; SELECT CAST('x' AS INT); SELECT 3 AS c" });
    const lines = stdout.trim().split('\n').map((line) => JSON.parse(line) as object);
    expect(lines.filter((line) => 'error' in line)).toMatchObject([
      { statement: 'SELEC 2', class: 'ParseError' },
      { statement: "SELECT CAST('x' AS INT)", class: 'DataError' }]);
    expect(lines.at(-2)).toEqual({ op: '+I', row: [3] });
    expect(code).toBe(2);
  });

  it('goes on behind text that is no token, in JSON', async () => {
    const { code, stdout } = await millrace(['run', '--format', 'json', '-'],
      { input: 'SELECT 1 AS a;\nSELECT "b", \'d;\n SELECT 3 AS c; SELECT \'no end; SELECT 4' });
    const lines = stdout.trim().split('\n').map((line) => JSON.parse(line) as object);
    expect(lines.filter((line) => 'error' in line)).toMatchObject([
      { statement: 'SELECT "b", \'d', class: 'ParseError' },
      { statement: "SELECT 'no end", class: 'ParseError' }]);
    expect(lines.filter((line) => 'row' in line)).toEqual([
      { op: '+I', row: [1] }, { op: '+I', row: [3] }, { op: '+I', row: [4] }]);
    expect(code).toBe(1);
  });

  it('warns of an option that changes nothing', async () => {
    const { code, stderr } = await millrace(['run', '-'],
      { input: "SET 'table.optimizer.join-reorder-enabled' = 'true'; SELECT 1;" });
    expect(stderr).toBe('warning: option of Flink without effect here: ' +
      'table.optimizer.join-reorder-enabled\n');
    expect(code).toBe(0);
  });

  it('exits with 2 for a fault of the data', async () => {
    const { code, stderr } = await millrace(['run', '-'],
      { cwd: folder, input: `${ORDERS} SELECT id FROM orders` });
    expect(stderr).toContain('MR4004 malformed record: orders.json: line 2:');
    expect(code).toBe(2);
  });

  it('counts the records that a format was allowed to skip', async () => {
    const lenient = ORDERS.replace("'format'", "'json.ignore-parse-errors' = 'true', 'format'");
    const { code, stdout, stderr } = await millrace(['run', '-'],
      { cwd: folder, input: `${lenient} SELECT item FROM orders` });
    expect(stdout).toContain('|  tea |');
    expect(stderr).toBe('1 malformed record was skipped\n');
    expect(code).toBe(0);
  });

  it.each([
    [['nothere.sql'], 'MR4001 file or folder not found: nothere.sql\n'],
    [['--parallelism', '0', 'empty.sql'],
      'MR2008 invalid option value: parallelism.default = 0\n' +
      '  hint: expected an integer from 1 to 128\n'],
    [['--set', 'tabel.exec.state.ttl=1h', 'empty.sql'],
      'MR2004 unknown option: tabel.exec.state.ttl\n  hint: did you mean table.exec.state.ttl?\n'],
    [['--set', 'ttl', 'empty.sql'],
      "error: option '--set <key=value>' argument 'ttl' is invalid. It takes key=value.\n" +
      '(add --help for the options)\n'],
  ])('refuses %j in words, with exit code 1', async (args, message) => {
    const { code, stderr, stdout } = await millrace(['run', ...args], { cwd: folder });
    expect([stdout, stderr, code]).toEqual(['', message, 1]);
  });

  it('does nothing for an empty file', async () => {
    expect(await millrace(['run', 'empty.sql'], { cwd: folder }))
      .toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('shows a slow stream at once, and what came of it when it is cancelled', async () => {
    const { code, stdout, stderr } = await millrace(['run', '--format', 'changelog', '-'],
      { input: ENDLESS, interruptAfter: '| +I |' });
    expect(stdout).toMatch(/^Query terminated, received a total of \d+ rows?$/m);
    expect(stderr).toBe('cancelled\n');
    expect(code).toBe(1);
  });

  it('exits with 3 for a fault of our own, and asks to report it', async () => {
    const { code, stdout, stderr } = await millrace(['run', '--engine', 'native', '-'],
      { input: 'SELECT 1 AS a', env: { MILLRACE_NATIVE: join(folder, 'broken.cjs') } });
    expect(stdout).toBe('');
    expect(stderr).toBe('MR9001 internal error: Error: no pipeline today\n' +
      '  hint: please report it\n');
    expect(code).toBe(3);
  });

  it('says when there is no native engine', async () => {
    const { code, stdout, stderr } = await millrace(['run', '-'],
      { input: 'SELECT 1 AS a', env: { MILLRACE_NATIVE: join(folder, 'no.node') } });
    expect(stderr).toContain('native engine not available, TypeScript runs instead');
    expect(stdout).toContain('| 1 |');
    expect(code).toBe(0);
  });
});

describe.concurrent('the other commands', () => {
  it('nexmark generate writes to standard output for -', async () => {
    const { code, stdout, stderr } = await millrace(
      ['nexmark', 'generate', '--events', '3', '-o', '-']);
    expect(stdout.trim().split('\n').map((line) => Object.keys(JSON.parse(line) as object)))
      .toEqual(Array(3).fill(['event_type', 'person', 'auction', 'bid']));
    expect(stderr).toContain('3 events written');
    expect(code).toBe(0);
  });

  it('explain prints the plan and the engine of each operator', async () => {
    const { code, stdout } = await millrace(['explain', '--engine', 'fallback', '-'],
      { input: 'SELECT 1 AS a' });
    expect(stdout).toMatch(/== Optimized Physical Plan ==[^]*== Engine ==\n0: values: fallback/);
    expect(code).toBe(0);
  });

  it('doctor names the engine and why', async () => {
    const { code, stdout } = await millrace(['doctor'], { env: { MILLRACE_NATIVE: 'off' } });
    expect(stdout).toMatch(/^engine +fallback \(TypeScript\)\nwhy +switched off by MILLRACE/m);
    expect(code).toBe(0);
  });
});

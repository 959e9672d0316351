/**
 * Every snippet of README and docs/ runs. The SQL blocks of a document are one session, on both
 * engines; a `text` block right after a `sql` or `ts` block is what it must print.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { TablePrinter } from '../../src/cli/print/table.js';
import { parseScript, TableEnvironment } from '../../src/index.js';
import { zoneOf } from '../../src/types/zone.js';
import { listFiles, ROOT } from '../tidy/source-files.js';
import { blocksOf, type Block } from './markdown.js';

const run = promisify(execFile);
const documents = listFiles('.md')
  .filter((path) => path === 'README.md' || path.startsWith('docs/'))
  // Its statements show grammar; test/sql/docs.test.ts parses them.
  .filter((path) => path !== 'docs/sql/statements.md')
  .map((path) => ({ path, blocks: blocksOf(readFileSync(join(ROOT, path), 'utf8')) }));

/** The text block right after block `i`; undefined if there is none. */
const expectedAfter = (blocks: readonly Block[], i: number): string | undefined =>
  blocks[i + 1]?.language === 'text' ? blocks[i + 1]?.text.trim() : undefined;

async function printSql(env: TableEnvironment, sql: string): Promise<string> {
  let printed = '';
  const printer = new TablePrinter(async (text) => {
    printed += text;
  }, 'table', () => zoneOf(env.config.zone));
  for (const { text } of await parseScript(sql)) {
    const result = await env.executeSql(text);
    if (result.kind === 'QUERY') await printer.result(text, result);
    else await result.await();
  }
  return printed.trim();
}

const withSql = documents.filter(({ blocks }) => blocks.some((b) => b.language === 'sql'));
const typescript = documents.flatMap(({ path, blocks }) =>
  blocks.flatMap((block, i) =>
    block.language === 'ts' ? [{ path, block, expected: expectedAfter(blocks, i) }] : []));

describe.each(['native', 'fallback'] as const)('SQL snippets on the %s engine', (engine) => {
  it.each(withSql)('of $path', async ({ blocks }) => {
    const env = TableEnvironment.create({ engine });
    for (const [i, block] of blocks.entries()) {
      if (block.language !== 'sql') continue;
      const printed = await printSql(env, block.text);
      const expected = expectedAfter(blocks, i);
      if (expected !== undefined) expect(printed, `line ${block.line}`).toBe(expected);
    }
  });
});

describe('TypeScript snippets', () => {
  it.each(typescript)('of $path line $block.line', async ({ path, block, expected }) => {
    const folder = join(ROOT, '.cache', 'snippets');
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `${path.replaceAll(/\W/g, '-')}-${block.line}.ts`);
    const source = block.text.replaceAll("'millrace'", JSON.stringify(join(ROOT, 'src/index.ts')));
    writeFileSync(file, source);
    const tsx = join(ROOT, 'node_modules', '.bin', 'tsx');
    const { stdout } = await run(tsx, [file], { cwd: ROOT });
    if (expected !== undefined) expect(stdout.trim()).toBe(expected);
  });
});

describe('shell snippets', () => {
  const scripts = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };

  it('name scripts that exist', () => {
    const missing = documents.flatMap(({ path, blocks }) =>
      blocks.filter((block) => block.language === 'sh').flatMap((block) =>
        [...block.text.matchAll(/npm run ([\w:-]+)/g)]
          .filter(([, name]) => scripts.scripts[name ?? ''] === undefined)
          .map(([command]) => `${path}: ${command}`)));
    expect(missing).toEqual([]);
  });

  const commands = documents.flatMap(({ path, blocks }) =>
    blocks.filter((block) => block.language === 'sh').flatMap((block) =>
      block.text.split('\n').filter((line) => line.startsWith('npx millrace '))
        .map((line) => ({ path, line }))));

  it.each(commands)('$line', async ({ line }) => {
    const tsx = join(ROOT, 'node_modules', '.bin', 'tsx');
    const command = line.replace(/^npx millrace/, `${tsx} ${join(ROOT, 'src/cli/main.ts')}`);
    await run('bash', ['-c', command.replace(/ #.*$/, '')], { cwd: ROOT });
  });
});

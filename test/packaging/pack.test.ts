/**
 * What a user gets: the tarball installed in an empty folder, install scripts switched off, runs
 * natively where this clone has an addon, and on the TypeScript engine where it has not.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../tidy/source-files.js';

const isBuilt = existsSync(join(ROOT, 'dist', 'src', 'index.js'));
const hasAddon = existsSync(join(ROOT, 'build', 'Release', 'millrace.node'));
const folder = mkdtempSync(join(tmpdir(), 'millrace-pack-'));

function run(command: string, args: readonly string[], cwd: string): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function millrace(...args: readonly string[]): string {
  const main = join(folder, 'node_modules', 'millrace', 'dist', 'src', 'cli', 'main.js');
  return run(process.execPath, [main, ...args], folder);
}

describe.skipIf(!isBuilt)('the tarball (after npm run build)', () => {
  beforeAll(() => {
    run(process.execPath, [join(ROOT, 'scripts', 'prepack.mjs')], ROOT);
    const packed = run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder],
      ROOT);
    const [{ filename }] = JSON.parse(packed.slice(packed.indexOf('['))) as [{ filename: string }];
    writeFileSync(join(folder, 'package.json'), '{"private": true, "type": "module"}\n');
    run('npm', ['install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund',
      join(folder, filename)], folder);
  }, 300_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('says which engine it runs', () => {
    expect(millrace('doctor')).toMatch(hasAddon ? /engine\s+native/ : /engine\s+fallback/);
  });

  it('runs SQL', () => {
    writeFileSync(join(folder, 'one.sql'), 'SELECT 1 AS answer;\n');
    expect(millrace('run', 'one.sql', '--format', 'json')).toContain('"hash":"080a9ed428559ef6"');
  });

  it('is imported by name', () => {
    const program = "import { TableEnvironment } from 'millrace';" +
      "const result = await TableEnvironment.create().executeSql('SELECT 1 + 1');" +
      'for await (const row of result.collect()) process.stdout.write(String(row.values[0]));';
    writeFileSync(join(folder, 'one.mjs'), program);
    expect(run(process.execPath, ['one.mjs'], folder)).toBe('2');
  });
});

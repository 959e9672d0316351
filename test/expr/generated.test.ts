import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { FUNCTIONS, SPECIAL_FORMS } from '../../spec/functions.js';
import { DYNAMIC_SUFFIX, kernelNames } from '../../src/expr/registry.js';

test('files generated from spec/ are current', () => {
  const script = fileURLToPath(new URL('../../scripts/generate.mjs', import.meta.url));
  const run = () => execFileSync(process.execPath, [script, '--check'], { stdio: 'pipe' });
  expect(run).not.toThrow();
});

test('every function row has its TypeScript kernel, and every kernel a row', () => {
  const wanted = new Set(FUNCTIONS.flatMap((row) => [
    row.kernel, ...row.signatures.map((signature) => signature.kernel ?? row.kernel),
  ]));
  for (const form of SPECIAL_FORMS) wanted.delete(form);
  const have = new Set(kernelNames());
  expect([...wanted].filter((name) => !have.has(name))).toEqual([]);
  const extra = [...have].filter((name) => !wanted.has(name));
  const dynamic = extra.filter((name) => name.endsWith(DYNAMIC_SUFFIX));
  expect(extra).toEqual(dynamic);
  expect(dynamic.map((name) => name.slice(0, -DYNAMIC_SUFFIX.length))
    .filter((name) => !wanted.has(name))).toEqual([]);
});

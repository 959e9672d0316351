/**
 * Runs at `npm ci` in a clone: builds the TypeScript and, where a C++20 compiler is found, the
 * addon; says in one line what it did. In an installed package there is nothing to build.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const node = process.execPath;

/** The compiler CMake would take, if it knows C++20; null otherwise. */
function findCompiler() {
  const candidates = process.env.CXX ? [process.env.CXX] : ['c++', 'g++', 'clang++'];
  return (
    candidates.find((compiler) => {
      const probe = spawnSync(compiler, ['-std=c++20', '-x', 'c++', '-fsyntax-only', '-'], {
        input: '#include <span>\nstatic_assert(__cplusplus >= 202002L);\n',
      });
      return probe.status === 0;
    }) ?? null
  );
}

function run(module, args) {
  execFileSync(node, [join(root, 'node_modules', ...module), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  });
}

function buildNative() {
  if (process.env.MILLRACE_SKIP_NATIVE === '1') return 'native engine skipped as asked';
  const compiler = findCompiler();
  if (compiler === null) return 'no C++20 compiler: the TypeScript engine will run';
  if (spawnSync('cmake', ['--version']).status !== 0) {
    return 'no cmake: the TypeScript engine will run';
  }
  try {
    run(['cmake-js', 'bin', 'cmake-js'], ['compile', '--out', 'build']);
    return `native engine built with ${compiler}`;
  } catch (error) {
    const text = `${error.stdout ?? ''}${error.stderr ?? ''}`.trim().split('\n').slice(-20);
    process.stderr.write(`${text.join('\n')}\n`);
    if (process.env.MILLRACE_REQUIRE_NATIVE === '1') throw error;
    return 'native engine failed to build: the TypeScript engine will run';
  }
}

if (existsSync(join(root, 'node_modules', 'typescript'))) {
  execFileSync(node, [join(root, 'scripts', 'build.mjs')], { cwd: root, stdio: 'pipe' });
  process.stdout.write(`millrace: TypeScript compiled; ${buildNative()}\n`);
}

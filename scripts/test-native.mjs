/** Builds the native unit tests and fuzzers with sanitizers and runs them. */
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const sanitize = process.argv[2] ?? 'address,undefined';
const build = join(root, `build-${sanitize.replaceAll(/\W/g, '-')}`);

function run(command, args) {
  execFileSync(command, args, { cwd: root, stdio: 'inherit' });
}

run('cmake', [
  '-S', root, '-B', build, '-DMILLRACE_TESTS=ON', `-DMILLRACE_SANITIZE=${sanitize}`,
  '-DCMAKE_BUILD_TYPE=RelWithDebInfo',
]);
run('cmake', ['--build', build, '-j', '2']);
run(process.execPath, [
  '--import', 'tsx', join(root, 'test/native/fuzz/write-plans.ts'), join(build, 'fuzz-plans'),
]);
run(process.execPath, [
  '--import', 'tsx', join(root, 'test/native/fuzz/write-expressions.ts'),
  join(build, 'fuzz-expressions'),
]);
run('ctest', ['--test-dir', build, '--output-on-failure']);

/** Puts this platform's built addon, stripped, where the tarball and the platform package take it. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const built = join(root, 'build', 'Release', 'millrace.node');
const libc = process.report.getReport().header.glibcVersionRuntime === undefined ? 'musl' : 'gnu';
const suffix = process.platform === 'linux' ? `-${libc}` : '';
const folder = join(root, 'npm', `${process.platform}-${process.arch}${suffix}`);

if (existsSync(built) && existsSync(folder)) {
  const target = join(folder, 'millrace.node');
  copyFileSync(built, target);
  spawnSync('strip', ['--strip-unneeded', target]);
  process.stderr.write(`millrace: packed the addon of ${folder.split('/').pop()}\n`);
} else {
  process.stderr.write('millrace: no addon to pack: the tarball runs on the TypeScript engine\n');
}

/**
 * Builds dist/: type declarations by the TypeScript compiler, and the code as a few bundled files,
 * because three hundred small modules take longer to load than all their work. Apache Arrow stays
 * outside: it is loaded only by those who need it.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');

rmSync(dist, { recursive: true, force: true });
execFileSync(process.execPath, [
  join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', join(root, 'tsconfig.build.json'),
], { cwd: root, stdio: 'inherit' });
await build({
  absWorkingDir: root,
  entryPoints: { 'src/index': 'src/index.ts', 'src/cli/main': 'src/cli/main.ts' },
  outdir: dist,
  bundle: true,
  splitting: true,
  chunkNames: 'src/chunks/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  external: ['apache-arrow', 'kafkajs'],
  sourcemap: true,
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: true,
  banner: {
    js: "import { createRequire as millraceRequire } from 'node:module';" +
      'const require = millraceRequire(import.meta.url);',
  },
});
chmodSync(join(dist, 'src', 'cli', 'main.js'), 0o755);

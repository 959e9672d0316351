/**
 * The code as a few bundled files, because three hundred small modules take longer to load than
 * all their work. Apache Arrow stays outside: it is loaded only by those who need it.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Writes src/index.js, src/cli/main.js, src/fallback-worker.js and their chunks to `outdir`. */
export async function bundle(outdir) {
  await build({
    absWorkingDir: root,
    entryPoints: {
      'src/index': 'src/index.ts',
      'src/cli/main': 'src/cli/main.ts',
      'src/fallback-worker': 'src/runtime/fallback/threads/worker.ts',
    },
    outdir,
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
    // Node quotes the line of an uncaught error: it must not be the whole file.
    lineLimit: 160,
    keepNames: true,
    banner: {
      js: "import { createRequire as millraceRequire } from 'node:module';" +
        'const require = millraceRequire(import.meta.url);',
    },
  });
}

/** The worker's code as the build makes it, for tests that run from the sources. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { ROOT } from '../tidy/source-files.js';

/** Builds it and makes it the one that pipelines of this process find. */
export async function buildFallbackWorker(): Promise<void> {
  const folder = join(ROOT, '.cache', 'fallback-worker');
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `worker-${process.pid}.mjs`);
  await build({
    absWorkingDir: ROOT, entryPoints: ['src/runtime/fallback/threads/worker.ts'], outfile,
    bundle: true, format: 'esm', platform: 'node', target: 'node20.19',
    external: ['apache-arrow', 'kafkajs'], logLevel: 'error',
    banner: {
      js: "import { createRequire as millraceRequire } from 'node:module';" +
        'const require = millraceRequire(import.meta.url);',
    },
  });
  process.env['MILLRACE_FALLBACK_WORKER'] = outfile;
}

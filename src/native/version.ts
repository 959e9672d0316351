/** The version of this package, as package.json says it. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function readVersion(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (let level = 0; level < 5; level++, folder = dirname(folder)) {
    try {
      const text = readFileSync(join(folder, 'package.json'), 'utf8');
      const { name, version } = JSON.parse(text) as { name?: string; version?: string };
      if (name === 'millrace' && version !== undefined) return version;
    } catch {
      // No package.json at this level.
    }
  }
  return 'unknown';
}

export const PACKAGE_VERSION: string = readVersion();

/**
 * npm run coverage: writes docs/coverage.md. With --flink the real Flink is asked first which of
 * the features it has itself.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findFlink, Flink } from '../support/flink.js';
import { askFlink, coverageText, judgeAll } from './coverage.js';

if (process.argv.includes('--flink')) {
  const path = findFlink();
  if (path === null) throw new Error('no flink-sql here: set MILLRACE_FLINK_SQL to its path');
  const flink = Flink.start(path);
  await askFlink(flink);
  await flink.close();
}
const page = join(import.meta.dirname, '..', '..', 'docs', 'coverage.md');
writeFileSync(page, coverageText(await judgeAll()));
console.log(`wrote ${page}`);

/**
 * Encodes the plans that the fuzzers start from: `tsx write-plans.ts FOLDER`. They read nothing
 * and write nothing.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Catalog } from '../../../src/catalog/catalog.js';
import { SessionConfig } from '../../../src/plan/config.js';
import { encodePlan } from '../../../src/plan/physical/encode.js';
import { planScript } from '../../../src/plan/plan-sql.js';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new TypeError('usage: write-plans.ts FOLDER');
const tables = readFileSync(join(import.meta.dirname, 'tables.sql'), 'utf8');
const queries = readFileSync(join(import.meta.dirname, 'queries.sql'), 'utf8')
  .split('\n').filter((line) => line !== '' && !line.startsWith('--'));

mkdirSync(folder, { recursive: true });
let written = 0;
for (const query of queries) {
  const config = new SessionConfig({ 'table.local-time-zone': 'UTC' });
  for (const { plan } of planScript(new Catalog(), `${tables}\n${query}`, config)) {
    const name = `${String(written++).padStart(3, '0')}.plan`;
    writeFileSync(join(folder, name), encodePlan(plan));
  }
}
process.stdout.write(`${written} plans in ${folder}\n`);

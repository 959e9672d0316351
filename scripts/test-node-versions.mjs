/**
 * The built package on other versions of Node: brings each binary from npm, then runs a script on
 * both engines and compares the results. `npm run test:node-versions`.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const cli = join(root, 'dist', 'src', 'cli', 'main.js');
const versions = process.argv.length > 2 ? process.argv.slice(2) : ['22', '24'];
const folder = mkdtempSync(join(tmpdir(), 'millrace-node-'));
const script = join(folder, 'groups.sql');
writeFileSync(script, `
CREATE TABLE events (event_type INT, bid ROW<auction BIGINT, price BIGINT>)
  WITH ('connector' = 'nexmark', 'events.num' = '20000', 'seed' = '3');
SELECT bid.auction, COUNT(*), SUM(bid.price), AVG(bid.price) FROM events
  WHERE event_type = 2 GROUP BY bid.auction;
`);

function hashOn(node, engine) {
  const output = execFileSync(
    node, [cli, 'run', script, '--engine', engine, '--format', 'json', '--hash'],
    { encoding: 'utf8' });
  const hash = /"hash":"(\w+)"/.exec(output)?.[1];
  if (hash === undefined) throw new Error(`${node} ${engine}: ${output}`);
  return hash;
}

try {
  const expected = hashOn(process.execPath, 'native');
  for (const version of versions) {
    const home = join(folder, version);
    execFileSync('npm', ['install', '--prefix', home, '--no-save', `node@${version}`],
      { stdio: ['ignore', 'ignore', 'inherit'] });
    const node = join(home, 'node_modules', 'node', 'bin', 'node');
    const name = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
    for (const engine of ['native', 'fallback']) {
      const hash = hashOn(node, engine);
      if (hash !== expected) throw new Error(`${name} ${engine}: ${hash}, not ${expected}`);
      process.stdout.write(`${name} ${engine}: ${hash}, as on ${process.version}\n`);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

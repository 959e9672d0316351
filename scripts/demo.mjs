/**
 * `npm run demo`: examples/flights.sql over three million real flights, on the native engine and
 * then on the TypeScript one, each in a process of its own; tables, a chart, speeds, and whether
 * the results are equal.
 */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const cli = join(root, 'dist', 'src', 'cli', 'main.js');
const script = join(root, 'examples', 'flights.sql');
/** Each of the three queries reads every flight. */
const ROWS_READ = 3 * 3_000_000;
const CHART_COLUMNS = 48;

/** Runs the script; the rows and the summary of each of its queries, and the wall time. */
async function runOn(engine) {
  const started = performance.now();
  const child = spawn(process.execPath, [cli, 'run', script, '--engine', engine, '--format', 'json'],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const queries = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const record = JSON.parse(line);
    if (record.error !== undefined) throw new Error(`${engine}: ${record.error}`);
    if (record.kind === 'QUERY') queries.push({ rows: new Map(), names: [], hash: '' });
    const query = queries.at(-1);
    if (record.schema !== undefined) query.names = record.schema.map(([name]) => name);
    if (record.op !== undefined) fold(query.rows, record);
    if (record.hash !== undefined) Object.assign(query, record, { rows: query.rows });
  }
  if (child.exitCode === null) await new Promise((resolve) => child.once('exit', resolve));
  if (child.exitCode !== 0) throw new Error(`${engine}: exit code ${child.exitCode}`);
  return { engine, queries, seconds: (performance.now() - started) / 1000 };
}

/** Applies one change to a table held as text of row -> row. */
function fold(rows, { op, row }) {
  const key = JSON.stringify(row);
  if (op === '+I' || op === '+U') rows.set(key, row);
  else rows.delete(key);
}

const rowsOf = (query) => [...query.rows.values()];

function printTable(title, names, rows) {
  const cells = rows.map((row) => row.map(show));
  const widths = names.map((name, i) => Math.max(name.length, ...cells.map((row) => row[i].length)));
  const line = (row) => row.map((cell, i) => cell.padStart(widths[i])).join('  ');
  print(`\n${title}\n\n${line(names)}\n${widths.map((width) => '-'.repeat(width)).join('  ')}`);
  for (const row of cells) print(line(row));
}

function show(value) {
  if (value === null) return '';
  if (typeof value === 'number') return value.toFixed(1);
  return String(value).replace('T00:00', '').replace('T', ' ');
}

function printChart(title, rows, label, value) {
  const most = Math.max(...rows.map(value));
  print(`\n${title}\n`);
  for (const row of rows) {
    const bar = '█'.repeat(Math.max(0, Math.round((value(row) / most) * CHART_COLUMNS)));
    print(`${label(row)}  ${bar} ${value(row)}`);
  }
}

function printResults([days, hours, worst]) {
  const week = rowsOf(days).filter(([day]) => day >= '2001-02-05' && day < '2001-02-12');
  printTable('The country in one week of February 2001', days.names, week);
  printChart('Delayed departures at Chicago O\'Hare on 9 February 2001, hour by hour',
    rowsOf(hours), ([hour]) => hour.slice(11, 16), ([, , delayed]) => Number(delayed));
  const top = rowsOf(worst).filter(([day]) => day.startsWith('2001-02-09'));
  top.sort((a, b) => Number(a[1]) - Number(b[1]));
  printTable('The ten worst airports of that day', worst.names, top);
}

function print(text) {
  process.stdout.write(`${text}\n`);
}

const runs = [];
for (const engine of ['native', 'fallback']) {
  process.stderr.write(`running examples/flights.sql on the ${engine} engine ...\n`);
  try {
    runs.push(await runOn(engine));
  } catch (error) {
    if (engine !== 'native') throw error;
    process.stderr.write(`${error.message}\nthe native engine is left out: see millrace doctor\n`);
  }
}
printResults(runs[0].queries);
print('\nengine     seconds, process start to exit   million rows/s   result hashes');
for (const { engine, queries, seconds } of runs) {
  const rate = (ROWS_READ / seconds / 1e6).toFixed(1);
  const hashes = queries.map((query) => query.hash).join(' ');
  print(`${engine.padEnd(10)} ${seconds.toFixed(2).padStart(32)}   ${rate.padStart(14)}   ${hashes}`);
}
const distinct = new Set(runs.map(({ queries }) => queries.map((query) => query.hash).join(' ')));
if (runs.length === 2) print(distinct.size === 1 ? '\nThe results are equal.' : '\nTHE RESULTS DIFFER.');
process.exitCode = distinct.size === 1 ? 0 : 3;

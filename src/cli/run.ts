/** `millrace run`: each statement of each file in turn, its outcome printed as it comes. */
import { TableEnvironment } from '../api/table-environment.js';
import { scriptPieces, type ScriptPiece } from '../sql/index.js';
import { zoneOf } from '../types/zone.js';
import { EXIT_CODE, exitCodeOf } from './exit-code.js';
import { grouped, LiveLine } from './live-line.js';
import { JsonPrinter } from './print/json.js';
import type { Printer } from './print/printer.js';
import { endOnClosedPipe, writeStdout } from './print/stdout.js';
import { TablePrinter } from './print/table.js';
import { readScript, statementsOf, told } from './script.js';

export interface RunOptions {
  readonly engine: 'auto' | 'native' | 'fallback';
  readonly set?: Readonly<Record<string, string>>;
  readonly parallelism?: string;
  readonly format: 'table' | 'changelog' | 'json';
  readonly hash?: boolean;
}

export async function runFiles(files: readonly string[], options: RunOptions): Promise<number> {
  endOnClosedPipe();
  const abort = new AbortController();
  process.once('SIGINT', () => abort.abort());
  let worst: number = EXIT_CODE.ok;
  for (const file of files) {
    if (abort.signal.aborted) break;
    if (files.length > 1 && options.format === 'json') {
      await writeStdout(`${JSON.stringify({ file })}\n`);
    }
    const code = await told(() => runFile(file, options, abort.signal));
    worst = Math.max(worst, code);
    if (code !== EXIT_CODE.ok && options.format !== 'json') break;
  }
  return worst;
}

async function runFile(file: string, options: RunOptions, signal: AbortSignal): Promise<number> {
  const env = TableEnvironment.create({ engine: options.engine, config: configOf(options) });
  const printer = printerOf(options, env);
  const script = readScript(file);
  let worst: number = EXIT_CODE.ok;
  for (const piece of piecesOf(script, file, options)) {
    const place = { file, script, statement: piece.position };
    try {
      if ('error' in piece) throw piece.error;
      await runStatement(env, piece.text, printer, { signal, live: isLive(options) });
    } catch (error) {
      if (signal.aborted) return cancelled();
      worst = Math.max(worst, exitCodeOf(error));
      if (!printer.failure({ statement: piece.text, error, place })) return worst;
    }
  }
  return worst;
}

/**
 * Lines for programs answer statement by statement. A person is told of a fault of grammar before
 * anything runs.
 */
function piecesOf(script: string, file: string, options: RunOptions): Iterable<ScriptPiece> {
  return options.format === 'json' ? scriptPieces(script) : statementsOf(script, file);
}

function cancelled(): number {
  process.stderr.write('cancelled\n');
  return EXIT_CODE.user;
}

/** Where changes scroll over the same terminal, the live line would stand among them. */
function isLive({ format }: RunOptions): boolean {
  return process.stderr.isTTY === true && (format === 'table' || process.stdout.isTTY !== true);
}

async function runStatement(
  env: TableEnvironment, text: string, printer: Printer,
  { signal, live: isVisible }: { readonly signal: AbortSignal; readonly live: boolean },
): Promise<void> {
  const result = await env.executeSql(text, { signal });
  if (result.warning !== null) process.stderr.write(`warning: ${result.warning}\n`);
  const live = result.job === null ? null : new LiveLine(result.job, isVisible);
  try {
    await printer.result(text, result, signal);
  } finally {
    live?.stop();
  }
  tellSkipped(result.job?.progress().badRecords ?? 0);
}

/** Records that a format was allowed to skip are counted where nobody would look for them. */
function tellSkipped(badRecords: number): void {
  if (badRecords === 0) return;
  const were = badRecords === 1 ? 'record was' : 'records were';
  process.stderr.write(`${grouped(badRecords)} malformed ${were} skipped\n`);
}

function printerOf(options: RunOptions, env: TableEnvironment): Printer {
  if (options.format === 'json') return new JsonPrinter(writeStdout, options.hash === true);
  return new TablePrinter(writeStdout, options.format, () => zoneOf(env.config.zone));
}

function configOf(options: RunOptions): Record<string, string> {
  const parallelism: Record<string, string> = options.parallelism === undefined
    ? {}
    : { 'parallelism.default': options.parallelism };
  return { ...options.set, ...parallelism };
}

/** `millrace run`: each statement of each file in turn, its outcome printed as it comes. */
import { readFileSync } from 'node:fs';
import { TableEnvironment } from '../api/table-environment.js';
import { parseScript } from '../sql/index.js';
import { EXIT_CODE, exitCodeOf, errorText } from './exit-code.js';
import { LiveLine } from './live-line.js';
import { JsonPrinter } from './print/json.js';
import { writeStdout, type Printer } from './print/printer.js';
import { TablePrinter } from './print/table.js';

export interface RunOptions {
  readonly engine: 'auto' | 'native' | 'fallback';
  readonly set: Readonly<Record<string, string>>;
  readonly parallelism?: string;
  readonly format: 'table' | 'changelog' | 'json';
  readonly hash?: boolean;
}

/** A reader that went away (`| head`) ends the run quietly. */
function endOnClosedPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? EXIT_CODE.ok : EXIT_CODE.data);
  });
}

export async function runFiles(files: readonly string[], options: RunOptions): Promise<number> {
  endOnClosedPipe();
  const abort = new AbortController();
  process.once('SIGINT', () => abort.abort());
  let worst: number = EXIT_CODE.ok;
  for (const file of files) {
    if (files.length > 1 && options.format === 'json') {
      await writeStdout(`${JSON.stringify({ file })}\n`);
    }
    const code = await runFile(file, options, abort.signal);
    worst = Math.max(worst, code);
    if (code !== EXIT_CODE.ok && options.format !== 'json') break;
  }
  return worst;
}

async function runFile(file: string, options: RunOptions, signal: AbortSignal): Promise<number> {
  const printer = printerOf(options);
  const env = TableEnvironment.create({ engine: options.engine, config: configOf(options) });
  let worst: number = EXIT_CODE.ok;
  for (const { text } of statementsOf(file)) {
    try {
      await runStatement(env, text, printer, signal);
    } catch (error) {
      if (signal.aborted) return EXIT_CODE.user;
      worst = Math.max(worst, exitCodeOf(error));
      if (!printer.failure(text, error)) return worst;
    }
  }
  return worst;
}

async function runStatement(
  env: TableEnvironment, text: string, printer: Printer, signal: AbortSignal,
): Promise<void> {
  const result = await env.executeSql(text, { signal });
  const live = result.job === null ? null : new LiveLine(result.job);
  try {
    await printer.result(text, result);
  } finally {
    live?.stop();
  }
}

function printerOf(options: RunOptions): Printer {
  if (options.format === 'json') return new JsonPrinter(writeStdout, options.hash === true);
  return new TablePrinter(writeStdout, options.format);
}

function configOf(options: RunOptions): Record<string, string> {
  const parallelism: Record<string, string> = options.parallelism === undefined
    ? {}
    : { 'parallelism.default': options.parallelism };
  return { ...options.set, ...parallelism };
}

/** The file's statements; a file that cannot be read or split is told and ends the command. */
export function statementsOf(file: string): readonly { readonly text: string }[] {
  try {
    return parseScript(readFileSync(file === '-' ? 0 : file, 'utf8'));
  } catch (error) {
    process.stderr.write(`${file}: ${errorText(error)}\n`);
    const notFound = error instanceof Error && 'syscall' in error;
    process.exit(notFound ? EXIT_CODE.user : exitCodeOf(error));
  }
}

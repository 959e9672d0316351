/** Runs the command `millrace` of the sources in a process of its own. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { bundle } from '../../scripts/bundle.mjs';
import { ROOT } from '../tidy/source-files.js';

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly input?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Sends Ctrl-C as soon as this stands in stdout. */
  readonly interruptAfter?: string;
}

export const BUNDLE = join(ROOT, '.cache', 'cli');

/** Bundles the sources as they are; before the first `millrace`. */
export const bundleCommand = (): Promise<void> => bundle(BUNDLE);

/** The exit code and all that was written. */
export async function millrace(
  args: readonly string[], options: CommandOptions = {},
): Promise<Outcome> {
  const child = spawn(process.execPath, [join(BUNDLE, 'src', 'cli', 'main.js'), ...args],
    { cwd: options.cwd ?? ROOT, env: { ...process.env, ...options.env } });
  let stdout = '';
  let stderr = '';
  let isInterrupted = false;
  child.stdout.on('data', (bytes: Buffer) => {
    stdout += bytes.toString();
    if (isInterrupted || options.interruptAfter === undefined) return;
    if (stdout.includes(options.interruptAfter)) isInterrupted = child.kill('SIGINT');
  });
  child.stderr.on('data', (bytes: Buffer) => {
    stderr += bytes.toString();
  });
  child.stdin.end(options.input ?? '');
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, stdout, stderr };
}

/** `millrace nexmark generate`. */
import { writeNexmarkFile } from '../api/nexmark-file.js';
import { EXIT_CODE, errorText, exitCodeOf } from './exit-code.js';
import { grouped } from './live-line.js';

interface GenerateOptions {
  readonly events: string;
  readonly seed: string;
  readonly format: 'json' | 'csv';
  readonly output: string;
}

function count(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  process.stderr.write(`--${name} takes a whole number, not ${text}\n`);
  return process.exit(EXIT_CODE.user);
}

export async function generate(options: GenerateOptions): Promise<number> {
  const events = count('events', options.events);
  const seed = count('seed', options.seed);
  try {
    await writeNexmarkFile({ events, seed, format: options.format, path: options.output });
    process.stderr.write(`${grouped(events)} events written to ${options.output}\n`);
    return EXIT_CODE.ok;
  } catch (error) {
    process.stderr.write(`${errorText(error)}\n`);
    return exitCodeOf(error);
  }
}

/** `millrace nexmark generate`. */
import { generateNexmark } from '../connectors/nexmark/generate.js';
import { nativeStatus } from '../native/load.js';
import { nativeNexmarkLines } from '../native/nexmark-lines.js';
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
    const { binding } = nativeStatus();
    const lines = binding === null ? undefined : nativeNexmarkLines(binding);
    await generateNexmark({ events, seed, format: options.format, path: options.output }, lines);
    process.stderr.write(`${grouped(events)} events written to ${options.output}\n`);
    return EXIT_CODE.ok;
  } catch (error) {
    process.stderr.write(`${errorText(error)}\n`);
    return exitCodeOf(error);
  }
}

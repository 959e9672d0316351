/** `millrace nexmark generate`. */
import { writeNexmarkFile } from '../api/nexmark-file.js';
import { EXIT_CODE } from './exit-code.js';
import { grouped } from './live-line.js';
import { endOnClosedPipe, writeStdout } from './print/stdout.js';
import { told } from './script.js';

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
  endOnClosedPipe();
  const events = count('events', options.events);
  const seed = count('seed', options.seed);
  const { format, output } = options;
  return told(async () => {
    await writeNexmarkFile({ events, seed, format, path: output === '-' ? toStdout : output });
    const where = output === '-' ? 'standard output' : output;
    process.stderr.write(`${grouped(events)} events written to ${where}\n`);
    return EXIT_CODE.ok;
  });
}

async function toStdout(lines: Uint8Array): Promise<void> {
  await writeStdout(Buffer.from(lines.buffer, lines.byteOffset, lines.length).toString());
}

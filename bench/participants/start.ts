/** Starts the participants asked for by name. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChildParticipant } from './child.js';
import { FlinkParticipant } from './flink.js';
import type { Participant } from './participant.js';

const FOLDER = import.meta.dirname;

function ownVersion(): string {
  const text = readFileSync(join(FOLDER, '..', '..', 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function start(name: string): Participant | null {
  switch (name) {
    case 'native':
    case 'fallback':
      return new ChildParticipant(name, ownVersion(), join(FOLDER, 'millrace-child.ts'));
    case 'node':
      return new ChildParticipant(name, process.version, join(FOLDER, 'node-child.ts'));
    case 'flink':
      return FlinkParticipant.start();
    default:
      throw new Error(`unknown engine: ${name}; there are native, fallback, flink, node`);
  }
}

/** Left out, aloud: who is not found or cannot read the input. */
export async function startParticipants(
  names: readonly string[], { kind, writer }: Readonly<Record<string, string | number>>,
): Promise<Participant[]> {
  const found: Participant[] = [];
  for (const name of names) {
    const canRead: Readonly<Record<string, boolean>> = {
      node: kind === 'json', flink: kind === 'json' || writer === 'flink',
    };
    const one = canRead[name] === false ? null : start(name);
    if (one !== null) found.push(one);
    else process.stderr.write(`${name} does not take part: not found, or not for this input\n`);
  }
  return found;
}

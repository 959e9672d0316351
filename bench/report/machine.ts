/** What a figure was measured on. */
import { cpus, totalmem } from 'node:os';
import type { Participant } from '../participants/participant.js';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly platform: string;
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform}-${process.arch}`,
  };
}

export function describeVersions(participants: readonly Participant[]): Record<string, string> {
  const versions = participants.map((one) => [one.name, one.version] as const);
  return { node: process.version, ...Object.fromEntries(versions) };
}

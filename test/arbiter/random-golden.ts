/** Random expressions with Flink's answers: one file a zone in test/arbiter/random-expressions. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer, Question } from '../support/expressions/answers.js';

export const RANDOM_GOLDENS = join(import.meta.dirname, 'random-expressions');

export interface RandomGolden extends Question {
  readonly answer: Answer;
}

export interface GoldenFile {
  readonly zone: string;
  readonly goldens: readonly RandomGolden[];
}

export function writeGoldens(zone: string, goldens: readonly RandomGolden[]): void {
  mkdirSync(RANDOM_GOLDENS, { recursive: true });
  const lines = [{ zone }, ...goldens].map((one) => `${JSON.stringify(one)}\n`);
  const name = zone.toLowerCase().replace('/', '-');
  writeFileSync(join(RANDOM_GOLDENS, `${name}.jsonl`), lines.join(''));
}

export function readGoldens(file: string): GoldenFile {
  const [head, ...goldens] = readFileSync(join(RANDOM_GOLDENS, file), 'utf8').split('\n')
    .filter((line) => line !== '').map((line) => JSON.parse(line) as unknown);
  return { zone: (head as { zone: string }).zone, goldens: goldens as RandomGolden[] };
}

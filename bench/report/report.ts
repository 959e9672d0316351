/** The report of a bench, as data and as a table for people. */
import type { QueryReport } from '../run-query.js';
import type { Machine } from './machine.js';

export interface Report {
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly input: Readonly<Record<string, string | number>>;
  readonly events: number;
  readonly queries: Readonly<Record<string, QueryReport>>;
}

export function geometricMean(values: readonly number[]): number {
  if (values.length === 0) return NaN;
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/** Ratios of CPU time: how many times less of it the first engine takes. */
export function ratio(report: QueryReport, fast: string, slow: string): number | null {
  const a = report[fast];
  const b = report[slow];
  return a === undefined || b === undefined || a.cpuMs === 0 ? null : b.cpuMs / a.cpuMs;
}

const PAIRS: readonly (readonly [string, string])[] = [
  ['native', 'flink'],
  ['native', 'fallback'],
  ['native', 'node'],
  ['fallback', 'flink'],
];

export function printReport(
  report: Report, mean: (values: readonly number[]) => number,
): string {
  const lines = [
    `${report.machine.cpu}, ${report.machine.cores} cores; ${JSON.stringify(report.versions)}`,
    `${report.events} events, ${JSON.stringify(report.input)}`,
    '',
    'query            engine     M events/s per CPU second     ms   cpu ms   rss MB' +
      '      rows  hash',
  ];
  for (const [name, engines] of Object.entries(report.queries)) {
    for (const [engine, figures] of Object.entries(engines)) {
      const rate = report.events / figures.cpuMs / 1000;
      lines.push(
        `${name.padEnd(16)} ${engine.padEnd(10)} ${rate.toFixed(3).padStart(25)} ` +
        `${figures.ms.toFixed(0).padStart(6)} ${figures.cpuMs.toFixed(0).padStart(8)} ` +
        `${String(figures.rssMb).padStart(8)} ${String(figures.rows).padStart(9)}  ${figures.hash}`,
      );
    }
  }
  for (const [fast, slow] of PAIRS) {
    const ratios = Object.entries(report.queries).flatMap(([name, engines]) => {
      const value = ratio(engines, fast, slow);
      return value === null ? [] : [{ name, value }];
    });
    if (ratios.length === 0) continue;
    const each = ratios.map(({ name, value }) => `${name} ${value.toFixed(2)}`).join('  ');
    const overall = mean(ratios.map(({ value }) => value)).toFixed(2);
    lines.push(`${fast} : ${slow}  ${each}  geometric mean ${overall}`);
  }
  return `${lines.join('\n')}\n`;
}

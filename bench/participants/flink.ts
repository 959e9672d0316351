/** The real Flink: one process, its second run of a statement, CPU of the whole process. */
import { Flink, findFlink, type FlinkLine } from '../../test/support/flink.js';
import {
  timedStatements, type BenchQuery, type Measurement, type Outcome, type Participant,
} from './participant.js';

/** With object reuse and heap state, which flink-sql sets; one core's worth of parallelism. */
const SETTINGS = ["SET 'pipeline.auto-watermark-interval' = '0'"];

function failIfFailed(lines: readonly FlinkLine[]): void {
  const failed = lines.find((line) => 'error' in line);
  if (failed !== undefined) throw new Error(`flink: ${String(failed['error'])}`);
}

export class FlinkParticipant implements Participant {
  readonly name = 'flink';
  readonly version = '2.3.0';

  private constructor(private readonly flink: Flink) {}

  /** Null where flink-sql is not found. */
  static start(): FlinkParticipant | null {
    const path = findFlink();
    return path === null ? null : new FlinkParticipant(Flink.start(path, ['--hash']));
  }

  async verify(query: BenchQuery): Promise<Outcome> {
    const lines = await this.run([...query.setup, query.flinkSql ?? query.checkSql ?? query.sql]);
    const result = lines.find((line) => 'hash' in line);
    if (result === undefined) throw new Error('flink: no result');
    return {
      changes: Number(result['changes']),
      rows: Number(result['rows']),
      hash: String(result['hash']),
    };
  }

  async time(query: BenchQuery): Promise<Measurement> {
    const lines = await this.run(timedStatements(query, query.flinkSql));
    const insert = lines.find((line) => line['kind'] === 'INSERT');
    return {
      ms: Number(insert?.['ms']),
      cpuMs: Number(insert?.['cpuMs']),
      rssMb: Math.round(this.flink.peakMemoryMb()),
    };
  }

  async close(): Promise<void> {
    await this.flink.close();
  }

  private async run(statements: readonly string[]): Promise<FlinkLine[]> {
    const lines = await this.flink.ask({ script: `${[...SETTINGS, ...statements].join(';\n')};` });
    failIfFailed(lines);
    return lines;
  }
}

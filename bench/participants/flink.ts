/** The real Flink: one process, its second run of a statement, CPU of the whole process. */
import { Flink, type FlinkLine } from '../../test/support/flink.js';
import { flinkRunner } from './flink-build.js';
import {
  timedStatements, type BenchQuery, type Measurement, type Outcome, type Participant,
} from './participant.js';

/** A watermark after each row that raises it: late rows are the same in every run. */
const SETTINGS = ["SET 'pipeline.auto-watermark-interval' = '0'"];

/** A session of bench/flink/FlinkRunner.java: object reuse, heap state, parallelism 1. */
export class FlinkSession {
  private constructor(private readonly flink: Flink) {}

  /** Null, with the reason on stderr, where Java or Maven is missing. */
  static start(): FlinkSession | null {
    const command = flinkRunner();
    return command === null ? null
      : new FlinkSession(Flink.startCommand(command.program, [...command.arguments, '--serve']));
  }

  /** The answer's lines; throws what Flink fails with. */
  async run(
    statements: readonly string[],
    asked: { readonly heap?: true; readonly rows?: true } = {},
  ): Promise<readonly FlinkLine[]> {
    const script = `${[...SETTINGS, ...statements].join(';\n')};`;
    const lines = await this.flink.ask({ script, ...asked });
    const failed = lines.find((line) => 'error' in line);
    if (failed !== undefined) throw new Error(`flink: ${String(failed['error'])}`);
    return lines;
  }

  peakMemoryMb(): number {
    return Math.round(this.flink.peakMemoryMb());
  }

  close(): Promise<void> {
    return this.flink.close();
  }
}

export class FlinkParticipant implements Participant {
  readonly name = 'flink';
  readonly version = '2.3.0';

  private constructor(private readonly session: FlinkSession) {}

  static start(): FlinkParticipant | null {
    const session = FlinkSession.start();
    return session === null ? null : new FlinkParticipant(session);
  }

  async verify(query: BenchQuery): Promise<Outcome> {
    const text = query.flinkSql ?? query.checkSql ?? query.sql;
    const lines = await this.session.run([...query.setup, text]);
    const result = lines.find((line) => 'hash' in line);
    if (result === undefined) throw new Error('flink: no result');
    return {
      changes: Number(result['changes']),
      rows: Number(result['rows']),
      hash: String(result['hash']),
    };
  }

  async time(query: BenchQuery): Promise<Measurement> {
    const lines = await this.session.run(timedStatements(query, query.flinkSql));
    const insert = lines.find((line) => line['kind'] === 'INSERT');
    return {
      ms: Number(insert?.['ms']),
      cpuMs: Number(insert?.['cpuMs']),
      rssMb: this.session.peakMemoryMb(),
    };
  }

  /** The most that lived on the heap while the query ran, above the least; not timed. */
  async heapBytes(query: BenchQuery): Promise<number> {
    const lines = await this.session.run(timedStatements(query, query.flinkSql), { heap: true });
    return Number(lines.find((line) => line['kind'] === 'INSERT')?.['heapBytes']);
  }

  close(): Promise<void> {
    return this.session.close();
  }
}

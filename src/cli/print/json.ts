/**
 * One JSON object a line, the lines that the comparison runner for Flink prints for a script:
 * `{"statement", "kind"}`, `{"schema"}`, `{"op", "row"}` for each change, and the closing
 * `{"changes", "rows", "hash", "ms", "cpuMs"}`.
 */
import { ROW_KIND_TEXT, type Batch } from '../../batch/batch.js';
import { jsonRow } from '../../batch/format.js';
import type { TableResult } from '../../api/table-result.js';
import { ResultHash } from '../../api/result-hash.js';
import { errorText } from '../error-text.js';
import type { Failure, Printer, Write } from './printer.js';

export class JsonPrinter implements Printer {
  private started = performance.now();
  private cpu = process.cpuUsage();

  /** `hashOnly` leaves the rows out. */
  constructor(private readonly write: Write, private readonly hashOnly = false) {}

  async result(statement: string, result: TableResult): Promise<void> {
    if (result.kind === 'QUERY') await this.query(statement, result);
    else if (result.kind === 'SET') await this.line({ statement, kind: 'SET' });
    else {
      await result.await();
      await this.line({ statement, kind: result.kind, ...this.elapsed() });
    }
    this.restart();
  }

  failure({ statement, error }: Failure): boolean {
    void this.line({
      statement, error: errorText(error), class: (error as Error).name, causes: [],
    });
    this.restart();
    return true;
  }

  private async query(statement: string, result: TableResult): Promise<void> {
    await this.line({ statement, kind: 'QUERY' });
    await this.line({ schema: result.columns.map(({ name, type }) => [name, type]) });
    const hash = new ResultHash();
    for await (const batch of result.changes()) {
      hash.add(batch);
      if (!this.hashOnly) await this.write(changeLines(batch));
    }
    await this.line({ ...hash.finish(), ...this.elapsed() });
  }

  private elapsed(): { ms: number; cpuMs: number } {
    const cpu = process.cpuUsage(this.cpu);
    return {
      ms: Math.round(performance.now() - this.started),
      cpuMs: Math.round((cpu.user + cpu.system) / 1000),
    };
  }

  private restart(): void {
    this.started = performance.now();
    this.cpu = process.cpuUsage();
  }

  private async line(content: object): Promise<void> {
    await this.write(`${JSON.stringify(content)}\n`);
  }
}

function changeLines(batch: Batch): string {
  let text = '';
  for (let i = 0; i < batch.activeCount; i++) {
    const row = batch.selection === null ? i : batch.selection[i]!;
    const kind = ROW_KIND_TEXT[(batch.rowKinds?.[row] ?? 0) as 0];
    text += `{"op":"${kind}","row":${jsonRow(batch, row)}}\n`;
  }
  return text;
}

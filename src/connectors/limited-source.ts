/**
 * A source of which only so many rows are asked for. It counts anew when it is restored: who asks
 * for the limit holds it, this only spares the reading.
 */
import type { Batch } from '../batch/batch.js';
import type { StateTable } from '../operators/operator.js';
import type { Source, SourceStats } from './source.js';

export class LimitedSource implements Source {
  readonly stateTables: readonly StateTable[];

  constructor(private readonly source: Source, private rowsLeft: number) {
    this.stateTables = source.stateTables;
  }

  poll(): Batch | 'idle' | 'end' {
    if (this.rowsLeft <= 0) return 'end';
    const batch = this.source.poll();
    if (typeof batch !== 'string') this.rowsLeft -= batch.activeCount;
    return batch;
  }

  snapshot(table: StateTable): Batch {
    return this.source.snapshot(table);
  }

  restore(table: StateTable, content: Batch): void {
    this.source.restore(table, content);
  }

  stats(): SourceStats {
    return this.source.stats();
  }

  close(): void {
    this.source.close();
  }
}

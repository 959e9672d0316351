/**
 * `table`: the folded result at the end, as one table. `changelog`: every change as it comes,
 * with its kind in front. A query that is cancelled shows what it has found so far.
 */
import { ROW_KIND_TEXT, type Batch } from '../../batch/batch.js';
import { valueAt } from '../../batch/values.js';
import type { TableResult } from '../../api/table-result.js';
import { errorText } from '../error-text.js';
import { cellText, type ZoneOf } from './cell.js';
import { ChangelogTable } from './changelog-table.js';
import { FoldedTable, type Cells } from './folded-table.js';
import type { Failure, Printer, Write } from './printer.js';
import { borderLine, rowLine, sizeColumns } from './text-table.js';

export class TablePrinter implements Printer {
  constructor(
    private readonly write: Write, private readonly mode: 'table' | 'changelog',
    private readonly zone: ZoneOf,
  ) {}

  async result(_statement: string, result: TableResult, signal?: AbortSignal): Promise<void> {
    if (result.kind !== 'QUERY') {
      await result.await();
      await this.write('[INFO] Execute statement succeeded.\n');
      return;
    }
    if (result.style === 'text') {
      for await (const { values } of result.collect()) await this.write(`${values.join('\n')}\n`);
      return;
    }
    const names = result.columns.map((column) => column.name);
    if (this.mode === 'changelog') await this.changelog(result, ['op', ...names], signal);
    else await this.folded(result, names, signal);
  }

  failure({ error, place }: Failure): boolean {
    process.stderr.write(`${errorText(error, place)}\n`);
    return false;
  }

  private async folded(result: TableResult, names: Cells, signal?: AbortSignal): Promise<void> {
    const table = new FoldedTable((batch, row) => this.cellsOf(batch, row));
    try {
      for await (const batch of result.changes()) table.add(batch);
    } catch (error) {
      if (signal?.aborted === true) await this.foldedRows(names, [...table.rows()]);
      throw error;
    }
    await this.foldedRows(names, [...table.rows()]);
  }

  private async foldedRows(names: Cells, rows: readonly Cells[]): Promise<void> {
    if (rows.length === 0) {
      await this.write('Empty set\n');
      return;
    }
    const columns = sizeColumns(names, rows);
    const lines = [borderLine(columns), rowLine(columns, names), borderLine(columns)];
    for (const row of rows) lines.push(rowLine(columns, row));
    lines.push(borderLine(columns), rowCount(rows.length));
    await this.write(`${lines.join('\n')}\n`);
  }

  private async changelog(result: TableResult, names: Cells, signal?: AbortSignal): Promise<void> {
    const table = new ChangelogTable(names, this.write);
    try {
      for await (const batch of result.changes()) await table.add([...this.changeCells(batch)]);
    } catch (error) {
      await table.end();
      const received = `received a total of ${rowCount(table.rowCount)}`;
      if (signal?.aborted === true) await this.write(`Query terminated, ${received}\n`);
      throw error;
    }
    await table.end();
    await this.write(table.rowCount === 0
      ? 'Empty set\n' : `Received a total of ${rowCount(table.rowCount)}\n`);
  }

  private *changeCells(batch: Batch): Generator<Cells> {
    for (let i = 0; i < batch.activeCount; i++) {
      const row = batch.selection === null ? i : batch.selection[i]!;
      const kind = ROW_KIND_TEXT[(batch.rowKinds?.[row] ?? 0) as 0];
      yield [kind, ...this.cellsOf(batch, row)];
    }
  }

  private cellsOf(batch: Batch, row: number): Cells {
    return batch.columns.map((column) => cellText(valueAt(column, row), column.type, this.zone));
  }
}

const rowCount = (count: number): string => `${count} row${count === 1 ? '' : 's'}`;

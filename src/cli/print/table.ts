/**
 * `table`: the folded result at the end, as one table. `changelog`: every change as it comes,
 * with its kind in front.
 */
import { ROW_KIND, ROW_KIND_TEXT, type Batch } from '../../batch/batch.js';
import { canonicalRow, javaText } from '../../batch/format.js';
import { valueAt } from '../../batch/values.js';
import type { TableResult } from '../../api/table-result.js';
import { errorText } from '../exit-code.js';
import type { Printer, Write } from './printer.js';
import { borderLine, rowLine, sizeColumns } from './text-table.js';

/** Rows whose widths set the columns of a changelog, which is printed while it runs. */
const SAMPLE_ROWS = 1000;

type Cells = readonly string[];

export class TablePrinter implements Printer {
  constructor(private readonly write: Write, private readonly mode: 'table' | 'changelog') {}

  async result(_statement: string, result: TableResult): Promise<void> {
    if (result.kind !== 'QUERY') {
      await result.await();
      await this.write('[INFO] Execute statement succeeded.\n');
      return;
    }
    const names = result.columns.map((column) => column.name);
    if (this.mode === 'changelog') await this.changelog(result, ['op', ...names]);
    else await this.folded(result, names);
  }

  failure(_statement: string, error: unknown): boolean {
    process.stderr.write(`${errorText(error)}\n`);
    return false;
  }

  private async folded(result: TableResult, names: Cells): Promise<void> {
    const table = new FoldedTable();
    for await (const batch of result.changes()) table.add(batch);
    const rows = [...table.rows()];
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

  private async changelog(result: TableResult, names: Cells): Promise<void> {
    let held: Cells[] | null = [];
    let columns = sizeColumns(names, []);
    let changes = 0;
    const begin = async (): Promise<void> => {
      columns = sizeColumns(names, held ?? []);
      const lines = [borderLine(columns), rowLine(columns, names), borderLine(columns)];
      for (const row of held ?? []) lines.push(rowLine(columns, row));
      held = null;
      await this.write(`${lines.join('\n')}\n`);
    };
    for await (const batch of result.changes()) {
      const rows = [...changeCells(batch)];
      changes += rows.length;
      if (held !== null) {
        held.push(...rows);
        if (held.length >= SAMPLE_ROWS) await begin();
      } else await this.write(rows.map((row) => `${rowLine(columns, row)}\n`).join(''));
    }
    if (changes === 0) {
      await this.write('Empty set\n');
      return;
    }
    if (held !== null) await begin();
    await this.write(`${borderLine(columns)}\nReceived a total of ${rowCount(changes)}\n`);
  }
}

const rowCount = (count: number): string => `${count} row${count === 1 ? '' : 's'}`;

function cellsOf(batch: Batch, row: number): string[] {
  return batch.columns.map((column) => {
    const value = valueAt(column, row);
    return value === null ? '<NULL>' : javaText(value, column.type);
  });
}

function* changeCells(batch: Batch): Generator<Cells> {
  for (let i = 0; i < batch.activeCount; i++) {
    const row = batch.selection === null ? i : batch.selection[i]!;
    const kind = ROW_KIND_TEXT[(batch.rowKinds?.[row] ?? 0) as 0];
    yield [kind, ...cellsOf(batch, row)];
  }
}

/** The rows left when every change is applied, in the order of their arrival. */
class FoldedTable {
  readonly #rows = new Map<string, { cells: Cells; count: number }>();

  add(batch: Batch): void {
    for (let i = 0; i < batch.activeCount; i++) {
      const row = batch.selection === null ? i : batch.selection[i]!;
      const kind = batch.rowKinds?.[row] ?? ROW_KIND.INSERT;
      const added = kind === ROW_KIND.INSERT || kind === ROW_KIND.UPDATE_AFTER;
      this.#change(canonicalRow(batch, row), () => cellsOf(batch, row), added ? 1 : -1);
    }
  }

  *rows(): Generator<Cells> {
    for (const { cells, count } of this.#rows.values()) {
      for (let i = 0; i < count; i++) yield cells;
    }
  }

  #change(key: string, cells: () => Cells, by: number): void {
    const entry = this.#rows.get(key);
    if (entry === undefined) this.#rows.set(key, { cells: cells(), count: by });
    else if (entry.count + by === 0) this.#rows.delete(key);
    else entry.count += by;
  }
}

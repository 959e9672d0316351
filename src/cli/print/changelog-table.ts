/**
 * A table that is printed while its rows come. The first rows set the widths of the columns, so
 * they are held until there are enough of them, or for a moment: a slow stream is seen at once.
 */
import type { Write } from './printer.js';
import type { Cells } from './folded-table.js';
import { borderLine, rowLine, sizeColumns, type TextColumn } from './text-table.js';

/** Most rows that are held. */
const SAMPLE_ROWS = 1000;

/** Longest time the first row is held. */
const SAMPLE_MS = 250;

export class ChangelogTable {
  #held: Cells[] | null = [];
  #columns: readonly TextColumn[] = [];
  #timer: NodeJS.Timeout | null = null;
  rowCount = 0;

  constructor(private readonly names: Cells, private readonly write: Write) {}

  async add(rows: readonly Cells[]): Promise<void> {
    this.rowCount += rows.length;
    if (this.#held === null) {
      await this.write(rows.map((row) => `${rowLine(this.#columns, row)}\n`).join(''));
      return;
    }
    for (const row of rows) this.#held.push(row);
    if (this.#held.length >= SAMPLE_ROWS) await this.#begin();
    else if (this.#held.length > 0) this.#timer ??= setTimeout(() => void this.#begin(), SAMPLE_MS);
  }

  /** Writes what is still held, and the lower border. Without any row nothing is written. */
  async end(): Promise<void> {
    if (this.rowCount > 0) {
      await this.#begin();
      await this.write(`${borderLine(this.#columns)}\n`);
    }
  }

  async #begin(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const held = this.#held;
    if (held === null) return;
    this.#held = null;
    this.#columns = sizeColumns(this.names, held);
    const border = borderLine(this.#columns);
    const lines = [border, rowLine(this.#columns, this.names), border];
    for (const row of held) lines.push(rowLine(this.#columns, row));
    await this.write(`${lines.join('\n')}\n`);
  }
}

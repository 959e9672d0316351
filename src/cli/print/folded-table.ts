/** The rows left when every change is applied, in the order of their arrival. */
import { ROW_KIND, type Batch } from '../../batch/batch.js';
import { canonicalRow } from '../../batch/format.js';

export type Cells = readonly string[];

/** Reads the cells of a row of a batch. */
export type CellsOf = (batch: Batch, row: number) => Cells;

export class FoldedTable {
  readonly #rows = new Map<string, { cells: Cells; count: number }>();

  constructor(private readonly cellsOf: CellsOf) {}

  add(batch: Batch): void {
    for (let i = 0; i < batch.activeCount; i++) {
      const row = batch.selection === null ? i : batch.selection[i]!;
      const kind = batch.rowKinds?.[row] ?? ROW_KIND.INSERT;
      const added = kind === ROW_KIND.INSERT || kind === ROW_KIND.UPDATE_AFTER;
      this.#change(canonicalRow(batch, row), () => this.cellsOf(batch, row), added ? 1 : -1);
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

/** What is compared of a result: how many changes, in which order, and the table they fold to. */
import { createHash } from 'node:crypto';
import { ROW_KIND, ROW_KIND_TEXT, type Batch } from '../../src/batch/batch.js';
import { canonicalRow } from '../../src/batch/format.js';

export interface Digest {
  readonly changes: number;
  /** Rows of the folded table. */
  readonly rows: number;
  /** Of the folded table, whatever the order of the changes; 16 hex digits. */
  readonly table: string;
  /** Of the changes with their kinds, in their order. */
  readonly order: string;
}

export class ChangeDigest {
  #changes = 0;
  #rows = 0;
  #table = 0n;
  readonly #order = createHash('sha256');
  /** The table's hash after each change, where asked for. */
  readonly #prefixes: bigint[] | null;

  constructor(options: { readonly keepsPrefixes?: boolean } = {}) {
    this.#prefixes = options.keepsPrefixes === true ? [0n] : null;
  }

  /** `row`: the canonical text of the row. */
  add(kind: string, row: string): void {
    const isAdded = kind === '+I' || kind === '+U';
    const digest = createHash('sha256').update(row).digest().readBigInt64BE();
    this.#changes += 1;
    this.#rows += isAdded ? 1 : -1;
    this.#table = BigInt.asUintN(64, this.#table + (isAdded ? digest : -digest));
    this.#order.update(kind).update(row);
    this.#prefixes?.push(this.#table);
  }

  addBatch(batch: Batch): void {
    for (let i = 0; i < batch.activeCount; i++) {
      const row = batch.selection === null ? i : batch.selection[i]!;
      const kind = (batch.rowKinds?.[row] ?? ROW_KIND.INSERT) as 0;
      this.add(ROW_KIND_TEXT[kind], canonicalRow(batch, row));
    }
  }

  /** How many of the first changes fold to the hash; null where no beginning does. */
  beginningThatFoldsTo(table: bigint): number | null {
    const found = this.#prefixes?.indexOf(BigInt.asUintN(64, table)) ?? -1;
    return found === -1 ? null : found;
  }

  get changes(): number {
    return this.#changes;
  }

  get table(): bigint {
    return this.#table;
  }

  finish(): Digest {
    return {
      changes: this.#changes, rows: this.#rows,
      table: this.#table.toString(16).padStart(16, '0'),
      order: this.#order.copy().digest('hex').slice(0, 16),
    };
  }
}

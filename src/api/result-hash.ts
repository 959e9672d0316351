/**
 * The hash of a result: the sum modulo 2^64 over its changes of sign x (first 8 bytes of the
 * SHA-256 of the row's canonical text, big end first, signed), sign +1 for +I and +U, -1 for -U
 * and -D. Equal tables have equal hashes whatever the order of their changes.
 */
import { createHash } from 'node:crypto';
import type { Batch } from '../batch/batch.js';
import { ROW_KIND } from '../batch/batch.js';
import { canonicalRow } from '../batch/format.js';

export interface ResultSummary {
  readonly changes: number;
  /** Rows of the folded table. */
  readonly rows: number;
  /** 16 hex digits. */
  readonly hash: string;
}

export class ResultHash {
  #changes = 0;
  #rows = 0;
  #hash = 0n;

  add(batch: Batch): void {
    for (let i = 0; i < batch.activeCount; i++) {
      const row = batch.selection === null ? i : batch.selection[i]!;
      const kind = batch.rowKinds?.[row] ?? ROW_KIND.INSERT;
      const added = kind === ROW_KIND.INSERT || kind === ROW_KIND.UPDATE_AFTER;
      const digest = createHash('sha256').update(canonicalRow(batch, row)).digest();
      this.#changes += 1;
      this.#rows += added ? 1 : -1;
      this.#hash += added ? digest.readBigInt64BE() : -digest.readBigInt64BE();
    }
  }

  finish(): ResultSummary {
    const hash = BigInt.asUintN(64, this.#hash).toString(16).padStart(16, '0');
    return { changes: this.#changes, rows: this.#rows, hash };
  }
}

/**
 * The sending side of a link: spreads the rows of one task over the channels to the tasks of the
 * next fragment, and puts fragments together again so that batches stay large.
 */
import { Batch, type WatermarkRun, watermarkBatch } from '../../batch/batch.js';
import { allocateColumn, type Column } from '../../batch/column.js';
import { concat, materialized } from '../../batch/take.js';
import { keyGroups, subtaskOfKeyGroup } from '../../state/key-group.js';
import type { RowField } from '../../types/data-type.js';
import type { Message } from '../pipeline.js';
import type { Target } from './channel.js';
import type { Link } from './graph.js';

/** Pieces that are held back at most before they are sent. */
const MOST_PIECES = 64;

/** Rows and times held back for one target, without selections. */
interface Pending {
  pieces: Batch[];
  rowCount: number;
}

export class Router {
  private readonly pending: Pending[];
  private readonly emptyColumns: readonly Column[];
  private nextTarget = 0;
  private heldSince = Infinity;

  constructor(
    private readonly link: Link, schema: readonly RowField[],
    private readonly batchRows: number, private readonly flushMs: number,
    private readonly maxParallelism: number, private readonly targets: readonly Target[],
  ) {
    this.pending = targets.map(() => ({ pieces: [], rowCount: 0 }));
    this.emptyColumns = schema.map((field) => allocateColumn(field.type, 0));
  }

  send(batch: Batch): void {
    if (this.targets.length === 1) {
      this.targets[0]!.push({ kind: 'batch', batch });
    } else if (this.link.distribution === 'hash') {
      this.sendByHash(batch);
    } else {
      const rotates = this.link.distribution === 'rebalance';
      this.sendToOne(batch, rotates ? this.nextTarget : 0);
      if (rotates) this.nextTarget = (this.nextTarget + 1) % this.targets.length;
    }
  }

  /** Sends what is held back. */
  flush(): void {
    if (this.heldSince === Infinity) return;
    for (let target = 0; target < this.targets.length; target++) this.flushTarget(target);
    this.heldSince = Infinity;
  }

  /** The same, if something has been held back for longer than flushMs. */
  flushIfDue(): void {
    if (this.heldSince !== Infinity && performance.now() - this.heldSince >= this.flushMs) {
      this.flush();
    }
  }

  sendBarrier(id: number): void {
    this.sendToAll({ kind: 'barrier', id });
  }

  /** A watermark status concerns every target. */
  sendStatus(isIdle: boolean): void {
    this.sendToAll({ kind: isIdle ? 'idle' : 'active' });
  }

  sendEnd(): void {
    this.sendToAll({ kind: 'end' });
  }

  hasRoom(): boolean {
    return this.targets.every((target) => target.hasRoom());
  }

  private sendToAll(control: Message): void {
    this.flush();
    for (const target of this.targets) target.push(control);
  }

  /** One target gets the rows, every target the time. */
  private sendToOne(batch: Batch, target: number): void {
    const last = batch.watermarks.at(-1);
    this.targets.forEach((_, other) => {
      if (other === target || last === undefined) return;
      this.pending[other] = {
        pieces: [watermarkBatch(this.emptyColumns, last.watermark)], rowCount: 0,
      };
      this.hold();
    });
    this.flushTarget(target);
    this.targets[target]!.push({ kind: 'batch', batch });
  }

  private sendByHash(batch: Batch): void {
    const { selection } = batch;
    const count = batch.activeCount;
    const keys = this.link.keys.map((key) => batch.columns[key]!);
    const groups = count === 0 ? null : keyGroups(keys, selection, count, this.maxParallelism);
    const rows = this.targets.map((): number[] => []);
    for (let i = 0; i < count; i++) {
      const target = subtaskOfKeyGroup(groups![i]!, this.targets.length, this.maxParallelism);
      rows[target]!.push(selection === null ? i : selection[i]!);
    }
    this.hold();
    rows.forEach((list, target) => {
      if (list.length === 0 && batch.watermarks.length === 0) return;
      const pending = this.pending[target]!;
      pending.pieces.push(piece(batch, list));
      pending.rowCount += list.length;
      const isFull = pending.rowCount >= this.batchRows || pending.pieces.length >= MOST_PIECES;
      if (isFull) this.flushTarget(target);
    });
  }

  private hold(): void {
    if (this.heldSince === Infinity) this.heldSince = performance.now();
  }

  private flushTarget(target: number): void {
    const { pieces } = this.pending[target]!;
    if (pieces.length === 0) return;
    this.pending[target] = { pieces: [], rowCount: 0 };
    this.targets[target]!.push({ kind: 'batch', batch: joined(pieces) });
  }
}

function piece(batch: Batch, rows: readonly number[]): Batch {
  const selection = Int32Array.from(rows);
  return materialized(
    new Batch(batch.rowCount, batch.columns, selection, batch.rowKinds, batch.watermarks),
  );
}

/** The rows of several batches without selections in one, their watermark runs moved along. */
export function joined(pieces: readonly Batch[]): Batch {
  if (pieces.length === 1) return pieces[0]!;
  const counts = pieces.map((part) => part.rowCount);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const columns = pieces[0]!.columns.map((_, i) =>
    concat(pieces.map((part) => part.columns[i]!), counts));
  return new Batch(total, columns, null, joinedKinds(pieces, total), joinedRuns(pieces));
}

function joinedKinds(pieces: readonly Batch[], total: number): Uint8Array | null {
  if (pieces.every((part) => part.rowKinds === null)) return null;
  const kinds = new Uint8Array(total);
  let at = 0;
  for (const part of pieces) {
    if (part.rowKinds !== null) kinds.set(part.rowKinds.subarray(0, part.rowCount), at);
    at += part.rowCount;
  }
  return kinds;
}

function joinedRuns(pieces: readonly Batch[]): readonly WatermarkRun[] {
  const runs: WatermarkRun[] = [];
  let offset = 0;
  for (const part of pieces) {
    for (const run of part.watermarks) {
      const row = offset + run.row;
      if (runs.at(-1)?.row === row) runs.pop();
      runs.push({ row, watermark: run.watermark });
    }
    offset += part.rowCount;
  }
  return runs;
}

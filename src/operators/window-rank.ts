/**
 * Top-N of windows that have closed: insert-only in and out. A list of at most rankEnd rows for
 * each window and partition; the watermark that closes a window emits its lists. Rows of a closed
 * window are late and dropped.
 */
import { Batch, MIN_WATERMARK, ROW_KIND } from '../batch/batch.js';
import { type Column, readI64 } from '../batch/column.js';
import { fail } from '../errors/index.js';
import type { WindowRankNode } from '../plan/physical/plan.js';
import { KeyLayout } from '../state/key-layout.js';
import { KeyedGroups, ResolvedRows } from '../state/keyed-groups.js';
import type { RowField } from '../types/data-type.js';
import { ChangeBuffer } from './change-buffer.js';
import type { Operator, OperatorStats, Output, StateTable } from './operator.js';
import { RankedRows } from './ranked-rows.js';
import { rowNumbers } from './row-numbers.js';
import {
  restoredWatermark, WATERMARK_TABLE, watermarkContent,
} from './watermark-table.js';

/** What WindowRank does; a window deduplication is a Top-1 by row time. */
export type WindowRankSpec = Pick<
  WindowRankNode,
  'schema' | 'partition' | 'orderBy' | 'rankStart' | 'rankEnd' | 'outputRankNumber' | 'windowEnd'
> & {
  /** A Top-1 in which an equal row takes the place of the one before. */
  readonly isLastOfEqual: boolean;
};

export class WindowRank implements Operator {
  readonly stateTables: readonly StateTable[];
  private readonly partition: readonly number[];
  private readonly groups: KeyedGroups;
  private readonly ranked: RankedRows;
  private readonly changes: ChangeBuffer;
  private readonly resolved = new ResolvedRows();
  /** Lists by the end of their window, ms. */
  private readonly windows = new Map<number, number[]>();
  /** Lowest key of `windows`. */
  private firstEnd = Infinity;
  private watermark = MIN_WATERMARK;
  private restored: number | null = null;
  private lateRows = 0;

  constructor(private readonly node: WindowRankSpec, input: readonly RowField[]) {
    const rest = node.partition.filter((column) => column !== node.windowEnd);
    this.partition = [...rest, node.windowEnd];
    this.groups = new KeyedGroups(new KeyLayout(this.partition.map((i) => input[i]!.type)));
    this.ranked = new RankedRows(input, this.partition, node.orderBy, rest.length);
    this.changes = new ChangeBuffer(node.schema, this.ranked.store, node.outputRankNumber);
    this.stateTables = [this.ranked.stateTable, WATERMARK_TABLE];
  }

  process(batch: Batch, _input: number, output: Output): void {
    if (batch.rowKinds !== null) {
      fail('MR2104', { engine: 'fallback', feature: 'window Top-N over an updating input' });
    }
    const timely = this.timelyRows(batch);
    this.groups.encode(this.partition.map((i) => batch.columns[i]!), timely, timely.length);
    this.groups.resolveAdded(timely, timely.length, this.resolved);
    let run = 0;
    const runs = batch.watermarks;
    for (let i = 0; i < timely.length; i++) {
      for (; run < runs.length && runs[run]!.row <= timely[i]!; run++) {
        this.raise(runs[run]!.watermark, output);
      }
      this.takeRow(batch, timely[i]!, this.resolved.groups[i]!);
    }
    for (; run < runs.length; run++) this.raise(runs[run]!.watermark, output);
    this.flush(output);
    if (this.groups.shouldCompact) this.compact();
  }

  snapshot(table: StateTable): Batch {
    return table.name === WATERMARK_TABLE.name
      ? watermarkContent(this.watermark) : this.ranked.snapshot(this.groups);
  }

  restore(table: StateTable, content: Batch): void {
    if (table.name === WATERMARK_TABLE.name) {
      this.restored = restoredWatermark(content, this.restored);
      this.watermark = this.restored ?? MIN_WATERMARK;
      return;
    }
    this.ranked.restore(content, this.groups);
    this.gatherWindows();
  }

  stats(): OperatorStats {
    const stateBytes = this.groups.byteSize + this.ranked.byteSize;
    return { lateRows: this.lateRows, stateRows: this.ranked.store.count, stateBytes };
  }

  /** Rows whose window is open under the watermark before them. */
  private timelyRows(batch: Batch): Int32Array {
    const ends = batch.columns[this.node.windowEnd]!;
    const rows = rowNumbers(batch);
    const timely = new Int32Array(rows.length);
    const runs = batch.watermarks;
    let { watermark } = this;
    let run = 0;
    let count = 0;
    for (const row of rows) {
      for (; run < runs.length && runs[run]!.row <= row; run++) {
        watermark = Math.max(watermark, runs[run]!.watermark);
      }
      if (ends.isNull(row) || endOf(ends, row) - 1 <= watermark) this.lateRows++;
      else timely[count++] = row;
    }
    return timely.subarray(0, count);
  }

  private takeRow(batch: Batch, row: number, list: number): void {
    const { ranked } = this;
    const rows = ranked.rows(list);
    const count = rows.length;
    const { rankEnd } = this.node;
    if (count === 0) this.openList(endOf(batch.columns[this.node.windowEnd]!, row), list);
    if (this.node.isLastOfEqual && count === 1) {
      if (ranked.compare(batch.columns, row, rows[0]!) > 0) return;
      ranked.replace(list, 0, ranked.add(batch.columns, row));
      return;
    }
    if (count >= rankEnd && ranked.compare(batch.columns, row, rows[count - 1]!) >= 0) return;
    const at = ranked.positionAfterEquals(list, batch.columns, row);
    ranked.insert(list, at, ranked.add(batch.columns, row));
    if (count + 1 > rankEnd) ranked.remove(list, rankEnd);
  }

  private openList(end: number, list: number): void {
    const lists = this.windows.get(end);
    if (lists !== undefined) lists.push(list);
    else this.windows.set(end, [list]);
    if (end < this.firstEnd) this.firstEnd = end;
  }

  private raise(watermark: number, output: Output): void {
    if (watermark > this.watermark) this.watermark = watermark;
    while (this.firstEnd - 1 <= this.watermark && this.windows.size > 0) {
      this.fire(this.firstEnd, output);
      this.windows.delete(this.firstEnd);
      this.firstEnd = Infinity;
      for (const end of this.windows.keys()) if (end < this.firstEnd) this.firstEnd = end;
    }
    this.changes.watermark(watermark);
  }

  private fire(end: number, output: Output): void {
    for (const list of this.windows.get(end)!) {
      const rows = this.ranked.rows(list);
      for (let at = this.node.rankStart - 1; at < rows.length; at++) {
        this.changes.add(ROW_KIND.INSERT, rows[at]!, at + 1);
      }
      this.ranked.drop(list);
      this.groups.kill(list);
      if (this.changes.isFull) this.flush(output);
    }
  }

  private flush(output: Output): void {
    this.changes.flush(output);
    this.ranked.store.settle();
  }

  private gatherWindows(): void {
    this.windows.clear();
    this.firstEnd = Infinity;
    const ends = this.ranked.store.columns[this.node.windowEnd]!;
    for (const group of this.groups.aliveGroups()) {
      const first = this.ranked.rows(group)[0];
      if (first !== undefined) this.openList(readI64(ends.values as Int32Array, first), group);
    }
  }

  private compact(): void {
    const { kept, newIds } = this.groups.compact();
    this.ranked.renumber(kept);
    for (const lists of this.windows.values()) {
      lists.forEach((list, i) => { lists[i] = newIds[list]!; });
    }
  }
}

function endOf(ends: Column, row: number): number {
  return readI64(ends.values as Int32Array, ends.constant ? 0 : row);
}

/** The window Top-N of a plan node. */
export function makeWindowRank(
  node: WindowRankNode, inputs: readonly (readonly RowField[])[],
): Operator {
  checkWindowZone(node.zone);
  return new WindowRank({ ...node, isLastOfEqual: false }, inputs[0]!);
}

export function checkWindowZone(zone: string | null): void {
  if (zone === null || zone === 'UTC') return;
  fail('MR2104', { engine: 'fallback', feature: `windows in the zone ${zone}` });
}

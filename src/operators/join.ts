/**
 * Regular joins: what Flink's StreamingJoinOperator and StreamingSemiAntiJoinOperator emit, row by
 * row. The rows of a batch meet the kept rows of the other input; the pairs of many rows are made
 * and judged by the condition at once, which no row of the batch itself can change.
 */
import { Batch, ROW_KIND, type RowKind } from '../batch/batch.js';
import { allocateColumn, type Column } from '../batch/column.js';
import { take } from '../batch/take.js';
import { InputWatermarks } from '../batch/watermark.js';
import { compileExpression, type CompiledExpression, selectTrue } from '../expr/evaluate.js';
import type { JoinInput, JoinNode, PlanExpression } from '../plan/physical/plan.js';
import { KeyLayout } from '../state/key-layout.js';
import { KeyedGroups, ResolvedRows, takesBack } from '../state/keyed-groups.js';
import type { RowField } from '../types/data-type.js';
import { JoinSide } from './join-side.js';
import type { Operator, OperatorContext, OperatorStats, Output, StateTable } from './operator.js';
import { columnsOf } from './kept-condition.js';
import { ABSENT, PairBuffer } from './pair-buffer.js';
import { rowNumbers } from './row-numbers.js';

/** Pairs that are made before they are judged; one row may make more. */
const MOST_PAIRS = 16 * 1024;
const NO_GROUP = -1;
const MOST_EMPTY = 1024;

class Join implements Operator {
  readonly stateTables: readonly StateTable[];
  private readonly sides: readonly [JoinSide, JoinSide];
  private readonly groups: KeyedGroups;
  private readonly resolved = new ResolvedRows();
  readonly inputWatermarks = new InputWatermarks(2);
  private readonly changes: PairBuffer;
  private readonly condition: PairCondition | null;
  private readonly isSemi: boolean;
  private readonly isLeftOnly: boolean;
  /** Kept rows met by row i of the span: pairIds[starts[i]] .. pairIds[starts[i + 1] - 1]. */
  private pairIds = new Int32Array(256);
  private starts = new Int32Array(256);
  private pairCount = 0;
  private nowMs = 0;

  constructor(
    private readonly node: JoinNode, inputs: readonly (readonly RowField[])[],
    private readonly context: OperatorContext,
  ) {
    const { joinType, left, right } = node;
    const [leftSchema, rightSchema] = [inputs[0]!, inputs[1]!];
    this.isSemi = joinType === 'semi';
    this.isLeftOnly = joinType === 'semi' || joinType === 'anti';
    const keepsLeft = this.isLeftOnly || joinType === 'left' || joinType === 'full';
    const keepsRight = joinType === 'right' || joinType === 'full';
    this.sides = [
      new JoinSide('left', leftSchema, left, keepsLeft, left.stateTtlMs),
      new JoinSide('right', rightSchema, right, keepsRight, right.stateTtlMs),
    ];
    this.stateTables = this.sides.map((side) => side.stateTable);
    this.groups = new KeyedGroups(new KeyLayout(left.keys.map((i) => leftSchema[i]!.type)));
    this.changes = new PairBuffer(node.schema, leftSchema.length);
    this.condition = node.condition === null ? null
      : new PairCondition(node.condition, leftSchema, rightSchema, context);
  }

  process(batch: Batch, input: number, output: Output): void {
    const runs = this.inputWatermarks.merge(input, batch.watermarks);
    const own = this.sides[input]!;
    const other = this.sides[1 - input]!;
    this.nowMs = this.context.nowMs();
    const rows = countedRows(batch, own.input);
    const lists = this.groupsOf(batch, rows, own.input);
    let run = 0;
    for (let from = 0; from < rows.length;) {
      const to = this.makePairs(other, lists, from, rows.length);
      this.condition?.filter(this, batch, input, other, rows, from, to);
      for (let i = from; i < to; i++) {
        const row = rows[i]!;
        for (; run < runs.length && runs[run]!.row <= row; run++) {
          this.changes.watermark(runs[run]!.watermark);
        }
        this.takeRow(batch, input, row, lists[i]!, i - from);
        if (this.changes.isFull) this.changes.flush(batch, input, other.store, output);
      }
      from = to;
    }
    for (; run < runs.length; run++) this.changes.watermark(runs[run]!.watermark);
    for (const side of this.sides) side.sweep(this.nowMs, rows.length);
    this.changes.flush(batch, input, other.store, output);
    own.store.settle();
    other.store.settle();
    this.compactIfSparse();
  }

  prepareBarrier(): void {
    const nowMs = this.context.nowMs();
    for (const side of this.sides) {
      side.sweep(nowMs, Infinity);
      side.store.settle();
    }
  }

  snapshot(table: StateTable): Batch {
    return this.sideOf(table).snapshot(this.groups.size);
  }

  restore(table: StateTable, content: Batch): void {
    this.sideOf(table).restore(content, this.groups);
    for (const side of this.sides) side.resize(this.groups.size);
  }

  stats(): OperatorStats {
    const [left, right] = this.sides;
    return {
      lateRows: 0, stateRows: left.store.count + right.store.count,
      stateBytes: this.groups.byteSize + left.byteSize + right.byteSize,
    };
  }

  private sideOf(table: StateTable): JoinSide {
    return this.sides[table.name === 'left' ? 0 : 1];
  }

  /** By position in `rows`; NO_GROUP where a NULL in the key meets nothing. */
  private groupsOf(batch: Batch, rows: Int32Array, { keys }: JoinInput): Int32Array {
    const columns = keys.map((key) => batch.columns[key]!);
    this.groups.encode(columns, rows, rows.length);
    this.groups.resolveAdded(rows, rows.length, this.resolved);
    for (const side of this.sides) side.resize(this.groups.size);
    const lists = this.resolved.groups;
    columns.forEach((column, key) => {
      if (!this.node.filterNulls[key] || column.validity === null) return;
      for (let i = 0; i < rows.length; i++) if (column.isNull(rows[i]!)) lists[i] = NO_GROUP;
    });
    return lists;
  }

  /** Pairs of the rows from `from`, as many as there is room for; the row behind the last one. */
  private makePairs(other: JoinSide, lists: Int32Array, from: number, end: number): number {
    if (this.starts.length < end - from + 1) this.starts = new Int32Array(end - from + 1);
    this.pairCount = 0;
    let i = from;
    for (; i < end && this.pairCount < MOST_PAIRS; i++) {
      this.starts[i - from] = this.pairCount;
      const group = lists[i]!;
      if (group === NO_GROUP) continue;
      for (let id = other.first(group); id !== ABSENT;) {
        const next = other.after(id);
        if (other.isExpired(id, this.nowMs)) other.remove(id, group);
        else this.addPair(id);
        id = next;
      }
    }
    this.starts[i - from] = this.pairCount;
    return i;
  }

  private addPair(id: number): void {
    if (this.pairCount === this.pairIds.length) {
      const wider = new Int32Array(this.pairCount * 2);
      wider.set(this.pairIds);
      this.pairIds = wider;
    }
    this.pairIds[this.pairCount++] = id;
  }

  /** The pairs made, for the condition: kept rows and where each row's begin. */
  get pairs(): { readonly ids: Int32Array; readonly starts: Int32Array } {
    return { ids: this.pairIds.subarray(0, this.pairCount), starts: this.starts };
  }

  /** Keeps the pairs at these places. */
  keepPairs(places: Int32Array, rowCount: number): void {
    let kept = 0;
    for (let i = 0; i < rowCount; i++) {
      const end = this.starts[i + 1]!;
      this.starts[i] = kept;
      while (kept < places.length && places[kept]! < end) {
        this.pairIds[kept] = this.pairIds[places[kept]!]!;
        kept++;
      }
    }
    this.starts[rowCount] = kept;
    this.pairCount = kept;
  }

  private takeRow(batch: Batch, input: number, row: number, group: number, at: number): void {
    const kind = (batch.rowKinds === null ? ROW_KIND.INSERT : batch.rowKinds[row]!) as RowKind;
    const from = this.starts[at]!;
    const to = this.starts[at + 1]!;
    if (this.isLeftOnly) {
      if (input === 0) this.takeLeft(batch, row, kind, group, to - from);
      else this.takeRight(batch, row, kind, group, from, to);
    } else if (takesBack(kind)) this.retract(batch, input, row, kind, group, from, to);
    else this.accumulate(batch, input, row, kind, group, from, to);
  }

  private accumulate(
    batch: Batch, input: number, row: number, kind: RowKind, group: number,
    from: number, to: number,
  ): void {
    const own = this.sides[input]!;
    const other = this.sides[1 - input]!;
    if (group !== NO_GROUP) own.add(batch.columns, row, group, to - from, this.nowMs);
    if (from === to) {
      if (own.tracksPartners) this.changes.add(ROW_KIND.INSERT, row, ABSENT);
      return;
    }
    if (other.tracksPartners) {
      for (let at = from; at < to; at++) {
        const id = this.pairIds[at]!;
        const partners = other.partners[id]!;
        if (partners === 0) this.changes.add(ROW_KIND.DELETE, ABSENT, id);
        other.setPartners(id, partners + 1, this.nowMs);
      }
    }
    const isPlain = own.tracksPartners || other.tracksPartners;
    this.addAll(isPlain ? ROW_KIND.INSERT : kind, row, from, to);
  }

  private retract(
    batch: Batch, input: number, row: number, kind: RowKind, group: number,
    from: number, to: number,
  ): void {
    const own = this.sides[input]!;
    const other = this.sides[1 - input]!;
    if (group !== NO_GROUP) own.retract(batch.columns, row, group);
    if (from === to) {
      if (own.tracksPartners) this.changes.add(ROW_KIND.DELETE, row, ABSENT);
      return;
    }
    this.addAll(own.tracksPartners ? ROW_KIND.DELETE : kind, row, from, to);
    if (!other.tracksPartners) return;
    for (let at = from; at < to; at++) {
      const id = this.pairIds[at]!;
      const partners = other.partners[id]!;
      if (partners === 1) this.changes.add(ROW_KIND.INSERT, ABSENT, id);
      other.setPartners(id, partners - 1, this.nowMs);
    }
  }

  private addAll(kind: RowKind, row: number, from: number, to: number): void {
    for (let at = from; at < to; at++) this.changes.add(kind, row, this.pairIds[at]!);
  }

  /** A left row of a semi or anti join. */
  private takeLeft(
    batch: Batch, row: number, kind: RowKind, group: number, partners: number,
  ): void {
    if (partners > 0 === this.isSemi) this.changes.add(kind, row, ABSENT);
    if (group === NO_GROUP) return;
    const [left] = this.sides;
    if (takesBack(kind)) left.retract(batch.columns, row, group);
    else left.add(batch.columns, row, group, partners, this.nowMs);
  }

  /** A right row of a semi or anti join: left rows come and go with their first and last. */
  private takeRight(
    batch: Batch, row: number, kind: RowKind, group: number, from: number, to: number,
  ): void {
    const [left, right] = this.sides;
    const isBack = takesBack(kind);
    if (group !== NO_GROUP) {
      if (isBack) right.retract(batch.columns, row, group);
      else right.add(batch.columns, row, group, 0, this.nowMs);
    }
    const shown = this.isSemi ? kind : isBack ? ROW_KIND.INSERT : ROW_KIND.DELETE;
    for (let at = from; at < to; at++) {
      const id = this.pairIds[at]!;
      const partners = left.partners[id]!;
      if (partners === (isBack ? 1 : 0)) this.changes.add(shown, ABSENT, id);
      left.setPartners(id, partners + (isBack ? -1 : 1), this.nowMs);
    }
  }

  /** Every group that is in use has a row. */
  private compactIfSparse(): void {
    const [left, right] = this.sides;
    const { groups } = this;
    const most = 2 * (left.store.count + right.store.count) + MOST_EMPTY;
    if (groups.size <= most) return;
    for (let group = 0; group < groups.size; group++) {
      if (left.isEmpty(group) && right.isEmpty(group)) groups.kill(group);
    }
    const { kept } = groups.compact();
    left.renumber(kept);
    right.renumber(kept);
  }
}

/** The rows that say something: where new rows replace old ones, -U says nothing. */
function countedRows(batch: Batch, { takesUpdateBefore }: JoinInput): Int32Array {
  const rows = rowNumbers(batch);
  const kinds = batch.rowKinds;
  if (kinds === null || takesUpdateBefore) return rows;
  return rows.filter((row) => kinds[row] !== ROW_KIND.UPDATE_BEFORE);
}

/** What a join's condition reads and writes of its pairs. */
interface Pairs {
  readonly pairs: { readonly ids: Int32Array; readonly starts: Int32Array };
  keepPairs(places: Int32Array, rowCount: number): void;
}

/** The part of a join's condition that is no equality of keys. */
class PairCondition {
  private readonly compiled: CompiledExpression;
  private readonly used: ReadonlySet<number>;
  private readonly placeholders: readonly Column[];
  private readonly width: number;

  constructor(
    condition: PlanExpression, left: readonly RowField[], right: readonly RowField[],
    private readonly context: OperatorContext,
  ) {
    this.compiled = compileExpression(condition);
    this.used = columnsOf(condition);
    this.placeholders = [...left, ...right].map((field) => allocateColumn(field.type, 0));
    this.width = left.length;
  }

  /** Judges the pairs of rows[from .. to). */
  filter(
    join: Pairs, batch: Batch, input: number, other: JoinSide, rows: Int32Array,
    from: number, to: number,
  ): void {
    const { ids, starts } = join.pairs;
    if (ids.length === 0) return;
    const pairRows = new Int32Array(ids.length);
    for (let i = from; i < to; i++) {
      pairRows.fill(rows[i]!, starts[i - from], starts[i - from + 1]);
    }
    const columns = this.placeholders.map((placeholder, i) => {
      if (!this.used.has(i)) return placeholder;
      const side = i < this.width ? 0 : 1;
      const index = side === 0 ? i : i - this.width;
      return side === input ? take(batch.columns[index]!, pairRows)
        : other.store.gather(index, ids);
    });
    const evaluation = { nowMs: this.context.nowMs(), zone: this.context.zone };
    const pairs = new Batch(ids.length, columns);
    const truth = this.compiled.evaluate(pairs, null, ids.length, evaluation);
    const places = selectTrue(truth, null, ids.length);
    if (places.length < ids.length) join.keepPairs(places, to - from);
  }
}

/** The join of a plan node. */
export function makeJoin(
  node: JoinNode, inputs: readonly (readonly RowField[])[], context: OperatorContext,
): Operator {
  return new Join(node, inputs, context);
}

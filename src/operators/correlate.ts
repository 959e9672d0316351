/** Each row beside each row that a table function makes of it, with the row's kind. */
import { Batch, type WatermarkRun, watermarkBatch } from '../batch/batch.js';
import { allocateColumn, type Column } from '../batch/column.js';
import { ABSENT, takeOrNull, withNullsWhere } from '../batch/take-or-null.js';
import { compileExpression, type CompiledExpression, selectTrue } from '../expr/evaluate.js';
import type { CorrelateNode, LookupJoinNode } from '../plan/physical/plan.js';
import type { RowField } from '../types/data-type.js';
import type { Operator, OperatorContext, Output } from './operator.js';
import { rowNumbers } from './row-numbers.js';
import { makeTableFunction, type TableFunction } from './table-function.js';

/** Most rows of a batch that is put out; a row of the input may make more of them. */
const MOST_ROWS = 16 * 1024;

/** Numbers in a typed array that grows. */
class IntList {
  length = 0;
  private values = new Int32Array(1024);

  push(value: number): void {
    if (this.length === this.values.length) {
      const larger = new Int32Array(this.length * 2);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.length++] = value;
  }

  at(index: number): number {
    return this.values[index]!;
  }

  clear(): void {
    this.length = 0;
  }

  /** Valid until the next push. */
  get view(): Int32Array {
    return this.values.subarray(0, this.length);
  }
}

/** Rows of a batch with the items made of them, or the output's rows with theirs. */
class Pairs {
  readonly rows = new IntList();
  readonly items = new IntList();
  /** One an item, where they are asked for. */
  readonly ordinals = new IntList();
  runs: WatermarkRun[] = [];

  /** Stands before the row that comes next. */
  watermark(watermark: number): void {
    if (this.runs.at(-1)?.row === this.rows.length) this.runs.pop();
    this.runs.push({ row: this.rows.length, watermark });
  }

  clear(): void {
    this.rows.clear();
    this.items.clear();
    this.ordinals.clear();
    this.runs = [];
  }
}

class Correlate implements Operator {
  readonly stateTables = [];
  private readonly values: readonly CompiledExpression[];
  private readonly condition: CompiledExpression | null;
  /** The condition is over the output's columns. */
  private readonly seesInput: boolean;
  private readonly hasOrdinality: boolean;
  private readonly leftWidth: number;
  /** What waits: its rows, `starts` of their items, and the items. */
  private readonly waiting = new Pairs();
  private readonly starts = new IntList();
  private readonly out = new Pairs();
  /** The first waiting row had a partner in the batch before. */
  private isFirstMet = false;

  constructor(
    private readonly node: CorrelateNode | LookupJoinNode, input: readonly RowField[],
    private readonly made: TableFunction, private readonly context: OperatorContext,
  ) {
    this.values = node.arguments.map((one) => compileExpression(one));
    this.condition = node.condition === null ? null : compileExpression(node.condition);
    this.seesInput = node.kind === 'lookup-join' && node.conditionSeesInput === true;
    this.hasOrdinality = node.kind === 'correlate' && node.function === 'unnest-with-ordinality';
    this.leftWidth = input.length;
  }

  process(batch: Batch, _input: number, output: Output): void {
    const rows = rowNumbers(batch).slice();
    if (rows.length > 0) {
      const evaluation = { nowMs: this.context.nowMs(), zone: this.context.zone };
      this.made.beginBatch(this.values.map((one) =>
        one.evaluate(batch, batch.selection, rows.length, evaluation)));
    }
    let run = 0;
    for (const row of rows) {
      for (; (batch.watermarks[run]?.row ?? Infinity) <= row; run++) {
        this.waiting.watermark(batch.watermarks[run]!.watermark);
      }
      this.expand(batch, row, output);
    }
    for (const { watermark } of batch.watermarks.slice(run)) this.waiting.watermark(watermark);
    this.flush(batch, true, output);
  }

  private expand(batch: Batch, row: number, output: Output): void {
    const { rows, items, ordinals } = this.waiting;
    this.made.beginRow(row);
    this.beginRow(row);
    let ordinality = 0;
    for (;;) {
      if (items.length >= MOST_ROWS || rows.length >= MOST_ROWS) {
        this.flush(batch, false, output);
        this.beginRow(row);
      }
      const count = this.made.next(MOST_ROWS - items.length, items);
      if (count === 0) return;
      if (this.hasOrdinality) for (let i = 0; i < count; i++) ordinals.push(++ordinality);
    }
  }

  private beginRow(row: number): void {
    this.waiting.rows.push(row);
    this.starts.push(this.waiting.items.length);
  }

  /** `isDone`: no more rows are made of the last row. */
  private flush(batch: Batch, isDone: boolean, output: Output): void {
    this.place(this.judged(batch), isDone);
    this.emit(batch, output);
    this.waiting.clear();
    this.starts.clear();
    this.out.clear();
  }

  /** The items that meet the condition; null: all. */
  private judged(batch: Batch): Int32Array | null {
    const { items, ordinals } = this.waiting;
    if (this.condition === null || items.length === 0) return null;
    const columns = [...this.seesInput ? this.inputColumns(batch) : [],
      ...this.madeColumns(items.view.slice(), ordinals.view)];
    const evaluation = { nowMs: this.context.nowMs(), zone: this.context.zone };
    const truth = this.condition.evaluate(
      new Batch(items.length, columns), null, items.length, evaluation);
    return selectTrue(truth, null, items.length);
  }

  /** The columns of the input, each row as often as it has items. */
  private inputColumns(batch: Batch): readonly Column[] {
    const { rows, items } = this.waiting;
    const repeated = new Int32Array(items.length);
    for (let i = 0; i < rows.length; i++) {
      const end = i + 1 < rows.length ? this.starts.at(i + 1) : items.length;
      repeated.fill(rows.at(i), this.starts.at(i), end);
    }
    return batch.columns.slice(0, this.leftWidth)
      .map((column, i) => takeOrNull(column, repeated, this.node.schema[i]!.type));
  }

  /** The output's rows and the items beside them, ABSENT where a row has none. */
  private place(kept: Int32Array | null, isDone: boolean): void {
    const { rows, items, runs } = this.waiting;
    let run = 0;
    let next = 0;
    for (let i = 0; i < rows.length; i++) {
      for (; (runs[run]?.row ?? Infinity) <= i; run++) this.out.watermark(runs[run]!.watermark);
      const isWhole = isDone || i + 1 < rows.length;
      const end = i + 1 < rows.length ? this.starts.at(i + 1) : items.length;
      let isMet = i === 0 && this.isFirstMet;
      for (let at = this.starts.at(i); at < end; at++) {
        if (kept !== null && kept[next] !== at) continue;
        next++;
        this.add(rows.at(i), at);
        isMet = true;
      }
      if (isWhole && this.node.joinType === 'left' && !isMet) this.add(rows.at(i), ABSENT);
      this.isFirstMet = !isWhole && isMet;
    }
    for (const { watermark } of runs.slice(run)) this.out.watermark(watermark);
  }

  private add(row: number, at: number): void {
    const { items, ordinals } = this.waiting;
    this.out.rows.push(row);
    this.out.items.push(at === ABSENT ? ABSENT : items.at(at));
    if (this.hasOrdinality) this.out.ordinals.push(at === ABSENT ? 0 : ordinals.at(at));
  }

  private emit(batch: Batch, output: Output): void {
    const { runs } = this.out;
    if (this.out.rows.length === 0) {
      const last = runs.at(-1);
      const empty = this.node.schema.map((field) => allocateColumn(field.type, 0));
      if (last !== undefined) output.emit(watermarkBatch(empty, last.watermark));
      return;
    }
    const rows = this.out.rows.view;
    const columns = batch.columns.slice(0, this.leftWidth)
      .map((column, i) => takeOrNull(column, rows, this.node.schema[i]!.type));
    columns.push(...this.madeColumns(this.out.items.view.slice(), this.out.ordinals.view));
    const { rowKinds: kinds } = batch;
    const rowKinds = kinds === null ? null : Uint8Array.from(rows, (row) => kinds[row]!);
    output.emit(new Batch(rows.length, columns, null, rowKinds, runs));
  }

  private madeColumns(items: Int32Array, ordinals: Int32Array): readonly Column[] {
    return this.node.schema.slice(this.leftWidth).map((field, i, { length }) => {
      if (!this.hasOrdinality || i + 1 < length) return this.made.column(i, items, field.type);
      const column = allocateColumn(field.type, items.length);
      column.values.set(ordinals);
      return withNullsWhere(column, items.length, (row) => items[row] === ABSENT);
    });
  }
}

/** The correlate of a plan node. */
export function makeCorrelate(
  node: CorrelateNode, inputs: readonly (readonly RowField[])[], context: OperatorContext,
): Operator {
  return new Correlate(node, inputs[0] ?? [], makeTableFunction(node.function), context);
}

/** The same with rows that another function makes. */
export function correlateWith(
  made: TableFunction, node: LookupJoinNode, input: readonly RowField[], context: OperatorContext,
): Operator {
  return new Correlate(node, input, made, context);
}

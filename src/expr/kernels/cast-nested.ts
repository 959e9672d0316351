/**
 * Rows, arrays and maps to each other, part by part, and to strings. Only values that a selected
 * row holds are cast. Under TRY_CAST one part that fails makes the whole NULL.
 */
import { allocateColumn, Column, setNull } from '../../batch/column.js';
import { HeapBuilder } from '../../batch/strings.js';
import { flattened } from '../../batch/take.js';
import { constantColumn } from '../../batch/values.js';
import { childTypes, STRING, typesEqual, type DataType } from '../../types/data-type.js';
import { isCharacter } from '../../types/merging.js';
import { adopt } from '../items.js';
import {
  type CallSite, type EvaluationContext, KernelError, type KernelFunction,
} from '../kernel.js';
import { indexIn } from '../loop.js';
import { LimitedText } from './cast-to-text.js';
import { isNested } from './nested.js';

type CompileCast = (site: CallSite) => KernelFunction;

/** The cast of one part; null where it stays as it is. */
interface Part {
  readonly to: DataType;
  readonly run: KernelFunction | null;
}

/** The loop for this pair; null if they are no nested types that fit. */
export function nestedCast(site: CallSite, compile: CompileCast): KernelFunction | null {
  const from = site.argumentTypes[0];
  const to = site.resultType;
  if (from === undefined || !isNested(from)) return null;
  const toText = isCharacter(to);
  if (!toText && to.root !== from.root) return null;
  const parts = childTypes(from).map((type, i): Part => {
    const target = toText ? STRING : childTypes(to)[i]!;
    if (typesEqual(type, target, true)) return { to: target, run: null };
    if (type.root === 'NULL') return { to: target, run: () => undefined };
    return { to: target,
      run: compile({ options: site.options, resultType: target, argumentTypes: [type] }) };
  });
  return toText ? toTextLoop(to, parts) : toNestedLoop(parts, site.options['try'] === true);
}

const isList = (column: Column): boolean => column.physical !== 'row';

/** The values of a child that the selected rows hold and that are not NULL, rising. */
function heldItems(
  from: Column, selection: Int32Array | null, count: number, child: Column,
): Int32Array {
  const held = new Uint8Array(child.length);
  for (let i = 0; i < count; i++) {
    const at = indexIn(from, selection === null ? i : selection[i]!);
    if (isList(from)) held.fill(1, from.starts[at]!, from.starts[at]! + from.lengths[at]!);
    else held[at] = 1;
  }
  const items = new Int32Array(child.length);
  let found = 0;
  for (let i = 0; i < child.length; i++) {
    if (held[i] === 1 && !child.isNull(i)) items[found++] = i;
  }
  return items.subarray(0, found);
}

/** The lowest selected row that holds a value of a child. */
function holderOf(
  from: Column, selection: Int32Array | null, count: number, item: number,
): number {
  for (let i = 0; i < count; i++) {
    const row = selection === null ? i : selection[i]!;
    const at = indexIn(from, row);
    const start = isList(from) ? from.starts[at]! : at;
    if (item >= start && item < start + (isList(from) ? from.lengths[at]! : 1)) return row;
  }
  return 0;
}

/** A child of `from` cast; NULL where it was or, under TRY_CAST, where it fails. */
function castChild(
  part: Part, index: number, from: Column, selection: Int32Array | null, count: number,
  context: EvaluationContext,
): Column {
  const child = flattened(from.children[index]!, from.length);
  if (part.run === null) return child;
  if (child.physical === 'null') return flattened(constantColumn(part.to, null), child.length);
  const out = allocateColumn(part.to, child.length);
  out.validity = child.validity?.slice() ?? null;
  const items = heldItems(from, selection, count, child);
  if (items.length === 0) return out;
  try {
    part.run([child], items, items.length, out, context);
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    throw new KernelError(error.code, error.detail,
      holderOf(from, selection, count, error.row));
  }
  return out;
}

/** Whether the cast of a part of the row failed: it became NULL. */
function hasFailed(from: Column, children: readonly Column[], row: number): boolean {
  const at = indexIn(from, row);
  const start = isList(from) ? from.starts[at]! : at;
  const end = start + (isList(from) ? from.lengths[at]! : 1);
  return children.some((child, n) => {
    for (let i = start; i < end; i++) {
      if (child.isNull(i) && !from.children[n]!.isNull(i)) return true;
    }
    return false;
  });
}

function toNestedLoop(parts: readonly Part[], isTry: boolean): KernelFunction {
  return ([from], selection, count, out, context) => {
    const lists = from!;
    const children = parts.map((part, i) =>
      castChild(part, i, lists, selection, count, context));
    const { length, values, validity, starts, lengths, heap, constant } = lists;
    adopt(new Column(out.type, length, values, validity, starts, lengths, heap, children,
      constant), out);
    if (!isTry) return;
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      if (hasFailed(lists, children, row)) setNull(out, row);
    }
  };
}

const BRACES = { row: '()', array: '[]', map: '{}' } as const;
const NULL_TEXT = new TextEncoder().encode('NULL');
const COMMA = new TextEncoder().encode(', ');

/** Writes the text of one row after the other into a heap that is emptied for each. */
class NestedText {
  readonly heap = new HeapBuilder();

  constructor(private readonly from: Column, private readonly parts: readonly Column[]) {}

  write(row: number): void {
    const { from, heap } = this;
    heap.end = 0;
    const [open, close] = BRACES[from.physical as keyof typeof BRACES];
    heap.appendText(open!);
    if (isList(from)) this.writeList(indexIn(from, row));
    else this.parts.forEach((part, i) => this.writePart(part, indexIn(from, row), i > 0));
    heap.appendText(close!);
  }

  private writeList(at: number): void {
    const { from, parts, heap } = this;
    const start = from.starts[at]!;
    for (let i = start; i < start + from.lengths[at]!; i++) {
      this.writePart(parts[0]!, i, i > start);
      if (parts.length === 1) continue;
      heap.appendText('=');
      this.writePart(parts[1]!, i, false);
    }
  }

  private writePart(part: Column, i: number, isNext: boolean): void {
    const { heap } = this;
    if (isNext) heap.append(COMMA, 0, COMMA.length);
    if (part.isNull(i)) heap.append(NULL_TEXT, 0, NULL_TEXT.length);
    else {
      const at = indexIn(part, i);
      heap.append(part.heap, part.starts[at]!, part.lengths[at]!);
    }
  }
}

/** ROW (1, a), ARRAY [1, NULL], MAP {a=1, b=2}. */
function toTextLoop(to: DataType, parts: readonly Part[]): KernelFunction {
  return ([from], selection, count, out, context) => {
    const children = parts.map((part, i) =>
      castChild(part, i, from!, selection, count, context));
    const text = new NestedText(from!, children);
    const limited = new LimitedText(to);
    for (let i = 0; i < count; i++) {
      const row = selection === null ? i : selection[i]!;
      text.write(row);
      limited.append(text.heap.bytes, 0, text.heap.end, out, row);
    }
    out.heap = limited.heap.finish();
  };
}

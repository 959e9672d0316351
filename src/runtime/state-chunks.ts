/**
 * State between operators and snapshots: tables get their key groups, restored chunks are picked
 * and filtered for a subtask. native/pipeline/snapshot.h does the same.
 */
import { Batch } from '../batch/batch.js';
import { allocateColumn, type Column } from '../batch/column.js';
import { materialized } from '../batch/take.js';
import { fail } from '../errors/index.js';
import type { StateTable } from '../operators/operator.js';
import type { PhysicalPlan } from '../plan/physical/plan.js';
import { keyGroupRange, keyGroups } from '../state/key-group.js';
import { INT, notNull, type RowField, typesEqual } from '../types/data-type.js';
import type { StateChunk } from './pipeline.js';

const KEY_GROUP_FIELD: RowField = Object.freeze({ name: 'key_group', type: notNull(INT) });

/** MR5002 where there is state that no node of the plan takes: it would be lost in silence. */
export function checkChunksFit(plan: PhysicalPlan, chunks: readonly StateChunk[]): void {
  const known = new Set(plan.nodes.map((node) => node.semanticId));
  const stranger = chunks.find((chunk) => !known.has(chunk.semanticId));
  if (stranger === undefined) return;
  fail('MR5002', {
    detail: `the plan has no operator for table ${stranger.table} of operator ${stranger.operator}`,
  });
}

export interface SubtaskPlace {
  readonly subtask: number;
  readonly parallelism: number;
  readonly maxParallelism: number;
}

/** The content of a snapshot table with its rows' key groups in front. */
export function withKeyGroups(
  table: StateTable, snapshot: Batch, maxParallelism: number,
): { readonly fields: readonly RowField[]; readonly content: Batch } {
  if (snapshot.columns.length !== table.fields.length) {
    fail('MR9001', { detail: `snapshot of ${table.name} has other columns` });
  }
  const batch = materialized(snapshot);
  const keys = batch.columns.slice(0, table.keyCount);
  const groups = allocateColumn(KEY_GROUP_FIELD.type, batch.rowCount);
  (groups.values as Int32Array).set(keyGroups(keys, null, batch.rowCount, maxParallelism));
  return {
    fields: [KEY_GROUP_FIELD, ...table.fields],
    content: new Batch(batch.rowCount, [groups, ...batch.columns]),
  };
}

/**
 * The rows of the chunks of one table that belong to a subtask, without key_group: one batch a
 * chunk. Tables without a key: the chunk of the same subtask where as many subtasks wrote as
 * there are now, else all rows. MR5002 where a chunk has other columns.
 */
export function restoredBatches(
  table: StateTable, chunks: readonly StateChunk[], place: SubtaskPlace,
): readonly Batch[] {
  const writers = Math.max(0, ...chunks.map((chunk) => chunk.subtask + 1));
  const isKeyed = table.keyCount > 0;
  const isSamePlace = !isKeyed && writers === place.parallelism;
  const range = isKeyed
    ? keyGroupRange(place.subtask, place.parallelism, place.maxParallelism)
    : { first: 0, last: place.maxParallelism };
  return chunks
    .filter((chunk) => !isSamePlace || chunk.subtask === place.subtask)
    .map((chunk) => {
      checkFields(table, chunk);
      return rowsOfGroups(materialized(chunk.content), range.first, range.last);
    });
}

function checkFields(table: StateTable, chunk: StateChunk): void {
  const fields = chunk.fields.slice(1);
  const fits = fields.length === table.fields.length &&
    fields.every((field, i) => typesEqual(field.type, table.fields[i]!.type, true));
  if (!fits) fail('MR5002', { detail: `table ${table.name} has other columns` });
}

function rowsOfGroups(batch: Batch, first: number, last: number): Batch {
  const [groups, ...columns] = batch.columns as [Column, ...Column[]];
  const rows = new Int32Array(batch.rowCount);
  let count = 0;
  for (let row = 0; row < batch.rowCount; row++) {
    const group = groups.values[groups.constant ? 0 : row]!;
    if (group >= first && group <= last) rows[count++] = row;
  }
  if (count === batch.rowCount) return new Batch(batch.rowCount, columns);
  return materialized(new Batch(batch.rowCount, columns, rows.subarray(0, count)));
}

/**
 * Sinks that write by key: what stands before them where the rows of the query are named by
 * another key than the sink's. After FlinkChangelogModeInferenceProgram and StreamExecSink.
 */
import { fail } from '../../errors/index.js';
import type { CatalogTable } from '../../catalog/table.js';
import type { ConvertContext } from './context.js';
import { exchangeBefore } from './exchange.js';
import { isInsertOnly, type OnConflict, type Rel } from './rel.js';

interface KeyedSink {
  readonly table: string;
  readonly primaryKey: readonly number[];
  /** Names of the table's columns; the query may call them otherwise. */
  readonly keyNames: readonly string[];
  /** It takes updates by its key. */
  readonly isUpsert: boolean;
  readonly onConflict: OnConflict | null;
}

/** The input of a sink, with one row a primary key where that is asked for. */
export function withUniqueKeys(sink: KeyedSink, input: Rel, context: ConvertContext): Rel {
  const { primaryKey, onConflict } = sink;
  if (onConflict !== null) checkConflict(sink, input);
  if (!sink.isUpsert) return input;
  const mode = context.sinks.upsertMaterialize;
  if (mode === 'NONE') return shuffled(input, primaryKey, context);
  const fits = input.traits.upsertKeys.some((key) => isWithin(key, primaryKey));
  if (mode === 'AUTO') {
    if (fits) return shuffled(input, primaryKey, context);
    if (onConflict === null && context.sinks.requiresOnConflict) failKeys(sink, input);
    if (onConflict === 'deduplicate' && isInsertOnly(input.traits)) {
      return shuffled(input, primaryKey, context);
    }
  }
  return materialized(input, primaryKey, onConflict);
}

const isWithin = (key: readonly number[], primaryKey: readonly number[]): boolean =>
  key.length > 0 && key.every((index) => primaryKey.includes(index));

export const isMaterialized = ({ op }: Rel): boolean =>
  op.kind === 'sink-upsert-materialize' || op.kind === 'sink-conflict';

/** Flink's EXPLAIN does not show it. */
function shuffled(input: Rel, primaryKey: readonly number[], context: ConvertContext): Rel {
  return context.sinks.isShuffleForced ? hiddenExchange(input, primaryKey) : input;
}

const hiddenExchange = (input: Rel, keys: readonly number[]): Rel =>
  ({ ...exchangeBefore(input, keys), isHidden: true });

function materialized(
  input: Rel, primaryKey: readonly number[], onConflict: OnConflict | null,
): Rel {
  const parts = { primaryKey, upsertKey: smallest(input.traits.upsertKeys) };
  return {
    op: onConflict === 'nothing' || onConflict === 'error'
      ? { kind: 'sink-conflict', ...parts, onConflict }
      : { kind: 'sink-upsert-materialize', ...parts },
    inputs: [hiddenExchange(input, primaryKey)], schema: input.schema, isHidden: true,
    traits: { updates: true, deletes: true, upsertKeys: [primaryKey], monotonicity: [] },
  };
}

function smallest(keys: Rel['traits']['upsertKeys']): readonly number[] {
  const [first = []] = [...keys].sort((a, b) => a.length - b.length);
  return first;
}

function checkConflict({ table, isUpsert, onConflict }: KeyedSink, input: Rel): void {
  if (!isUpsert) {
    fail('MR2022', { detail: `ON CONFLICT for a sink that does not write by key: ${table}` });
  }
  if (onConflict === 'deduplicate') return;
  const source = sourcesOf(input).find((one) => one.watermark === null);
  if (source === undefined) return;
  const clause = `ON CONFLICT DO ${String(onConflict).toUpperCase()}`;
  fail('MR2016', { detail: `${clause} needs a watermark of table ${source.path.name}` });
}

function sourcesOf(rel: Rel): readonly CatalogTable[] {
  return rel.op.kind === 'source' ? [rel.op.table] : rel.inputs.flatMap(sourcesOf);
}

function failKeys({ table, keyNames }: KeyedSink, input: Rel): never {
  const names = (key: readonly number[]): string =>
    key.map((index) => input.schema[index]?.name).join(', ');
  const keys = input.traits.upsertKeys.map((key) => `[${names(key)}]`).join(', ');
  const detail = 'The query has an upsert key that differs from the primary key of the sink ' +
    `table '${table}'. Primary key: [${keyNames.join(', ')}], upsert key: ${keys}`;
  return fail('MR2007', { detail: `key of the query is not the key of sink ${table}` }, {
    detail, hint: 'say ON CONFLICT DO DEDUPLICATE, DO NOTHING or DO ERROR',
  });
}

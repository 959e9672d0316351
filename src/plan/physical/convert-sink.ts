/**
 * Sinks: `collect` for a bare query, the table's connector for an INSERT. A sink that takes only
 * inserts refuses an updating query, as Flink's do.
 */
import { CONNECTORS, type ConnectorRow } from '../../../spec/connectors.js';
import { fail } from '../../errors/index.js';
import { pathText } from '../../catalog/table.js';
import type { Sink } from '../logical/node.js';
import { splitOptions } from './connector.js';
import { APPEND, isInsertOnly, type Rel, type SinkOp } from './rel.js';

export function convertSink(node: Sink, input: Rel): Rel {
  const op = node.table === null ? collectSink() : tableSink(node, input);
  if (!op.acceptsUpdates && !isInsertOnly(input.traits)) {
    fail('MR2007', {
      detail: `sink ${op.table} takes only inserts, the query updates its results`,
    });
  }
  return { op, inputs: [input], schema: node.schema, traits: { ...APPEND } };
}

function collectSink(): SinkOp {
  return {
    kind: 'sink', connector: 'collect', table: '*collect*', options: {}, format: null,
    primaryKey: [], partition: [], acceptsUpdates: true, wantsUpdateBefore: true,
  };
}

function tableSink(node: Sink, input: Rel): SinkOp {
  const { connector, options, format } = splitOptions(node.options);
  const rows: readonly ConnectorRow[] = CONNECTORS;
  const row = rows.find((one) => one.name === connector);
  const table = node.table === null ? '' : pathText(node.table.path);
  const indexes = (names: readonly string[]): readonly number[] =>
    names.map((name) => node.schema.findIndex((field) => field.name === name));
  const primaryKey = indexes(node.table?.primaryKey ?? []);
  const updates = updatesOf(row, options, primaryKey.length > 0);
  if (updates === 'after') checkUpsertKey(table, primaryKey, input);
  return {
    kind: 'sink', connector, table, options, format, primaryKey,
    partition: indexes(node.table?.partitionedBy ?? []),
    acceptsUpdates: updates !== 'none',
    wantsUpdateBefore: updates === 'all',
  };
}

/** Which changes a sink takes. */
function updatesOf(
  row: ConnectorRow | undefined, options: Readonly<Record<string, string>>, isKeyed: boolean,
): 'none' | 'after' | 'all' {
  const kinds = options['sink-changelog-mode-enforced']?.split(',');
  if (kinds !== undefined) {
    if (!kinds.includes('UA')) return 'none';
    return kinds.includes('UB') ? 'all' : 'after';
  }
  const updates = row?.sink?.updates ?? 'none';
  if (options['sink-insert-only'] === 'true') return 'none';
  if (updates !== 'keyed') return updates;
  return isKeyed ? 'after' : 'all';
}

/** Where the key of the updates is not the sink's, Flink materializes; that is not there yet. */
function checkUpsertKey(table: string, primaryKey: readonly number[], input: Rel): void {
  if (primaryKey.length === 0 || isInsertOnly(input.traits)) return;
  const fits = input.traits.upsertKeys.some((key) =>
    key.length > 0 && key.every((index) => primaryKey.includes(index)));
  if (!fits) {
    const feature = `materializing updates: upsert key of the query is not the key of ${table}`;
    fail('MR2100', { feature });
  }
}

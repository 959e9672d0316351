/**
 * Sinks: `collect` for a bare query, the table's connector for an INSERT. A sink that takes only
 * inserts refuses an updating query, as Flink's do.
 */
import { CONNECTORS, type ConnectorRow } from '../../../spec/connectors.js';
import { fail } from '../../errors/index.js';
import { pathText } from '../../catalog/table.js';
import type { Sink } from '../logical/node.js';
import { checkDirection, splitOptions, tellsChanges, type ConnectorParts } from './connector.js';
import { childTypes, MAX_LENGTH } from '../../types/data-type.js';
import { parseDurationMs, parseMemoryBytes } from '../duration.js';
import type { ConvertContext, SinkSettings } from './context.js';
import { APPEND, isInsertOnly, type Rel, type SinkOp } from './rel.js';
import { isMaterialized, withUniqueKeys } from './sink-keys.js';

export function convertSink(node: Sink, below: Rel, context: ConvertContext): Rel {
  const { op, input } = node.table === null ? { op: collectSink(node, context), input: below }
    : tableSink(node, below, context);
  if (!op.acceptsUpdates && !isInsertOnly(input.traits)) {
    const detail = `Table sink '${op.table}' doesn't support consuming update changes`;
    fail('MR2007', {
      detail: `sink ${op.table} takes only inserts, the query updates its results`,
    }, { detail });
  }
  return { op, inputs: [input], schema: node.schema, traits: { ...APPEND } };
}

function collectSink(node: Sink, context: ConvertContext): SinkOp {
  return {
    kind: 'sink', connector: 'collect', table: '*collect*', options: {}, format: null,
    primaryKey: [], partition: [], ...constraintsOf(node, context.sinks),
    acceptsUpdates: true, wantsUpdateBefore: true, acceptsDeletesByKey: false,
    shownAs: { isMaterialized: false, onConflict: null },
  };
}

function tableSink(
  node: Sink, below: Rel, context: ConvertContext,
): { readonly op: SinkOp; readonly input: Rel } {
  const parts = splitOptions(node.options);
  const { connector, options, format } = parts;
  const table = node.table === null ? '' : pathText(node.table.path);
  checkDirection(table, parts, 'sink');
  refuseReadOptions(parts);
  const indexes = (names: readonly string[]): readonly number[] =>
    names.map((name) => node.schema.findIndex((field) => field.name === name));
  const keyNames = node.table?.primaryKey ?? [];
  const primaryKey = indexes(keyNames);
  const demand = demandOf(parts, primaryKey.length > 0);
  const isUpsert = !demand.isFixedRetract && primaryKey.length > 0 && demand.acceptsUpdates &&
    (demand.isKeyed || !isInsertOnly(below.traits));
  const target = { table, primaryKey, keyNames, isUpsert, onConflict: node.onConflict };
  const input = withUniqueKeys(target, below, context);
  const op: SinkOp = {
    kind: 'sink', connector, table, options: plainOptions(connector, options), format, primaryKey,
    partition: indexes(node.table?.partitionedBy ?? []),
    ...constraintsOf(node, context.sinks),
    acceptsUpdates: demand.acceptsUpdates, wantsUpdateBefore: demand.wantsUpdateBefore,
    acceptsDeletesByKey: options['sink.supports-delete-by-key'] === 'true',
    shownAs: { isMaterialized: isMaterialized(input), onConflict: node.onConflict },
  };
  return { op, input };
}

/** Options of a format that only what is read can have. */
function refuseReadOptions({ format }: ConnectorParts): void {
  if (format?.options['schema-include']?.toLowerCase() !== 'true') return;
  fail('MR2008', {
    name: `${format.name}.schema-include`, value: 'true', expected: 'records are written without',
  });
}

/** Durations in ms and sizes in bytes, as engines read them. */
function plainOptions(
  connector: string, options: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  if (connector !== 'filesystem') return options;
  const rows: readonly ConnectorRow[] = CONNECTORS;
  const known = rows.find((row) => row.name === connector)?.options ?? [];
  return Object.fromEntries(Object.entries(options).map(([key, value]) => {
    const type = known.find((row) => row.key === key)?.type;
    const plain = type === 'duration' ? parseDurationMs(value)
      : type === 'memory' ? parseMemoryBytes(value) : undefined;
    return [key, plain === undefined ? value : String(plain)];
  }));
}

function constraintsOf(
  { schema, dropsNulls: drops }: Sink, { nested, lengths }: SinkSettings,
): Pick<SinkOp, 'constraints'> {
  if (lengths === 'trim-pad' && nested === 'collections') {
    fail('MR2008', {
      name: 'table.exec.sink.type-length-enforcer', value: 'TRIM_PAD',
      expected: 'elements of arrays and maps are neither cut nor filled up',
    });
  }
  const notNull = schema.flatMap(({ type }, i) => (type.nullable ? [] : [i]));
  const looksInside = nested !== undefined &&
    schema.some(({ type }) => childTypes(type).length > 0);
  const looksAtLengths = lengths !== undefined &&
    (looksInside || schema.some(({ type }) => (type.length ?? MAX_LENGTH) < MAX_LENGTH));
  if (notNull.length === 0 && !looksInside && !looksAtLengths) return {};
  return {
    constraints: {
      notNull, drops, ...(looksInside ? { nested } : {}), ...(looksAtLengths ? { lengths } : {}),
    },
  };
}

interface Demand {
  readonly acceptsUpdates: boolean;
  readonly wantsUpdateBefore: boolean;
  /** Writes by key whatever comes: also inserts must be keyed as the table is. */
  readonly isKeyed: boolean;
  /** Takes old rows whatever comes: it finds its rows by content. */
  readonly isFixedRetract: boolean;
}

function demandOf({ connector, options, format }: ConnectorParts, hasKey: boolean): Demand {
  if (tellsChanges(format)) {
    return { acceptsUpdates: true, wantsUpdateBefore: true, isKeyed: false, isFixedRetract: false };
  }
  const enforced = options['sink-changelog-mode-enforced'];
  if (enforced !== undefined) {
    const kinds = enforced.split(',').map((kind) => kind.trim());
    const wantsUpdateBefore = kinds.includes('UB');
    return {
      acceptsUpdates: kinds.includes('UA'), wantsUpdateBefore, isFixedRetract: wantsUpdateBefore,
      isKeyed: kinds.includes('UA') && !wantsUpdateBefore,
    };
  }
  const rows: readonly ConnectorRow[] = CONNECTORS;
  const updates = rows.find((one) => one.name === connector)?.sink?.updates ?? 'none';
  const isKeyed = updates === 'keyed' && hasKey && options['sink-insert-only'] !== 'true';
  return {
    acceptsUpdates: updates !== 'none' && options['sink-insert-only'] !== 'true',
    wantsUpdateBefore: (updates === 'all' || updates === 'keyed') && !isKeyed,
    isKeyed, isFixedRetract: false,
  };
}

/**
 * The operators, one row each. From a row come EXPLAIN's node name, both engines' dispatch, and
 * the tests' demand for a script, a parity law and a bench.
 */
interface OperatorRow {
  /** Node kind in the physical plan, file stem in src/operators/ and native/operators/. */
  readonly kind: string;
  /** Flink's name of the node in EXPLAIN. */
  readonly flinkName: string;
  readonly inputs: 0 | 1 | 'many';
  readonly stateful: boolean;
  /** How outputs of two runs are compared: DESIGN.md section 3, "Several inputs". */
  readonly equality: 'exact' | 'exact-per-key' | 'multiset' | 'folded';
  readonly engines: readonly ('native' | 'fallback')[];
}

export const OPERATORS = [
  { kind: 'source', flinkName: 'TableSourceScan', inputs: 0, stateful: true, equality: 'exact', engines: ['native', 'fallback'] },
  { kind: 'values', flinkName: 'Values', inputs: 0, stateful: false, equality: 'exact', engines: ['native', 'fallback'] },
  { kind: 'calc', flinkName: 'Calc', inputs: 1, stateful: false, equality: 'exact', engines: ['native', 'fallback'] },
  { kind: 'expand', flinkName: 'Expand', inputs: 1, stateful: false, equality: 'exact', engines: ['native', 'fallback'] },
  { kind: 'correlate', flinkName: 'Correlate', inputs: 1, stateful: false, equality: 'exact', engines: ['native', 'fallback'] },
  { kind: 'lookup-join', flinkName: 'LookupJoin', inputs: 1, stateful: false, equality: 'exact', engines: ['native', 'fallback'] },
  { kind: 'changelog-normalize', flinkName: 'ChangelogNormalize', inputs: 1, stateful: true, equality: 'exact-per-key', engines: ['native', 'fallback'] },
  { kind: 'drop-update-before', flinkName: 'DropUpdateBefore', inputs: 1, stateful: false, equality: 'exact', engines: ['native', 'fallback'] },
  { kind: 'to-changelog', flinkName: 'ProcessTableFunction', inputs: 1, stateful: false, equality: 'exact', engines: ['native', 'fallback'] },
  { kind: 'from-changelog', flinkName: 'ProcessTableFunction', inputs: 1, stateful: false, equality: 'exact', engines: ['native', 'fallback'] },
  { kind: 'watermark-assigner', flinkName: 'WatermarkAssigner', inputs: 1, stateful: true, equality: 'exact', engines: ['native', 'fallback'] },
  { kind: 'union', flinkName: 'Union', inputs: 'many', stateful: true, equality: 'multiset', engines: ['native', 'fallback'] },
  { kind: 'exchange', flinkName: 'Exchange', inputs: 1, stateful: false, equality: 'exact-per-key', engines: ['native', 'fallback'] },
  { kind: 'group-aggregate', flinkName: 'GroupAggregate', inputs: 1, stateful: true, equality: 'exact-per-key', engines: ['native', 'fallback'] },
  { kind: 'local-group-aggregate', flinkName: 'LocalGroupAggregate', inputs: 1, stateful: false, equality: 'multiset', engines: ['native', 'fallback'] },
  { kind: 'global-group-aggregate', flinkName: 'GlobalGroupAggregate', inputs: 1, stateful: true, equality: 'exact-per-key', engines: ['native', 'fallback'] },
  { kind: 'window-aggregate', flinkName: 'WindowAggregate', inputs: 1, stateful: true, equality: 'multiset', engines: ['native', 'fallback'] },
  { kind: 'window-table-function', flinkName: 'WindowTableFunction', inputs: 1, stateful: false, equality: 'exact', engines: ['native', 'fallback'] },
  { kind: 'rank', flinkName: 'Rank', inputs: 1, stateful: true, equality: 'exact-per-key', engines: ['native', 'fallback'] },
  { kind: 'window-rank', flinkName: 'WindowRank', inputs: 1, stateful: true, equality: 'multiset', engines: ['native', 'fallback'] },
  { kind: 'window-deduplicate', flinkName: 'WindowDeduplicate', inputs: 1, stateful: true, equality: 'multiset', engines: ['native', 'fallback'] },
  { kind: 'deduplicate', flinkName: 'Deduplicate', inputs: 1, stateful: true, equality: 'exact-per-key', engines: ['native', 'fallback'] },
  { kind: 'join', flinkName: 'Join', inputs: 'many', stateful: true, equality: 'folded', engines: ['native', 'fallback'] },
  { kind: 'over-aggregate', flinkName: 'OverAggregate', inputs: 1, stateful: true, equality: 'exact-per-key', engines: ['native', 'fallback'] },
  { kind: 'session-window', flinkName: 'WindowTableFunction', inputs: 1, stateful: true, equality: 'multiset', engines: ['native', 'fallback'] },
  { kind: 'temporal-sort', flinkName: 'TemporalSort', inputs: 1, stateful: true, equality: 'exact', engines: ['native', 'fallback'] },
  { kind: 'window-join', flinkName: 'WindowJoin', inputs: 'many', stateful: true, equality: 'multiset', engines: ['native', 'fallback'] },
  { kind: 'interval-join', flinkName: 'IntervalJoin', inputs: 'many', stateful: true, equality: 'multiset', engines: ['native', 'fallback'] },
  { kind: 'match', flinkName: 'Match', inputs: 1, stateful: true, equality: 'exact-per-key', engines: ['native', 'fallback'] },
  { kind: 'temporal-join', flinkName: 'TemporalJoin', inputs: 'many', stateful: true, equality: 'exact-per-key', engines: ['native', 'fallback'] },
  { kind: 'limit', flinkName: 'Limit', inputs: 1, stateful: true, equality: 'exact', engines: ['native', 'fallback'] },
  { kind: 'sink-upsert-materialize', flinkName: 'Sink', inputs: 1, stateful: true, equality: 'exact-per-key', engines: ['native', 'fallback'] },
  { kind: 'sink-conflict', flinkName: 'Sink', inputs: 1, stateful: true, equality: 'exact-per-key', engines: ['native', 'fallback'] },
  { kind: 'sink', flinkName: 'Sink', inputs: 1, stateful: false, equality: 'exact', engines: ['native', 'fallback'] },
] as const satisfies readonly OperatorRow[];

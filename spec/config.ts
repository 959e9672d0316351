/**
 * The session options that SET takes, one row each: names, types and defaults are Flink's where
 * Flink has the option. Options of Flink that change nothing here are taken with a warning if
 * their name begins with one of FLINK_PREFIXES.
 */
export type ConfigType = 'boolean' | 'integer' | 'duration' | 'string' | 'zone';

export interface ConfigRow {
  readonly key: string;
  readonly type: ConfigType;
  /** In the form in which it would be SET. */
  readonly default: string;
  /** The only values of a string option. */
  readonly values?: readonly string[];
  /** Bounds of an integer option. */
  readonly least?: number;
  readonly most?: number;
  readonly doc: string;
}

export const CONFIG = [
  {
    key: 'parallelism.default', type: 'integer', default: '1', least: 1, most: 128,
    doc: 'Number of subtasks of each operator.',
  },
  {
    key: 'pipeline.max-parallelism', type: 'integer', default: '128', least: 128, most: 128,
    doc: 'Number of key groups, the bound of every parallelism: 128, as by default in Flink.',
  },
  {
    key: 'pipeline.auto-watermark-interval', type: 'duration', default: '200 ms',
    doc: 'Taken for compatibility: a watermark follows each row that raises it.',
  },
  { key: 'pipeline.name', type: 'string', default: '', doc: 'Name of the job.' },
  {
    key: 'execution.runtime-mode', type: 'string', default: 'streaming',
    values: ['streaming', 'batch', 'automatic'], doc: 'Only streaming is supported.',
  },
  {
    key: 'execution.checkpointing.interval', type: 'duration', default: '0 ms',
    doc: 'Time between two checkpoints; 0 means none.',
  },
  {
    key: 'execution.checkpointing.dir', type: 'string', default: '',
    doc: 'Folder of the checkpoints; without it none are taken.',
  },
  {
    key: 'execution.checkpointing.num-retained', type: 'integer', default: '1', least: 1,
    doc: 'How many of the newest checkpoints are kept.',
  },
  {
    key: 'execution.checkpointing.tolerable-failed-checkpoints', type: 'integer', default: '0',
    least: 0, doc: 'How many checkpoints in a row may fail to be written before the job fails.',
  },
  {
    key: 'execution.state-recovery.path', type: 'string', default: '',
    doc: 'Folder of checkpoints: the job starts from the newest whole one in it.',
  },
  {
    key: 'table.local-time-zone', type: 'zone', default: 'default',
    doc: 'Session zone; `default` is the zone of the process.',
  },
  {
    key: 'table.exec.mini-batch.enabled', type: 'boolean', default: 'false',
    doc: 'Updating operators emit net changes per bundle.',
  },
  {
    key: 'table.exec.mini-batch.allow-latency', type: 'duration', default: '0 ms',
    doc: 'Longest time a bundle is held.',
  },
  {
    key: 'table.exec.mini-batch.size', type: 'integer', default: '-1',
    doc: 'Most rows of a bundle; must be positive where bundles are enabled.',
  },
  {
    key: 'table.optimizer.agg-phase-strategy', type: 'string', default: 'AUTO',
    values: ['AUTO', 'TWO_PHASE', 'ONE_PHASE'],
    doc: 'Whether aggregations are computed before the exchange too; of groups under mini-batch.',
  },
  {
    key: 'table.optimizer.distinct-agg.split.enabled', type: 'boolean', default: 'false',
    doc: 'Aggregations of DISTINCT values are split by buckets of the values.',
  },
  {
    key: 'table.optimizer.distinct-agg.split.bucket-num', type: 'integer', default: '1024',
    least: 1, doc: 'Number of the buckets.',
  },
  {
    key: 'table.optimizer.incremental-agg-enabled', type: 'boolean', default: 'true',
    doc: 'The phases in the middle of a split aggregation are one operator.',
  },
  {
    key: 'table.exec.state.ttl', type: 'duration', default: '0 ms',
    doc: 'State of a key that was not touched for this long is dropped; 0 keeps it for ever.',
  },
  {
    key: 'table.exec.emit.early-fire.enabled', type: 'boolean', default: 'false',
    doc: 'Windows shown before they end: refused where a window is planned.',
  },
  {
    key: 'table.exec.emit.late-fire.enabled', type: 'boolean', default: 'false',
    doc: 'Windows shown again by late rows: refused where a window is planned.',
  },
  {
    key: 'table.exec.emit.allow-lateness', type: 'duration', default: '0 ms',
    doc: 'How long windows of GROUP BY take late rows: refused where one is planned.',
  },
  {
    key: 'table.exec.legacy-cast-behaviour', type: 'string', default: 'DISABLED',
    values: ['DISABLED'], doc: 'Casts fail as the standard says; the older rules are not there.',
  },
  {
    key: 'table.exec.interval-join.min-cleanup-interval', type: 'duration', default: '0 ms',
    doc: 'How much longer than needed interval joins keep rows, so that they drop many at once.',
  },
  {
    key: 'table.exec.sink.not-null-enforcer', type: 'string', default: 'ERROR',
    values: ['ERROR', 'DROP'], doc: 'What a NULL in a NOT NULL column of a sink does.',
  },
  {
    key: 'table.exec.sink.nested-constraint-enforcer', type: 'string', default: 'IGNORE',
    values: ['IGNORE', 'ROWS', 'ROWS_AND_COLLECTIONS'],
    doc: 'Whether NOT NULL and lengths count inside rows, and inside arrays and maps.',
  },
  {
    key: 'table.exec.sink.type-length-enforcer', type: 'string', default: 'IGNORE',
    values: ['IGNORE', 'TRIM_PAD', 'ERROR'],
    doc: 'What values of another length than CHAR(n), VARCHAR(n), BINARY(n), VARBINARY(n) do.',
  },
  {
    key: 'table.exec.sink.upsert-materialize', type: 'string', default: 'AUTO',
    values: ['NONE', 'AUTO', 'FORCE'],
    doc: 'Whether all rows of a sink\'s primary key are kept where the query has another key.',
  },
  {
    key: 'table.exec.sink.require-on-conflict', type: 'boolean', default: 'true',
    doc: 'Whether an INSERT whose query has another key than its sink must say ON CONFLICT.',
  },
  {
    key: 'table.exec.sink.keyed-shuffle', type: 'string', default: 'AUTO',
    values: ['NONE', 'AUTO', 'FORCE'],
    doc: 'FORCE spreads rows by the primary key of the sink.',
  },
  {
    key: 'table.exec.source.idle-timeout', type: 'duration', default: '0 ms',
    doc: 'A source that had no row for so long holds no watermark back; 0: it always does.',
  },
  {
    key: 'table.exec.source.cdc-events-duplicate', type: 'boolean', default: 'false',
    doc: 'Whether changes of a source with a primary key may come twice; they are then dropped.',
  },
  {
    key: 'table.optimizer.reuse-sub-plan-enabled', type: 'boolean', default: 'true',
    doc: 'Whether equal parts of a plan run once for all that read them.',
  },
  {
    key: 'table.optimizer.reuse-source-enabled', type: 'boolean', default: 'true',
    doc: 'Whether a table that is read several times is read once, for all columns; needs ' +
      'table.optimizer.reuse-sub-plan-enabled.',
  },
  {
    key: 'table.optimizer.source.predicate-pushdown-enabled', type: 'boolean', default: 'true',
    doc: 'Whether sources pass over files and row groups in which a filter finds nothing.',
  },
  {
    key: 'table.plan.force-recompile', type: 'boolean', default: 'false',
    doc: 'Whether COMPILE PLAN replaces a file that is there.',
  },
  {
    key: 'table.plan.compile.catalog-objects', type: 'string', default: 'ALL', values: ['ALL'],
    doc: 'What COMPILE PLAN keeps of tables: all that the plan needs, options too.',
  },
  {
    key: 'table.plan.restore.catalog-objects', type: 'string', default: 'ALL',
    values: ['ALL', 'ALL_ENFORCED'],
    doc: 'Where EXECUTE PLAN looks for tables: in the plan alone.',
  },
  {
    key: 'table.dml-sync', type: 'boolean', default: 'false',
    doc: 'Whether an INSERT statement waits for its job.',
  },
  {
    key: 'sql-client.execution.result-mode', type: 'string', default: 'TABLE',
    values: ['TABLE', 'CHANGELOG', 'TABLEAU'],
    doc: 'Taken for compatibility: `millrace run --format` says how results are printed.',
  },
  {
    key: 'millrace.engine', type: 'string', default: 'auto', values: ['auto', 'native', 'fallback'],
    doc: 'Which engine runs the operators; a name means that engine for every one.',
  },
  {
    key: 'millrace.engine.fallback-operators', type: 'string', default: '',
    doc: 'Under auto: operators that run on the TypeScript engine although the native one has ' +
      'them; kinds or numbers as EXPLAIN shows them, separated by commas.',
  },
  {
    key: 'millrace.fallback.worker-threads', type: 'boolean', default: 'true',
    doc: 'Whether subtasks of the TypeScript engine run in worker threads where there are several.',
  },
  {
    key: 'millrace.lookup.max-rows', type: 'integer', default: '16777216', least: 1,
    doc: 'Rows of a looked up table; a larger one is an error.',
  },
  {
    key: 'millrace.batch-rows', type: 'integer', default: '4096', least: 1,
    doc: 'Rows a batch that sources fill.',
  },
  {
    key: 'millrace.flush-interval', type: 'duration', default: '10 ms',
    doc: 'Longest time a source holds back rows; 0 means none.',
  },
] as const satisfies readonly ConfigRow[];

export type ConfigKey = (typeof CONFIG)[number]['key'];

/** Families of Flink's own options that are accepted without effect. */
export const FLINK_PREFIXES: readonly string[] = [
  'akka.', 'blob.', 'classloader.', 'client.', 'cluster.', 'env.', 'execution.', 'fs.',
  'heartbeat.', 'high-availability.', 'historyserver.', 'io.', 'jobmanager.', 'jobstore.',
  'kubernetes.', 'metrics.', 'parallelism.', 'pekko.', 'pipeline.', 'pipeline-options.',
  'process.', 'python.', 'query.', 'queryable-state.', 'resourcemanager.', 'rest.',
  'restart-strategy.', 'restart-strategy', 'rpc.', 'security.', 'slot.', 'slotmanager.',
  'sql-client.', 'sql-gateway.', 'state.', 'table.', 'task.', 'taskmanager.', 'web.', 'yarn.',
  'zookeeper.', '$internal.',
];

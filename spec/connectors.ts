/**
 * The connectors, one row each: whether they read or write, and their options. From a row come
 * the validation of WITH (...), the docs page and the forms of the command line.
 */
export type OptionType = 'string' | 'integer' | 'boolean' | 'duration' | 'memory' | 'double';

export interface OptionRow {
  readonly key: string;
  readonly type: OptionType;
  readonly required?: true;
  readonly default?: string;
  /** The only values there are. */
  readonly values?: readonly string[];
  readonly doc: string;
}

/** A family of options: `fields.#.kind`, where # stands for a column's name. */
export interface OptionPattern extends Omit<OptionRow, 'required'> {
  readonly key: `${string}#${string}`;
}

export interface ConnectorRow {
  readonly name: string;
  readonly doc: string;
  /** Null: it cannot be read. */
  readonly source: { readonly bounded: boolean } | null;
  /**
   * Null: it cannot be written. updates: which changes it takes. none: inserts only; after: it
   * does without the old row of an update; all: every kind; keyed: without old rows where the
   * table has a key, which must then be that of the updates, else every kind.
   */
  readonly sink: { readonly updates: 'none' | 'after' | 'all' | 'keyed' } | null;
  /** Whether rows of it can be looked up by key (FOR SYSTEM_TIME AS OF processing time). */
  readonly lookup?: true;
  /** Whether records are bytes, so that it needs a `format`. */
  readonly format: boolean;
  /** Made by the planner or by the API, never named in WITH (...). */
  readonly internal?: true;
  readonly options: readonly OptionRow[];
  readonly patterns?: readonly OptionPattern[];
  /** What METADATA columns can read beside the record. */
  readonly metadata?: readonly { readonly key: string; readonly type: string }[];
}

/** What a table may say of its watermark where Flink lets it. */
const SCAN_WATERMARK = [
  {
    key: 'scan.watermark.idle-timeout', type: 'duration',
    doc: 'The table\'s own table.exec.source.idle-timeout.',
  },
  {
    key: 'scan.watermark.emit.strategy', type: 'string', default: 'on-periodic',
    values: ['on-periodic', 'on-event'],
    doc: 'Taken for compatibility: a watermark follows each row that raises it.',
  },
  {
    key: 'scan.watermark.alignment.group', type: 'string',
    doc: 'Taken for compatibility: no source waits for another.',
  },
  {
    key: 'scan.watermark.alignment.max-drift', type: 'duration',
    doc: 'As scan.watermark.alignment.group.',
  },
  {
    key: 'scan.watermark.alignment.update-interval', type: 'duration',
    doc: 'As scan.watermark.alignment.group.',
  },
] as const satisfies readonly OptionRow[];

export const CONNECTORS = [
  {
    name: 'filesystem', source: { bounded: true }, sink: { updates: 'none' }, format: true,
    lookup: true,
    doc: 'Files of a folder, or one file.',
    metadata: [
      { key: 'file.path', type: 'STRING NOT NULL' },
      { key: 'file.name', type: 'STRING NOT NULL' },
      { key: 'file.size', type: 'BIGINT NOT NULL' },
      { key: 'file.modification-time', type: 'TIMESTAMP_LTZ(3) NOT NULL' },
    ],
    options: [
      { key: 'path', type: 'string', required: true, doc: 'File or folder.' },
      {
        key: 'lookup.cache', type: 'string', default: 'FULL', values: ['FULL', 'NONE'],
        doc: 'Looked up: FULL keeps the whole table, NONE reads it before each batch.',
      },
      {
        key: 'lookup.full-cache.reload-strategy', type: 'string', default: 'PERIODIC',
        values: ['PERIODIC', 'TIMED'], doc: 'When the table is read again.',
      },
      {
        key: 'lookup.full-cache.periodic-reload.interval', type: 'duration',
        doc: 'How often the table is read again; without it never.',
      },
      {
        key: 'lookup.full-cache.periodic-reload.schedule-mode', type: 'string',
        default: 'FIXED_DELAY', values: ['FIXED_DELAY', 'FIXED_RATE'],
        doc: 'The interval counts from the last reading, or in multiples from the first.',
      },
      {
        key: 'lookup.full-cache.timed-reload.iso-time', type: 'string',
        doc: 'Time of the day at which the table is read again: 10:15 or 10:15:00+02:00.',
      },
      {
        key: 'lookup.full-cache.timed-reload.interval-in-days', type: 'integer', default: '1',
        doc: 'Every so many days.',
      },
      {
        key: 'source.monitor-interval', type: 'duration',
        doc: 'How often to look for new files; without it the input ends.',
      },
      {
        key: 'source.path.regex-pattern', type: 'string',
        doc: 'Only files whose path matches are read.',
      },
      ...SCAN_WATERMARK,
      {
        key: 'scan.parallelism', type: 'integer',
        doc: 'Subtasks that read, at most those of the job; 1: rows keep the order of the files.',
      },
      {
        key: 'sink.rolling-policy.file-size', type: 'memory', default: '128MB',
        doc: 'A part file is closed when it has this size.',
      },
      {
        key: 'sink.rolling-policy.rollover-interval', type: 'duration', default: '30 min',
        doc: 'A part file is closed when it is this old.',
      },
      {
        key: 'sink.rolling-policy.inactivity-interval', type: 'duration', default: '30 min',
        doc: 'A part file is closed when nothing was written to it for this long.',
      },
      {
        key: 'sink.rolling-policy.check-interval', type: 'duration', default: '1 min',
        doc: 'How often the age of part files is looked at.',
      },
      {
        key: 'partition.default-name', type: 'string', default: '__DEFAULT_PARTITION__',
        doc: 'Folder of rows whose partition column is NULL or empty.',
      },
      {
        key: 'sink.partition-commit.policy.kind', type: 'string',
        doc: 'What marks a complete partition: success-file, or nothing.',
      },
      {
        key: 'sink.partition-commit.success-file.name', type: 'string', default: '_SUCCESS',
        doc: 'Name of the file that marks a partition.',
      },
      {
        key: 'sink.partition-commit.trigger', type: 'string', default: 'process-time',
        values: ['process-time', 'partition-time'],
        doc: 'Whether a partition is complete by the clock or by the watermark.',
      },
      {
        key: 'sink.partition-commit.delay', type: 'duration', default: '0 s',
        doc: 'A partition is complete so long after its first row, or its time.',
      },
      {
        key: 'sink.partition-commit.watermark-time-zone', type: 'string', default: 'UTC',
        doc: 'Zone in which the time of a partition is read; only UTC.',
      },
      {
        key: 'partition.time-extractor.kind', type: 'string', default: 'default',
        values: ['default'], doc: 'How a partition gets a time.',
      },
      {
        key: 'partition.time-extractor.timestamp-pattern', type: 'string',
        doc: 'Time of a partition, with $column for values; the first value without it.',
      },
      {
        key: 'partition.time-extractor.timestamp-formatter', type: 'string',
        doc: 'Form of that time; only yyyy-MM-dd[ HH:mm:ss].',
      },
      { key: 'auto-compaction', type: 'boolean', default: 'false', doc: 'Merge small files.' },
    ],
  },
  {
    name: 'nexmark', source: { bounded: true }, sink: null, format: false,
    doc: 'The generator of the Nexmark benchmark: persons, auctions, bids of an auction house.',
    options: [
      { key: 'events.num', type: 'integer', default: '0', doc: 'Number of events; 0: no end.' },
      { key: 'seed', type: 'integer', default: '0', doc: 'Equal seeds, equal events.' },
      {
        key: 'first-event.rate', type: 'integer', default: '10000',
        doc: 'Events a second of event time.',
      },
      {
        key: 'next-event.rate', type: 'integer', default: '10000',
        doc: 'Events a second of event time, later.',
      },
      { key: 'rate.shape', type: 'string', default: 'SQUARE', doc: 'How the rate changes.' },
      { key: 'rate.period', type: 'duration', default: '600 s', doc: 'Period of the rate.' },
      { key: 'rate.limited', type: 'boolean', default: 'false', doc: 'Keep to real time.' },
      { key: 'base-time', type: 'integer', doc: 'Time of the first event, ms since the epoch.' },
      { key: 'person.avg-size', type: 'memory', default: '200b', doc: 'Size of a person.' },
      { key: 'auction.avg-size', type: 'memory', default: '500b', doc: 'Size of an auction.' },
      { key: 'bid.avg-size', type: 'memory', default: '100b', doc: 'Size of a bid.' },
      { key: 'person.proportion', type: 'integer', default: '1', doc: 'Share of persons.' },
      { key: 'auction.proportion', type: 'integer', default: '3', doc: 'Share of auctions.' },
      { key: 'bid.proportion', type: 'integer', default: '46', doc: 'Share of bids.' },
      {
        key: 'bid.hot-ratio.auctions', type: 'integer', default: '2',
        doc: 'All but one of so many bids are on a hot auction.',
      },
      {
        key: 'bid.hot-ratio.bidders', type: 'integer', default: '4',
        doc: 'All but one of so many bids are by a hot bidder.',
      },
      {
        key: 'auction.hot-ratio.sellers', type: 'integer', default: '4',
        doc: 'All but one of so many auctions are by a hot seller.',
      },
      { key: 'keep-alive', type: 'boolean', default: 'false', doc: 'Stay open at the end.' },
      { key: 'max-emit-speed', type: 'boolean', default: 'true', doc: 'As fast as possible.' },
      { key: 'stop-at', type: 'integer', default: '-1', doc: 'Event to stop at; -1: none.' },
      {
        key: 'out-of-order-group-size', type: 'integer', default: '1',
        doc: 'Events that come in another order; 1: none.',
      },
    ],
  },
  {
    name: 'datagen', source: { bounded: false }, sink: null, format: false,
    doc: 'Random rows, or sequences.',
    options: [
      { key: 'rows-per-second', type: 'integer', default: '10000', doc: 'Rate of rows.' },
      { key: 'number-of-rows', type: 'integer', doc: 'Ends after so many rows.' },
      {
        key: 'scan.parallelism', type: 'integer',
        doc: 'Subtasks that make rows, at most those of the job.',
      },
      { key: 'seed', type: 'integer', doc: 'Equal seeds, equal rows.' },
    ],
    patterns: [
      {
        key: 'fields.#.kind', type: 'string', default: 'random', values: ['random', 'sequence'],
        doc: 'How the column is made.',
      },
      { key: 'fields.#.min', type: 'string', doc: 'Smallest random number.' },
      { key: 'fields.#.max', type: 'string', doc: 'Largest random number.' },
      { key: 'fields.#.max-past', type: 'duration', doc: 'Age of the oldest random timestamp.' },
      { key: 'fields.#.length', type: 'integer', default: '100', doc: 'Length of a string.' },
      { key: 'fields.#.var-len', type: 'boolean', default: 'false', doc: 'Length varies.' },
      { key: 'fields.#.start', type: 'string', doc: 'First of a sequence.' },
      { key: 'fields.#.end', type: 'string', doc: 'Last of a sequence.' },
      { key: 'fields.#.null-rate', type: 'double', default: '0', doc: 'Share of NULLs.' },
    ],
  },
  {
    name: 'print', source: null, sink: { updates: 'all' }, format: false,
    doc: 'Prints each change in the form of Flink.',
    options: [
      { key: 'print-identifier', type: 'string', doc: 'Written before each row.' },
      { key: 'standard-error', type: 'boolean', default: 'false', doc: 'To stderr.' },
      { key: 'sink.parallelism', type: 'integer', doc: 'Parallelism of the sink.' },
    ],
  },
  {
    name: 'blackhole', source: null, sink: { updates: 'after' }, format: false,
    doc: 'Takes every row, finished, and drops it.',
    options: [],
  },
  {
    name: 'values', source: { bounded: true }, sink: { updates: 'keyed' }, format: false,
    lookup: true,
    doc: 'Rows of a TypeScript program: registered ones are read, written ones are kept.',
    options: [
      { key: 'data-id', type: 'string', doc: 'What TableEnvironment.registerData returned.' },
      {
        key: 'changelog-mode', type: 'string', default: 'I',
        doc: 'Kinds of rows a source has: I, UB, UA, D, separated by commas.',
      },
      {
        key: 'source.produces-delete-by-key', type: 'boolean', default: 'false',
        doc: 'Whether deletes of a source may have nothing but the key.',
      },
      {
        key: 'sink.supports-delete-by-key', type: 'boolean', default: 'false',
        doc: 'Whether a sink takes deletes that have nothing but the key.',
      },
      {
        key: 'readable-metadata', type: 'string',
        doc: 'Metadata of a source, `key:TYPE,...`: values behind the columns, in the order of keys.',
      },
      {
        key: 'writable-metadata', type: 'string',
        doc: 'Metadata that a sink takes, `key:TYPE,...`.',
      },
      {
        key: 'sink-insert-only', type: 'boolean', default: 'false',
        doc: 'Whether a sink refuses updates.',
      },
      {
        key: 'sink-changelog-mode-enforced', type: 'string',
        doc: 'Kinds of rows a sink takes, whatever its key: I, UB, UA, D, separated by commas.',
      },
      ...SCAN_WATERMARK,
    ],
  },
  {
    name: 'external', source: { bounded: false }, sink: null, format: false, internal: true,
    doc: 'Rows offered from TypeScript.',
    options: [
      { key: 'input', type: 'integer', required: true, doc: 'Number of the pipeline input.' },
      {
        key: 'changelog', type: 'string', default: 'I', doc: 'Kinds of rows: of I, UB, UA, D.',
      },
    ],
  },
  {
    name: 'collect', source: null, sink: { updates: 'all' }, format: false, internal: true,
    doc: 'Hands the results of a query to TypeScript.',
    options: [{ key: 'output', type: 'integer', doc: 'Number of the pipeline output.' }],
  },
] as const satisfies readonly ConnectorRow[];

/**
 * The ways in which a query is run to see that its result does not depend on them. Each is run on
 * both engines; Flink is asked where the rows themselves differ.
 */
export interface Variant {
  readonly name: string;
  readonly doc: string;
  /** Session options of millrace. */
  readonly config: Readonly<Record<string, string>>;
  /** `disordered`: each thousand events shuffled, as `out-of-order-group-size` does it. */
  readonly input: 'ordered' | 'disordered';
  /** How far the watermark stays behind the newest row; small: rows come late. */
  readonly delay: string;
  /**
   * What must be equal: every change, in order where the operators keep it; the table that the
   * changes fold to.
   */
  readonly equality: 'changes' | 'table';
  /** A checkpoint in mid-stream, taken up by a second job. */
  readonly restores?: true;
  /** One subtask reads for all: which rows are late depends on the order of all of them. */
  readonly readsInOrder?: true;
  readonly hasLateRows?: true;
}

const MINI_BATCH = {
  'table.exec.mini-batch.enabled': 'true', 'table.exec.mini-batch.size': '5000',
  'table.exec.mini-batch.allow-latency': '2 s',
};

/** Subtasks of the fallback in one thread: worker threads take longer to start than to run. */
const THREE = { 'parallelism.default': '3', 'millrace.fallback.worker-threads': 'false' };

const ORDERED = { input: 'ordered', delay: "INTERVAL '4' SECOND" } as const;

const LATE = "INTERVAL '0.020' SECOND";

export const VARIANTS: readonly Variant[] = [
  {
    name: 'plain', doc: 'batches of 4096 rows, parallelism 1, no mini-batch',
    config: {}, ...ORDERED, equality: 'changes',
  },
  {
    name: 'batch-1', doc: 'batches of one row',
    config: { 'millrace.batch-rows': '1' }, ...ORDERED, equality: 'changes',
  },
  {
    name: 'batch-7', doc: 'batches of seven rows',
    config: { 'millrace.batch-rows': '7' }, ...ORDERED, equality: 'changes',
  },
  {
    name: 'mini-batch', doc: 'net changes per bundle of 5000 rows or 2 s',
    config: MINI_BATCH, ...ORDERED, equality: 'table',
  },
  {
    name: 'mini-batch-restore', doc: 'a checkpoint between bundles, taken up by a second job',
    config: { ...MINI_BATCH, 'millrace.batch-rows': '64' }, ...ORDERED, equality: 'table',
    restores: true,
  },
  {
    name: 'parallelism-3', doc: 'three subtasks of each operator',
    config: THREE, ...ORDERED, equality: 'table',
  },
  {
    name: 'mini-batch-3', doc: 'net changes per bundle in three subtasks',
    config: { ...MINI_BATCH, ...THREE }, ...ORDERED, equality: 'table',
  },
  {
    name: 'restore', doc: 'a checkpoint in mid-stream, taken up by a second job',
    config: { 'millrace.batch-rows': '64' }, ...ORDERED, equality: 'table', restores: true,
  },
  {
    name: 'disorder', doc: 'each thousand events shuffled',
    config: {}, input: 'disordered', delay: "INTERVAL '4' SECOND", equality: 'changes',
  },
  {
    name: 'late', doc: 'each thousand events shuffled, the watermark 20 ms behind: rows come late',
    config: {}, input: 'disordered', delay: LATE, equality: 'changes', hasLateRows: true,
  },
  {
    name: 'late-3', doc: 'the same late rows in three subtasks, behind one that reads',
    config: THREE, input: 'disordered', delay: LATE, equality: 'table', readsInOrder: true,
    hasLateRows: true,
  },
];

export function variantsNamed(names: readonly string[]): readonly Variant[] {
  return names.map((name) => {
    const variant = VARIANTS.find((one) => one.name === name);
    if (variant !== undefined) return variant;
    const known = VARIANTS.map((one) => one.name).join(', ');
    throw new Error(`unknown variant: ${name}; there are ${known}`);
  });
}

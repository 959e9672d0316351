/** Sinks that keep nothing: collect passes batches on, blackhole drops them. */
import { Batch } from '../batch/batch.js';
import { materialized } from '../batch/take.js';
import { fail } from '../errors/index.js';
import type { SinkNode } from '../plan/physical/plan.js';
import type { RowField } from '../types/data-type.js';
import type { Operator, Output, StateTable } from './operator.js';

/** Whoever reads the output wants the progress of time, seldom each step of it. */
class CollectSink implements Operator {
  readonly stateTables: readonly StateTable[] = [];

  constructor(private readonly keepsRuns: boolean) {}

  process(batch: Batch, _input: number, output: Output): void {
    const { rowCount, columns, selection, rowKinds, watermarks } = batch;
    const isThinned = !this.keepsRuns && watermarks.length > 1;
    output.emit(materialized(isThinned
      ? new Batch(rowCount, columns, selection, rowKinds, watermarks.slice(-1)) : batch));
  }
}

class BlackholeSink implements Operator {
  readonly stateTables: readonly StateTable[] = [];

  process(): void {}
}

/**
 * Hands every batch to the pipeline's output `options.output`, with its last watermark run; with
 * all of them where `options.watermarks` is 'exact'.
 */
export function makeSinkCollect(
  node: SinkNode, _inputs: readonly (readonly RowField[])[],
): Operator {
  if (node.options['output'] === undefined) fail('MR2009', { name: 'output' });
  return new CollectSink(node.options['watermarks'] === 'exact');
}

/** Takes every batch and forgets it. */
export function makeSinkBlackhole(): Operator {
  return new BlackholeSink();
}

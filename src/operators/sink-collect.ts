/** Sinks that keep nothing: collect passes batches on, blackhole drops them. */
import type { Batch } from '../batch/batch.js';
import { materialized } from '../batch/take.js';
import { fail } from '../errors/index.js';
import type { SinkNode } from '../plan/physical/plan.js';
import type { RowField } from '../types/data-type.js';
import type { Operator, Output, StateTable } from './operator.js';

class CollectSink implements Operator {
  readonly stateTables: readonly StateTable[] = [];

  process(batch: Batch, _input: number, output: Output): void {
    output.emit(materialized(batch));
  }
}

class BlackholeSink implements Operator {
  readonly stateTables: readonly StateTable[] = [];

  process(): void {}
}

/** Hands every batch to the pipeline's output `options.output`. */
export function makeSinkCollect(
  node: SinkNode, _inputs: readonly (readonly RowField[])[],
): Operator {
  if (node.options['output'] === undefined) fail('MR2009', { name: 'output' });
  return new CollectSink();
}

/** Takes every batch and forgets it. */
export function makeSinkBlackhole(): Operator {
  return new BlackholeSink();
}

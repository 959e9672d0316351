/** Bytes of state a key: the native engine's own account beside Flink's heap, same bytes in. */
import { FlinkParticipant } from '../participants/flink.js';
import { prepareInput } from './input.js';
import { nexmarkQuery } from './queries.js';
import { measureScale } from './scale.js';

export interface HeapRow {
  readonly query: string;
  readonly events: number;
  /** Keys of aggregates, rows of joins: what the native engine counts. */
  readonly stateRows: number;
  readonly nativeBytes: number;
  /** Live on Flink's heap at the most, above the least; of the process, not of the state alone. */
  readonly flinkBytes: number;
}

/** Nothing where there is no Flink. */
export async function* measureHeap(
  queries: readonly string[], events: number, seed: number,
): AsyncGenerator<HeapRow> {
  const flink = FlinkParticipant.start();
  if (flink === null) return;
  try {
    const { table } = await prepareInput('json', events, seed);
    for (const query of queries) {
      const { stateRows, stateBytes } = await measureScale(query, 'native', table, events);
      const flinkBytes = await flink.heapBytes(nexmarkQuery(query, table));
      yield { query, events, stateRows, nativeBytes: stateBytes, flinkBytes };
    }
  } finally {
    await flink.close();
  }
}

/**
 * Rows that TypeScript holds for SQL: what stands behind tables of the connector `values`, and
 * what was written into them. A plan's `values` sources become pipeline inputs, its `values`
 * sinks pipeline outputs.
 */
import type { Batch } from '../batch/batch.js';
import { errorOf } from '../errors/index.js';
import type { PhysicalNode, PhysicalPlan, SourceColumn } from '../plan/physical/plan.js';
import type { RowField } from '../types/data-type.js';

/** What a job reads of a table, and all its columns that stand in rows. */
export interface TableRead {
  readonly columns: readonly SourceColumn[];
  readonly tableSchema: readonly RowField[];
  /** Most rows of a batch. */
  readonly batchRows: number;
}

/** Gives a source's batches, with the columns that are read; asked anew by each job. */
export type BatchProvider = (read: TableRead) => Iterable<Batch> | AsyncIterable<Batch>;

/** Where a job's rows come from and go to, by number of pipeline input and output. */
export interface BoundPlan {
  readonly plan: PhysicalPlan;
  readonly inputs: readonly (Iterable<Batch> | AsyncIterable<Batch>)[];
  readonly outputs: readonly BoundOutput[];
}

export interface BoundOutput {
  readonly connector: 'collect' | 'print' | 'values';
  readonly table: string;
  readonly options: Readonly<Record<string, string>>;
  readonly fields: readonly RowField[];
}

/** What was written into a `values` table. */
export interface KeptRows {
  readonly fields: readonly RowField[];
  readonly batches: readonly Batch[];
}

export class ExternalData {
  readonly #providers = new Map<string, BatchProvider>();
  readonly #kept = new Map<string, { fields: readonly RowField[]; batches: Batch[] }>();
  #next = 0;

  /** The `data-id` under which a table finds it. */
  register(provider: BatchProvider, id = `data-${this.#next++}`): string {
    this.#providers.set(id, provider);
    return id;
  }

  /** Adds to what was written into a `values` table. */
  keep(output: BoundOutput, batch: Batch): void {
    const kept = this.#kept.get(output.table) ?? { fields: output.fields, batches: [] };
    kept.batches.push(batch);
    this.#kept.set(output.table, kept);
  }

  kept(table: string): KeptRows {
    return this.#kept.get(table) ?? { fields: [], batches: [] };
  }

  /** Numbers inputs and outputs and finds the data behind each input. */
  bind(plan: PhysicalPlan, batchRows: number): BoundPlan {
    const inputs: (Iterable<Batch> | AsyncIterable<Batch>)[] = [];
    const outputs: BoundOutput[] = [];
    const nodes = plan.nodes.map((node): PhysicalNode => {
      if (node.kind === 'source' && node.connector === 'values') {
        const { columns, tableSchema } = node;
        const provider = this.#provider(node.options['data-id'], node.table);
        inputs.push(provider({ columns, tableSchema, batchRows }));
        return { ...node, connector: 'external', options: inputOptions(node, inputs.length - 1) };
      }
      if (node.kind === 'sink' && isOutput(node.connector)) {
        const { connector, table, options, schema: fields } = node;
        outputs.push({ connector, table, options, fields });
        const output = String(outputs.length - 1);
        return { ...node, connector: 'collect', options: { ...options, output } };
      }
      return node;
    });
    return { plan: { ...plan, nodes }, inputs, outputs };
  }

  #provider(id: string | undefined, table: string): BatchProvider {
    const provider = id === undefined ? undefined : this.#providers.get(id);
    if (provider !== undefined) return provider;
    throw errorOf('MR4020', { table, id: id ?? '' });
  }
}

function inputOptions(
  node: { readonly options: Readonly<Record<string, string>> }, input: number,
): Record<string, string> {
  return { ...node.options, input: String(input) };
}

function isOutput(connector: string): connector is BoundOutput['connector'] {
  return connector === 'collect' || connector === 'print' || connector === 'values';
}

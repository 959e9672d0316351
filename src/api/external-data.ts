/**
 * Rows that TypeScript holds for SQL: what stands behind tables of the connector `values`, and
 * what was written into them. A plan's `values` sources become pipeline inputs, its `values`
 * sinks pipeline outputs.
 */
import { ROW_KIND_TEXT, type Batch } from '../batch/batch.js';
import { changeKinds } from '../catalog/options.js';
import { errorOf } from '../errors/index.js';
import { literalAt } from '../batch/values.js';
import type {
  LiteralValue, LookupJoinNode, LookupSource, PhysicalNode, PhysicalPlan, SourceColumn,
} from '../plan/physical/plan.js';
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
  async bind(plan: PhysicalPlan, batchRows: number): Promise<BoundPlan> {
    const inputs: (Iterable<Batch> | AsyncIterable<Batch>)[] = [];
    const outputs: BoundOutput[] = [];
    const bound = plan.nodes.map(async (node): Promise<PhysicalNode> => {
      if (node.kind === 'lookup-join' && node.table.connector === 'values') {
        return { ...node, table: await this.#withRows(node, batchRows) };
      }
      if (node.kind === 'source' && node.connector === 'values') {
        const { columns, tableSchema } = node;
        const provider = this.#provider(node.options['data-id'], node.table);
        const batches = provider({ columns, tableSchema, batchRows });
        inputs.push(ofKinds(batches, changeKinds(node), node.table));
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
    return { plan: { ...plan, nodes: await Promise.all(bound) }, inputs, outputs };
  }

  /** A looked up table goes with the plan, as it is now. */
  async #withRows(node: LookupJoinNode, batchRows: number): Promise<LookupSource> {
    const { table, mostRows } = node;
    const { columns, tableSchema } = table;
    const provider = this.#provider(table.options['data-id'], table.table);
    const batches = provider({ columns, tableSchema, batchRows });
    const rows: (readonly LiteralValue[])[] = [];
    for await (const batch of ofKinds(batches, ['I'], table.table)) {
      if (rows.length + batch.activeCount > mostRows) {
        throw errorOf('MR3035', { detail: `${table.table} has more than ${mostRows} rows` });
      }
      for (let i = 0; i < batch.activeCount; i++) {
        const row = batch.selection === null ? i : batch.selection[i]!;
        rows.push(batch.columns.map((column) => literalAt(column, row)));
      }
    }
    return { ...table, rows };
  }

  #provider(id: string | undefined, table: string): BatchProvider {
    const provider = id === undefined ? undefined : this.#providers.get(id);
    if (provider !== undefined) return provider;
    throw errorOf('MR4020', { table, id: id ?? '' });
  }
}

const KIND_BITS: Readonly<Record<string, number>> = { I: 1, UB: 2, UA: 4, D: 8 };

/**
 * The batches, as long as their rows have the kinds that the table gives; MR3034 otherwise. Where
 * new rows come as updates alone, an insert is one.
 */
async function* ofKinds(
  batches: Iterable<Batch> | AsyncIterable<Batch>, kinds: readonly string[], table: string,
): AsyncGenerator<Batch> {
  const listed = kinds.includes('UA') ? [...kinds, 'I'] : kinds;
  const allowed = listed.reduce((bits, kind) => bits | (KIND_BITS[kind] ?? 0), 0);
  for await (const batch of batches) {
    const wrong = batch.rowKinds?.find((kind) => (allowed & (1 << kind)) === 0);
    if (wrong !== undefined) throw errorOf('MR3034', { kind: ROW_KIND_TEXT[wrong] ?? '', table });
    yield batch;
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

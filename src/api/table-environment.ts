/**
 * The door for SQL. Behind it stands a session, loaded when the first statement needs it: parser,
 * planner and engines take longer to load than a program that imports them may have time for.
 */
import type * as arrow from 'apache-arrow';
import { SessionConfig } from '../plan/config.js';
import { ExternalData } from './external-data.js';
import type { Row } from './row.js';
import type { InputChange, InputRow } from './rows-import.js';
import type { Session } from './session.js';
import type { EnvironmentOptions, StatementOptions, ViewOptions } from './statement-options.js';
import type { TableResult } from './table-result.js';
import type { UserFunction } from './user-function.js';

export class TableEnvironment {
  readonly config: SessionConfig;
  readonly #data = new ExternalData();
  #session: Promise<Session> | null = null;

  private constructor({ engine, config = {} }: EnvironmentOptions) {
    this.config = new SessionConfig(config);
    if (engine !== undefined) this.config.set('millrace.engine', engine);
  }

  /** MR2004 and MR2008 for options that do not exist or have values of the wrong type. */
  static create(options: EnvironmentOptions = {}): TableEnvironment {
    return new TableEnvironment(options);
  }

  /** Runs one statement. A query's rows come from the result; an INSERT runs on its own. */
  async executeSql(sql: string, options: StatementOptions = {}): Promise<TableResult> {
    return (await this.session()).executeSql(sql, options);
  }

  /** The plans of a query or INSERT, and which engine runs each node. */
  async explainSql(sql: string): Promise<string> {
    return (await this.session()).explainSql(sql);
  }

  /**
   * Makes Arrow tables, or rows with a schema, readable under a name. Rows are read when a query
   * runs; every query reads them anew.
   */
  async createTemporaryView(
    name: string, rows: arrow.Table | readonly InputRow[], options: ViewOptions = {},
  ): Promise<void> {
    await (await this.session()).createTemporaryView(name, rows, options);
  }

  /**
   * Makes a scalar function written in TypeScript callable in SQL, by name in any case. A function
   * of the system of that name comes first, as in Flink. A calc that calls it runs on the
   * TypeScript engine, on this thread; EXPLAIN says so. MR2007 where the name is taken.
   */
  async createTemporaryFunction(name: string, definition: UserFunction): Promise<void> {
    (await this.session()).createTemporaryFunction(name, definition);
  }

  /** False where there was none. */
  async dropTemporaryFunction(name: string): Promise<boolean> {
    return (await this.session()).catalog.functions.drop(name);
  }

  /**
   * Registers rows, or changes with their kinds, for tables declared with
   * `'connector' = 'values', 'data-id' = ID`. Such a table may have computed columns, a watermark
   * and a key. Returns the id.
   */
  registerData(rows: readonly InputRow[] | readonly InputChange[], id?: string): string {
    return this.#data.register(async function* (read) {
      const { changeBatches } = await import('./provided-table.js');
      yield* changeBatches(read, rows);
    }, id);
  }

  /** What INSERTs have written into a table of the connector `values`, change by change. */
  async *collected(table: string): AsyncGenerator<Row> {
    yield* (await this.session()).collected(table);
  }

  /** What stands behind: its catalog and batches, for tools that print or compare. */
  session(): Promise<Session> {
    this.#session ??= import('./session.js')
      .then(({ Session }) => new Session(this.config, this.#data));
    return this.#session;
  }
}

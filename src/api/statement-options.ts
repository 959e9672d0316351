/** What a user may say when an environment is made and when a statement is run. */
export type EngineChoice = 'auto' | 'native' | 'fallback';

export interface EnvironmentOptions {
  /**
   * `auto`: each operator on the native engine where there is one. `native`, `fallback`: that
   * engine for every operator, or an error that names the one it lacks.
   */
  readonly engine?: EngineChoice;
  /** Session options, as SET takes them. */
  readonly config?: Readonly<Record<string, string>>;
}

export interface StatementOptions {
  /** Aborting cancels the job; whoever reads its rows gets the signal's reason. */
  readonly signal?: AbortSignal;
}

/** How TypeScript rows become a table. */
export interface ViewOptions {
  /** Columns as DDL text: `id BIGINT, name STRING`. Needed for rows, not for Arrow tables. */
  readonly schema?: string;
}

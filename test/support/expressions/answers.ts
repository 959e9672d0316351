/** What an expression gives over a sample table: from an engine here, and from the real Flink. */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { JsonPrinter } from '../../../src/cli/print/json.js';
import { TableEnvironment } from '../../../src/index.js';
import type { Flink, FlinkLine } from '../flink.js';
import { sampleTables, type SampleTable } from './sample-table.js';

export interface Question {
  readonly sql: string;
  readonly table: SampleTable;
}

/** Type and one value a row, or when it failed, with its code here or its classes in Flink. */
export type Answer =
  | { readonly type: string; readonly values: readonly unknown[] }
  | { readonly error: 'plan' | 'run' | 'internal' | 'unsupported'; readonly text: string };

export type EngineName = 'native' | 'fallback';

/** An engine with the sample tables. */
export class EngineHere {
  private constructor(private readonly env: TableEnvironment) {}

  static async open(engine: EngineName, folder: string, zone: string): Promise<EngineHere> {
    const env = TableEnvironment.create({ engine, config: { 'table.local-time-zone': zone } });
    for (const sql of sampleTables(folder)) await env.executeSql(sql);
    return new EngineHere(env);
  }

  async answer({ sql, table }: Question): Promise<Answer> {
    const lines: FlinkLine[] = [];
    const printer = new JsonPrinter(async (text) => {
      for (const line of text.split('\n')) {
        if (line !== '') lines.push(JSON.parse(line) as FlinkLine);
      }
    });
    try {
      await printer.result('', await this.env.executeSql(`SELECT ${sql} AS v FROM ${table}`));
    } catch (error) {
      return failureHere(error as Error);
    }
    const schema = lines.find((line) => 'schema' in line)?.['schema'] as string[][];
    return { type: schema[0]![1]!, values: rowsOf(lines).map((row) => row[0]) };
  }
}

const rowsOf = (lines: readonly FlinkLine[]): readonly (readonly unknown[])[] =>
  lines.flatMap((line) => ('op' in line ? [line['row'] as readonly unknown[]] : []));

function failureHere(error: Error): Answer {
  const text = error.message.split('\n', 1)[0] ?? '';
  if (/^MR(2100|2101|2102|2104) /.test(text)) return { error: 'unsupported', text };
  if (/^MR[12]/.test(text)) return { error: 'plan', text };
  return { error: /^MR[34]/.test(text) ? 'run' : 'internal', text };
}

const BATCH = 40;

/** Flink, asked many expressions in one query; a batch that fails is asked by halves. */
export class FlinkAnswers {
  private readonly known = new Map<string, Answer>();
  asked = 0;

  /** `cache`: a file that keeps answers from run to run. Without Flink there is nothing else. */
  constructor(
    private readonly flink: Flink | null, private readonly folder: string,
    private readonly zone: string, private readonly cache: string,
  ) {
    mkdirSync(dirname(cache), { recursive: true });
    if (!existsSync(cache)) return;
    for (const line of readFileSync(cache, 'utf8').split('\n').filter((text) => text !== '')) {
      const [key, answer] = JSON.parse(line) as [string, Answer];
      this.known.set(key, answer);
    }
  }

  /** All that Flink was asked before in this zone. */
  questions(): readonly Question[] {
    return [...this.known.keys()].flatMap((key) => {
      const [zone, table, ...sql] = key.split(' ');
      return zone === this.zone ? [{ sql: sql.join(' '), table: table as SampleTable }] : [];
    });
  }

  get({ sql, table }: Question): Answer | undefined {
    return this.known.get(this.key(sql, table));
  }

  /** Questions that are likely to fail go alone, so that they do not spoil a batch. */
  async ask(
    questions: readonly Question[], likelyToFail: (one: Question) => boolean,
  ): Promise<void> {
    if (this.flink === null) return;
    const open = questions.filter((one) => this.get(one) === undefined);
    for (const table of ['sample', 'extremes'] as const) {
      const ofTable = [...new Set(open.filter((one) => one.table === table))];
      const good = ofTable.filter((one) => !likelyToFail(one)).map(({ sql }) => sql);
      for (let i = 0; i < good.length; i += BATCH) {
        await this.batch(table, good.slice(i, i + BATCH));
      }
      for (const one of ofTable.filter(likelyToFail)) await this.batch(table, [one.sql]);
    }
  }

  private key(sql: string, table: SampleTable): string {
    return `${this.zone} ${table} ${sql}`;
  }

  private async batch(table: SampleTable, expressions: readonly string[]): Promise<void> {
    const list = expressions.map((sql, i) => `${sql} AS v${i}`).join(', ');
    const script = [`SET 'table.local-time-zone' = '${this.zone}'`, ...sampleTables(this.folder),
      `SELECT ${list} FROM ${table}`].join(';\n');
    const lines = await this.flink!.ask({ script });
    const failed = lines.find((line) => 'error' in line);
    if (failed !== undefined && expressions.length > 1) {
      const half = expressions.length >> 1;
      await this.batch(table, expressions.slice(0, half));
      await this.batch(table, expressions.slice(half));
      return;
    }
    const schema = lines.findLast((line) => 'schema' in line)?.['schema'] as string[][] | undefined;
    for (const [i, sql] of expressions.entries()) {
      this.keep(sql, table, failed !== undefined
        ? { error: schema === undefined ? 'plan' : 'run', text: causeOf(failed) }
        : { type: schema![i]![1]!, values: rowsOf(lines).map((row) => row[i]) });
    }
  }

  private keep(sql: string, table: SampleTable, answer: Answer): void {
    this.asked++;
    this.known.set(this.key(sql, table), answer);
    appendFileSync(this.cache, `${JSON.stringify([this.key(sql, table), answer])}\n`);
  }
}

/** The innermost cause that says something. */
function causeOf(line: FlinkLine): string {
  const causes = (line['causes'] as readonly string[]).map((text) => text.split('\n', 1)[0] ?? '');
  const own = `${String(line['class']).split('.').at(-1) ?? ''}: ` +
    (String(line['error']).split('\n', 1)[0] ?? '');
  return (causes.at(-1) ?? own).slice(0, 300);
}

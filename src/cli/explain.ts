/** `millrace explain`: runs a script's DDL, prints the plans of its queries and INSERTs. */
import { TableEnvironment } from '../api/table-environment.js';
import { EXIT_CODE, exitCodeOf } from './exit-code.js';
import { errorText } from './error-text.js';
import { endOnClosedPipe, writeStdout } from './print/stdout.js';
import type { RunOptions } from './run.js';
import { readScript, statementsOf, told } from './script.js';

type ExplainOptions = Pick<RunOptions, 'engine' | 'set'>;

export async function explainFile(file: string, options: ExplainOptions): Promise<number> {
  endOnClosedPipe();
  return told(() => explain(file, options));
}

async function explain(file: string, options: ExplainOptions): Promise<number> {
  const env = TableEnvironment.create({ engine: options.engine, config: options.set ?? {} });
  const script = readScript(file);
  for (const { statement: { kind }, text, position } of statementsOf(script, file)) {
    try {
      const planned = kind === 'query-statement' || kind === 'insert' || kind === 'statement-set';
      if (planned) await writeStdout(`${text};\n\n${await env.explainSql(text)}\n`);
      else if (kind !== 'explain') await (await env.executeSql(text)).await();
    } catch (error) {
      process.stderr.write(`${errorText(error, { file, script, statement: position })}\n`);
      return exitCodeOf(error);
    }
  }
  return EXIT_CODE.ok;
}

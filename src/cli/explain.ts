/** `millrace explain`: runs a script's DDL, prints the plans of its queries and INSERTs. */
import { TableEnvironment } from '../api/table-environment.js';
import { parseStatement } from '../sql/index.js';
import { EXIT_CODE, errorText, exitCodeOf } from './exit-code.js';
import { writeStdout } from './print/printer.js';
import { statementsOf, type RunOptions } from './run.js';

export async function explainFile(
  file: string, options: Pick<RunOptions, 'engine' | 'set'>,
): Promise<number> {
  const env = TableEnvironment.create({ engine: options.engine, config: options.set });
  try {
    for (const { text } of statementsOf(file)) {
      const { kind } = parseStatement(text);
      const planned = kind === 'query-statement' || kind === 'insert' || kind === 'statement-set';
      if (planned) await writeStdout(`${text};\n\n${await env.explainSql(text)}\n`);
      else if (kind !== 'explain') await (await env.executeSql(text)).await();
    }
    return EXIT_CODE.ok;
  } catch (error) {
    process.stderr.write(`${errorText(error)}\n`);
    return exitCodeOf(error);
  }
}

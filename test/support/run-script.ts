/** Runs a script on an engine, in this process, as `millrace run --format json` does. */
import { JsonPrinter } from '../../src/cli/print/json.js';
import { parseScript, TableEnvironment } from '../../src/index.js';
import { outcomesOf, type Line, type StatementOutcome } from './result-lines.js';

export async function runScript(
  script: string, engine: 'native' | 'fallback', config: Readonly<Record<string, string>> = {},
  env = TableEnvironment.create({ engine, config }),
): Promise<StatementOutcome[]> {
  const lines: Line[] = [];
  const printer = new JsonPrinter(async (text) => {
    for (const line of text.split('\n')) if (line !== '') lines.push(JSON.parse(line) as Line);
  });
  for (const { text } of await parseScript(script)) {
    try {
      await printer.result(text, await env.executeSql(text));
    } catch (error) {
      printer.failure({ statement: text, error });
    }
  }
  return outcomesOf(lines);
}

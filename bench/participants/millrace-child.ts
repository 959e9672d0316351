/** An engine of millrace, as built into dist/, as a participant. */
import { functionNamed } from '../nexmark/functions.js';
import { resultHash, TableEnvironment } from '../../src/index.js';
import { answerRequests, measure, type ChildAnswer, type ChildRequest } from './child.js';
import { timedStatements } from './participant.js';

/** A function of its own cuts the native engine's island: then `native` is a mixture. */
async function environment(
  engine: string, statements: readonly string[], functions: readonly string[] = [],
) {
  const native = functions.length === 0 ? 'native' : 'auto';
  const env = TableEnvironment.create({ engine: engine === 'fallback' ? 'fallback' : native });
  for (const name of functions) await env.createTemporaryFunction(name, functionNamed(name));
  for (const statement of statements) await (await env.executeSql(statement)).await();
  return env;
}

answerRequests(async ({ task, engine, query }: ChildRequest): Promise<ChildAnswer> => {
  if (task === 'verify') {
    const env = await environment(engine, query.setup, query.functions);
    return { outcome: await resultHash(await env.executeSql(query.checkSql ?? query.sql)) };
  }
  const statements = timedStatements(query);
  const env = await environment(engine, statements.slice(0, -1), query.functions);
  const measurement = await measure(async () => {
    await (await env.executeSql(statements.at(-1) ?? '')).await();
  });
  return { measurement };
});

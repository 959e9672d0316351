/** An engine of millrace, as built into dist/, as a participant. */
import { resultHash, TableEnvironment } from '../../src/index.js';
import { answerRequests, measure, type ChildAnswer, type ChildRequest } from './child.js';
import { timedStatements } from './participant.js';

async function environment(engine: string, statements: readonly string[]) {
  const env = TableEnvironment.create({ engine: engine === 'fallback' ? 'fallback' : 'native' });
  for (const statement of statements) await (await env.executeSql(statement)).await();
  return env;
}

answerRequests(async ({ task, engine, query }: ChildRequest): Promise<ChildAnswer> => {
  if (task === 'verify') {
    const env = await environment(engine, query.setup);
    return { outcome: await resultHash(await env.executeSql(query.checkSql ?? query.sql)) };
  }
  const statements = timedStatements(query);
  const env = await environment(engine, statements.slice(0, -1));
  const measurement = await measure(async () => {
    await (await env.executeSql(statements.at(-1) ?? '')).await();
  });
  return { measurement };
});

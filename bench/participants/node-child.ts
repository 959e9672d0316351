/** The hand-written Node handler as a participant; it has no result hash. */
import { NODE_HANDLERS } from '../nexmark/node-handler.js';
import { answerRequests, measure, type ChildAnswer, type ChildRequest } from './child.js';

answerRequests(async ({ task, query }: ChildRequest): Promise<ChildAnswer> => {
  const handler = NODE_HANDLERS[query.name];
  const path = query.inputPath;
  if (handler === undefined || path === null || !path.endsWith('.json')) {
    return { error: `no handler for ${query.name} from this input` };
  }
  if (task === 'verify') {
    const rows = await handler(path);
    return { outcome: { changes: rows, rows, hash: '' } };
  }
  const measurement = await measure(async () => {
    await handler(path);
  });
  return { measurement };
});

/** Measures what threads.ts asks for. */
import { measureScale } from './scale.js';
import type { ThreadRequest } from './threads.js';

process.on('message', (message) => {
  const { query, input, events, parallelism } = message as ThreadRequest;
  void measureScale(query, 'native', input, events, parallelism)
    .then((row) => process.send?.(row));
});

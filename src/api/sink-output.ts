/** What becomes of the batches that `print` and `values` sinks hand to TypeScript. */
import { rowTexts } from '../batch/format.js';
import type { Batch } from '../batch/batch.js';
import type { BoundOutput, ExternalData } from './external-data.js';

/** Reads an output to its end. */
export async function drainOutput(
  output: BoundOutput, batches: AsyncIterable<Batch>, data: ExternalData,
): Promise<void> {
  if (output.connector === 'print') await print(output, batches);
  else for await (const batch of batches) data.keep(output, batch);
}

/** Flink's form: `+I[1, a]`, behind the identifier if there is one. */
async function print(output: BoundOutput, batches: AsyncIterable<Batch>): Promise<void> {
  const stream = output.options['standard-error'] === 'true' ? process.stderr : process.stdout;
  const identifier = output.options['print-identifier'];
  const prefix = identifier === undefined || identifier === '' ? '' : `${identifier}> `;
  for await (const batch of batches) {
    let text = '';
    for (const row of rowTexts(batch)) text += `${prefix}${row}\n`;
    if (!stream.write(text)) await new Promise((resolve) => stream.once('drain', resolve));
  }
}

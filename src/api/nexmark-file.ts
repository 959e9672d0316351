/** Nexmark events into a file, made by the native engine where it is there. */
import { generateNexmark, type GenerateNexmarkOptions } from '../connectors/nexmark/generate.js';
import { nativeStatus } from '../native/load.js';
import { nativeNexmarkLines } from '../native/nexmark-lines.js';

/** The bytes are the same whichever engine makes them; errors as `generateNexmark`'s. */
export async function writeNexmarkFile(options: GenerateNexmarkOptions): Promise<void> {
  const { binding } = nativeStatus();
  await generateNexmark(options, binding === null ? undefined : nativeNexmarkLines(binding));
}

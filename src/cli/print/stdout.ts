/** Standard output that waits for its reader, and ends with it. */
import { EXIT_CODE } from '../exit-code.js';

/** Writes, and waits while there is no room. */
export async function writeStdout(text: string): Promise<void> {
  if (process.stdout.write(text)) return;
  await new Promise<void>((resolve) => process.stdout.once('drain', () => resolve()));
}

/** A reader that went away (`| head`) ends the process quietly. */
export function endOnClosedPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? EXIT_CODE.ok : EXIT_CODE.data);
  });
}

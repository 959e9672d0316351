/** The SQL file that a command is given, and what goes wrong before its first statement runs. */
import { readFileSync } from 'node:fs';
import { errorOf } from '../errors/index.js';
import { parseScript, type ScriptStatement } from '../sql/index.js';
import { errorText, inFile } from './error-text.js';
import { EXIT_CODE, exitCodeOf } from './exit-code.js';

/** Why a command ends before its first statement. */
class Refusal {
  constructor(readonly message: string, readonly exitCode: number) {}
}

/**
 * The text of a file; of standard input for `-`. A name on the command line that cannot be read is
 * the user's slip, not the world's fault.
 */
export function readScript(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    const { code, message: reason } = error as NodeJS.ErrnoException;
    const unreadable = code === 'ENOENT'
      ? errorOf('MR4001', { path: file })
      : errorOf('MR4002', { path: file, reason });
    throw new Refusal(unreadable.message, EXIT_CODE.user);
  }
}

/** The statements of a script; the error of a text that is none names the file. */
export function statementsOf(script: string, file: string): readonly ScriptStatement[] {
  try {
    return parseScript(script);
  } catch (error) {
    throw new Refusal(inFile(file, errorText(error)), exitCodeOf(error));
  }
}

/** Runs a command; its error is told, and gives the exit code of its class. */
export async function told(work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    const isRefusal = error instanceof Refusal;
    process.stderr.write(`${isRefusal ? error.message : errorText(error)}\n`);
    return isRefusal ? error.exitCode : exitCodeOf(error);
  }
}
